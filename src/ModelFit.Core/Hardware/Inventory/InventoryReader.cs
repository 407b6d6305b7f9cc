using System.Globalization;
using ModelFit.Common;

namespace ModelFit.Hardware.Inventory;

/// <summary>Machines from what others exported: the one entry to the inventory readers.</summary>
public static class InventoryReader
{
    /// <summary>
    /// The machines of a text, its format recognized by content. Throws <see cref="ErrorIds.UnknownInventory"/> saying
    /// what was looked for.
    /// </summary>
    /// <param name="text">The whole text.</param>
    /// <param name="origin">File or command it came from, for messages; null if unknown.</param>
    /// <param name="catalog">Joins cards with what is known of them, by PCI id first, by name second.</param>
    /// <param name="messages">Where assumptions and skipped parts are said.</param>
    /// <param name="failed">
    /// Takes the failure of one row or machine, and the others go on; without it the first failure is thrown.
    /// </param>
    /// <param name="options">How its numbers are written, and what ends the reading.</param>
    /// <param name="computer">The computer that the text came from; the name of a machine that tells none.</param>
    public static IEnumerable<MachineSpec> ReadText(
        string text,
        string? origin,
        IGpuLookup catalog,
        IMessageSink messages,
        Action<ModelFitException>? failed = null,
        string? computer = null,
        InventoryOptions? options = null)
    {
        var hosts = OfHosts(text, origin, catalog, messages, failed, options);
        if (hosts.Count(host => host.GpuCount is not null) > 1 || (hosts.Count > 0 && IsRun(text))) return hosts;
        // Of several prompts' hosts one alone told anything; a host that tells its memory may be around a container.
        computer ??= hosts.Count == 1 && text.IndexOf($"@{hosts[0].ComputerName}", StringComparison.Ordinal) >= 0
            ? hosts[0].ComputerName : null;
        var inventory = SlowText.Run(() => new InventoryText(text, options?.Stop ?? default), origin, null);
        var format = InventoryFormats.All.FirstOrDefault(known =>
                SlowText.Run(() => Recognizes(known, inventory, options), origin, inventory))
            ?? throw Unknown(inventory, origin);
        messages.Verbose($"{origin ?? "The text"} is read as {format.Name}.");
        var context = new ReadContext(origin, messages, failed ?? Throw, catalog)
        {
            Stop = options?.Stop ?? default,
            Culture = options?.Culture,
        };
        if (inventory is { JsonError: { } damage, Json.Count: > 0 })
            context.Failed(context.Damaged($"the JSON ends early or is damaged: {damage}"));
        var read = WithSystem(format, inventory, computer, context)
            .Where(HasFacts(inventory, context));
        var machines = read.Select(machine =>
            machine with { Facts = machine.Facts with { ComputerName = machine.Facts.ComputerName ?? computer } });
        return Complete(machines, context, catalog).Timed(origin, inventory);
    }

    /// <summary>Whether Ansible ran a command on hosts.</summary>
    private static bool IsRun(string text) => text.IndexOf(" | rc=", StringComparison.Ordinal) > 0;

    /// <summary>The machines that the hosts named in a text tell, each alone; empty if several are not named.</summary>
    private static IReadOnlyList<MachineSpec> OfHosts(
        string text,
        string? origin,
        IGpuLookup catalog,
        IMessageSink messages,
        Action<ModelFitException>? failed,
        InventoryOptions? options)
    {
        var parts = SlowText.Run(
            () => HostParts.Of(TerminalText.Plain(text), options?.Stop ?? default), origin, null);
        var machines = new List<MachineSpec>();
        foreach (var (host, told) in parts)
        {
            try
            {
                machines.AddRange(ReadText(told, origin, catalog, messages, null, host, options));
            }
            catch (ModelFitException error)
            {
                if (IsRun(text) && failed is not null) failed(error);
                else messages.Verbose($"{host}: {error.Message}");
            }
        }

        return machines;
    }

    /// <summary>Whether columns tell of hardware.</summary>
    public static bool IsRow(IReadOnlyDictionary<string, object?> cells) =>
        RowReader.HasHardware(new InventoryRow(cells, 1));

    /// <summary>
    /// The machines; where it is one alone, with the processor and the memory that other outputs in the same text tell.
    /// </summary>
    private static IEnumerable<DetectedMachine> WithSystem(
        InventoryFormat format, InventoryText text, string? computer, ReadContext context)
    {
        var messages = context.Messages;
        DetectedMachine? first = null;
        var count = 0;
        foreach (var machine in format.Read(text, context))
        {
            if (count == 1) yield return first!;
            if (count++ == 0) first = machine;
            else yield return machine;
        }

        if (count != 1) yield break;
        first = OtherTools.Add(
            first! with { Facts = UnixText.Add(first!.Facts, text, messages) }, format, text, context);
        yield return first with
        {
            Facts = first.Facts with { ComputerName = first.Facts.ComputerName ?? computer ?? text.Host },
        };
    }

    /// <summary>
    /// The machines of rows (of CSV, JSON, CIM or any objects), rows of one machine grouped. Parameters as of
    /// <see cref="ReadText"/>.
    /// </summary>
    public static IEnumerable<MachineSpec> ReadRows(
        IEnumerable<IReadOnlyDictionary<string, object?>> rows,
        string? origin,
        IGpuLookup catalog,
        IMessageSink messages,
        Action<ModelFitException>? failed = null,
        InventoryOptions? options = null)
    {
        var style = new NumberStyle(options?.Culture, false);
        var context = new ReadContext(origin, messages, failed ?? Throw, catalog)
        {
            Stop = options?.Stop ?? default,
            Culture = options?.Culture,
        };
        var inventory = rows.Select((cells, index) => new InventoryRow(cells, index + 1, style));
        return Complete(RowReader.Read(inventory, "rows", context), context, catalog).Timed(origin, null);
    }

    private static IEnumerable<MachineSpec> Complete(
        IEnumerable<DetectedMachine> machines, ReadContext context, IGpuLookup catalog)
    {
        var now = DateTime.UtcNow;
        return machines.Until(context.Stop).Where(machine => HasPossibleCards(machine, context)).Select(machine =>
            CardJoin.Complete(machine, catalog, context.Messages) with
            {
                CollectedAt = machine.Facts.CollectedAt ?? now,
            });
    }

    private static bool HasPossibleCards(DetectedMachine machine, ReadContext context)
    {
        if (machine.Gpus is not { Count: > CardText.MostCards and var count }) return true;
        var name = machine.Facts.ComputerName ?? "a machine";
        context.Failed(context.Damaged(FormattableString.Invariant(
            $"{name} has {count} cards; a machine has at most {CardText.MostCards}.")));
        return false;
    }

    private static bool Recognizes(InventoryFormat format, InventoryText text, InventoryOptions? options)
    {
        options?.Stop.ThrowIfCancellationRequested();
        return format.Recognizes(text);
    }

    /// <summary>Whether a machine tells anything that a question needs; one that does not is a failure.</summary>
    private static Func<DetectedMachine, bool> HasFacts(InventoryText text, ReadContext context) => machine =>
    {
        var facts = machine.Facts;
        if (machine.Gpus is not null || facts.SystemMemoryBytes is not null || facts.Cpu is not null
            || facts.CoreCount is not null || facts.LogicalProcessorCount is not null) return true;
        context.Failed(facts.ComputerName is not { } name ? Unknown(text, context.Origin) : context.Damaged(
            $"{name} tells neither a memory, a processor nor a GPU (columns such as Gpu, Graphics card, RAM).", name));
        return false;
    };

    private static ModelFitException Unknown(InventoryText text, string? origin)
    {
        var kinds = InventoryFormats.All.Count.ToString(CultureInfo.InvariantCulture);
        var problem = text.Text.Length == 0 ? "is empty" : "is not a known inventory";
        var json = text.JsonError is null ? string.Empty : $" It begins as JSON, but: {text.JsonError}";
        var refusal = SlowText.Run(() => ListText.Refusal(text), origin, text);
        var why = refusal is null ? string.Empty : $" It speaks of hardware, but {refusal}.";
        return new ModelFitException(
            ErrorIds.UnknownInventory,
            $"{origin ?? "The text"} {problem}.{json}{why} {kinds} kinds of text are read, for example the output of " +
            "nvidia-smi, lspci, lshw, dxdiag or systeminfo, and rows of CSV or JSON: docs/guide/inventories.md lists " +
            "them.",
            origin);
    }

    private static void Throw(ModelFitException error) => throw error;
}
