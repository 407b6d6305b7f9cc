using System.Threading;
using ModelFit.Catalog;
using ModelFit.Hardware;
using ModelFit.Hardware.Probes;
using ModelFit.Questions;

namespace ModelFit.Binding;

/// <summary>Makes the machines of a question out of what was said; each name is looked up once an invocation.</summary>
internal sealed class HardwareResolver
{
    private readonly Memo<(string Name, long? Memory), IReadOnlyList<GpuSpec>> _cards = new();
    private readonly Memo<string, MachineWords?> _words = new();
    private readonly Memo<(object, int?, long?, long?, bool), MachineSpec> _machines = new();
    private readonly Lazy<MachineSpec> _here;
    private readonly IMessageSink _messages;

    public HardwareResolver(IMessageSink messages, CancellationToken stopping)
    {
        _messages = messages;
        _here = new(() => LocalMachine.Probe(GpuCatalogLookup.Instance, messages, stopping));
    }

    /// <summary>
    /// The machine of a question with one count of cards. Throws <see cref="ErrorIds.MissingColumn"/> for a row
    /// without hardware, and what its names throw.
    /// </summary>
    public MachineSpec Resolve(QuestionInput input, MachineReference? reference, int? count, bool isRow)
    {
        if (input.Gpus is { Count: 1 } named && CardText.CountIn(named[0].ToString()) is { } number)
        {
            if (number > 0 && input.GpuMemory is null) throw NotNamed(number);
            return Resolve(input.Without(QuestionParts.Gpu), reference, count ?? number, isRow);
        }

        if (Apart(input) is { } apart)
        {
            var isBlank = apart.Input.Gpus is null;
            return MachineWords.Under(
                Resolve(apart.Input, reference, isBlank ? count ?? 0 : count, isRow && !isBlank), apart.Host);
        }

        if (reference is null && input.Gpus is { Count: 1 } gpus && gpus[0].Key is { } card)
        {
            var key = (card, count, input.GpuMemory, input.SystemMemory, input.IsRecounted);
            return Seen(_machines.Get(key, _ => Build(input, null, count, isRow)), input);
        }

        return Seen(Build(input, reference, count, isRow), input);
    }

    /// <summary>
    /// The input with its cards alone, and what their text says of the rest of the machine; null if it says no more.
    /// </summary>
    private (QuestionInput Input, MachineSpec Host)? Apart(QuestionInput input)
    {
        if (input.Gpus is not { } references) return null;
        var words = references
            .Select(reference => reference.Name is { } name ? _words.Get(name, MachineWords.Of) : null).ToArray();
        if (words.All(word => word is null)) return null;
        var cards = references
            .Select((reference, i) => words[i] is { } word ? new GpuReference(word.Cards) : reference)
            .Where(reference => !reference.IsBlank).ToArray();
        var rest = words.OfType<MachineWords>().Select(word => word.Rest).Aggregate(MachineWords.Under);
        var named = input.With(QuestionParts.Gpu, cards.Length == 0 ? null : cards);
        return (named.With(QuestionParts.SystemMemory, input.SystemMemory ?? rest.SystemMemoryBytes), rest);
    }

    /// <summary>The machine with what else the input says of it.</summary>
    private static MachineSpec Seen(MachineSpec machine, QuestionInput input)
    {
        if (input.Again is { } again) machine = again.Seen(machine);
        if (input.MemoryBandwidth is { } bandwidth) machine = machine with { MemoryBandwidth = bandwidth };
        return input.ComputerName is { } computer && machine.ComputerName is null
            ? machine with { ComputerName = computer }
            : machine;
    }

    private MachineSpec Build(QuestionInput input, MachineReference? reference, int? count, bool isRow)
    {
        var machine = reference is not null ? OfReference(reference) : Here(input, count, isRow) ?? new MachineSpec();
        if (count is { } counted) CardText.Check(counted, "The question has", _messages);
        var cards = Cards(input, machine, count);
        if (cards?.Count > CardText.MostCards) CardText.Check(cards.Count, "The question has", _messages);
        if (count is { } total) cards = Counted(cards ?? Array.Empty<GpuSpec>(), total, input.IsRecounted);
        if (cards is not null && (machine.GpuCount is null || !ReferenceEquals(cards, machine.Gpus)))
            machine = machine.WithGpus(cards, GpuCatalogLookup.Instance);
        if (machine.GpuCount is null && machine.Gpus.Length == 0) throw Missing();
        return (input.SystemMemory ?? MemoryOfSystem(input)) is { } memory
            ? machine with { SystemMemoryBytes = memory, SystemMemoryFreeBytes = null }
            : machine;
    }

    /// <summary>System memory of a machine that is named by its type (<c>g5.12xlarge</c>) where cards are.</summary>
    private static long? MemoryOfSystem(QuestionInput input) =>
        input.Gpus is { Count: 1 } one && one[0].Name is { } name ? KnownSystems.Find(name)?.SystemMemoryBytes : null;

    private MachineSpec? Here(QuestionInput input, int? count, bool isRow)
    {
        if (input.Gpus is not null || input.GpuMemory is not null || count == 0) return null;
        if (isRow) throw Missing();
        _messages.Verbose("No hardware was specified: this machine is used.");
        return _here.Value;
    }

    private IReadOnlyList<GpuSpec>? Cards(QuestionInput input, MachineSpec machine, int? count)
    {
        if (input.Gpus is { } references)
            return references.SelectMany(reference => OfReference(reference, input.GpuMemory)).ToArray();
        if (machine.Gpus.Length > 0) return WithMemory(machine.Gpus, input.GpuMemory);
        if (input.GpuMemory is { } memory) return new[] { GpuCatalog.Unnamed(memory) };
        return count == 0 ? Array.Empty<GpuSpec>() : null;
    }

    private IReadOnlyList<GpuSpec> OfReference(GpuReference reference, long? memory)
    {
        if (reference.IsBlank)
            throw new ModelFitException(ErrorIds.EmptyArgument, "The name of a GPU is empty.");
        if (TypeNames.Is<GpuSpec>(reference.Value))
            return WithMemory(new[] { Rehydration.Gpu(reference.Value) }, memory);
        var name = ArgumentText.Text(reference.Value)!;
        return _cards.Get(
            (name, memory), key => WithMemory(GpuCatalog.ResolveMany(key.Name, key.Memory, _messages), key.Memory));
    }

    private MachineSpec OfReference(MachineReference reference)
    {
        if (TypeNames.Is<MachineSpec>(reference.Value)) return Rehydration.Machine(reference.Value, _messages);
        if (reference.Name is { } name && IsHere(name)) return _here.Value;
        if (reference.Name is { } known && KnownMachines.Find(known, _messages) is { } system) return system;
        throw new ModelFitException(
            ErrorIds.InvalidArgument,
            $"'{reference}' is not a machine: use an object of Get-MachineSpec or ConvertTo-MachineSpec, "
                + "or a cloud's instance type.",
            reference.Value);
    }

    private static bool IsHere(string name) =>
        name is "." or "localhost" || name.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase);

    private static IReadOnlyList<GpuSpec> WithMemory(IReadOnlyList<GpuSpec> cards, long? memory) =>
        memory is null || cards.All(card => card.MemoryBytes == memory)
            ? cards
            : cards.Select(card => card with
            {
                MemoryBytes = memory, MemoryFreeBytes = null, MemoryUsedBytes = null, MemoryReservedBytes = null,
            }).ToArray();

    private static IReadOnlyList<GpuSpec> Counted(IReadOnlyList<GpuSpec> cards, int count, bool isRecounted)
    {
        if (cards.Count == count) return cards;
        if (cards.Count == 1 && count > 0) return Enumerable.Repeat(cards[0], count).ToArray();
        if (isRecounted && cards.All(card => card.Name == cards[0].Name && card.MemoryBytes == cards[0].MemoryBytes))
            return Enumerable.Range(0, count).Select(index => cards[index % cards.Count]).ToArray();
        throw new ModelFitException(
            ErrorIds.GpuCountMismatch,
            $"The count is {count}, but {cards.Count} cards are named. The count is the number of all cards.",
            count);
    }

    private static ModelFitException NotNamed(int count) => new(
        ErrorIds.MissingColumn, FailureKind.InvalidArgument,
        $"'{count}' is a number of cards: name the card too ({count}x RTX 3090), or specify its memory (-GpuMemory).",
        count);

    private static ModelFitException Missing() => new(
        ErrorIds.MissingColumn,
        "no hardware: the column Gpu, or GpuMemory, or GpuCount with 0 for none, is missing or blank.");
}
