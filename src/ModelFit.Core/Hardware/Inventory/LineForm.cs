using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// A program that prints a fact a line. The groups of its patterns say what they find: of a card <c>card</c> (its
/// number), <c>name</c>, <c>total</c>, <c>unit</c> (of bare <c>used</c>), <c>hex</c> (bytes), <c>capped</c> (32 bits
/// of it), <c>heap</c> (one of several), <c>used</c>, <c>free</c>, <c>megabytes</c> (of a million bytes),
/// <c>driver</c>, <c>ids</c>, <c>vendor</c>, <c>device</c>, <c>bus</c>, <c>capability</c>, <c>target</c>, <c>uma</c>,
/// <c>backend</c>; of the machine <c>host</c>, <c>os</c>, <c>cpu</c>, <c>cores</c>, <c>threads</c>, <c>ram</c>,
/// <c>ramfree</c>; and <c>start</c> where the program began again.
/// </summary>
/// <param name="Name">The program, as the user knows it.</param>
/// <param name="LooksFor">What it is recognized by, for people.</param>
/// <param name="Mark">Words, between bars, without any of which no text is of this kind.</param>
/// <param name="Patterns">A pattern sees a line and the one below it.</param>
internal sealed record LineForm(string Name, string LooksFor, string Mark, params string[] Patterns)
{
    private static readonly string[] OfCard =
    {
        "total", "unit", "hex", "capped", "used", "free", "megabytes", "driver", "ids", "vendor", "device", "bus",
        "capability", "target", "uma", "backend",
    };

    private static readonly string[] OfMachine = { "host", "os", "cpu", "cores", "threads", "ram", "ramfree" };

    private static readonly Regex Behind = new(
        @"/.*$|\s{0,4}\((?:RADV|NVK|LLVM|DG2|BMG|ANV|Intel|NVIDIA_PROPRIETARY|AMD_OPEN_SOURCE)[^()]{0,60}" +
        @"\){0,2}\s{0,4}$");

    private readonly Regex[] _patterns =
        Patterns.Select(pattern => new Regex(pattern, RegexOptions.Multiline)).ToArray();

    private readonly bool _tellsStarts =
        Patterns.Any(pattern => pattern.IndexOf("(?<start>", StringComparison.Ordinal) >= 0);

    /// <summary>The unit of bare numbers.</summary>
    public string Unit { get; init; } = "MiB";

    /// <summary>Whose cards these are where no name says it; a text without one is not of this kind.</summary>
    public string? Vendor { get; init; }

    /// <summary>The row of this program.</summary>
    public InventoryFormat Format => new(Name, LooksFor, Recognizes, Read);

    private bool Recognizes(InventoryText text) => Fields.ContainsAny(text.Text, Mark.Split('|'))
        && Parse(text) is var found
        && (found.Cards.Count > 0 || (Vendor is null && found.Machine.ContainsKey("ram")));

    private IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var (machine, cards) = Parse(text);
        var detected = cards.Select(Card).ToList();
        // A device that two backends list is one: of each vendor those of its first one count.
        var counted = detected.Where((card, index) => Backend(cards[index]) == Backend(cards[
            detected.FindIndex(other => other.Facts.Vendor == card.Facts.Vendor)])).ToList();
        yield return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = machine.Text("host"),
                OperatingSystem = machine.Text("os"),
                Cpu = machine.Text("cpu"),
                CoreCount = Fields.PositiveInteger(machine.Text("cores")),
                LogicalProcessorCount = Fields.PositiveInteger(machine.Text("threads")),
                SystemMemoryBytes = Fields.PositiveBytes(machine.Text("ram"), Unit),
                SystemMemoryFreeBytes = Fields.Bytes(machine.Text("ramfree"), Unit),
                Source = Name,
            },
            counted.Count > 0 ? counted : null);
    }

    private static string? Backend(IReadOnlyDictionary<string, string> card) => card.Text("backend");

    /// <summary>The facts of the machine and of each card; the last start counts.</summary>
    private (Dictionary<string, string> Machine, List<Dictionary<string, string>> Cards) Parse(InventoryText text)
    {
        var machine = new Dictionary<string, string>();
        var cards = new List<Dictionary<string, string>>();
        var pending = new Dictionary<string, string>();
        var lines = text.Lines;
        var last = pending;
        for (var i = 0; i < lines.Count; i++)
        {
            var two = i + 1 < lines.Count ? $"{lines[i]}\n{lines[i + 1]}" : lines[i];
            foreach (var pattern in _patterns)
            {
                var match = pattern.Match(two);
                if (!match.Success || match.Index > lines[i].Length) continue;
                if (match.Groups["start"].Success)
                {
                    cards.Clear();
                    last = pending;
                }

                Take(match, OfMachine, machine);
                last = Of(match, cards, last);
                Take(match, OfCard, last);
                if (match.Groups["heap"] is { Success: true, Value: var heap })
                    last["heap"] = $"{last.Text("heap")} {heap}";
            }
        }

        foreach (var fact in pending)
        {
            foreach (var card in cards.Where(card => !card.ContainsKey(fact.Key))) card[fact.Key] = fact.Value;
        }

        return (machine, cards);
    }

    /// <summary>
    /// The card that a line is of: the one of its number and name, or of the line before; before the first, all. A
    /// program that tells neither numbers nor starts names a card again.
    /// </summary>
    private Dictionary<string, string> Of(
        Match match, List<Dictionary<string, string>> cards, Dictionary<string, string> last)
    {
        var (number, name) = (match.Groups["card"], Behind.Replace(match.Groups["name"].Value, string.Empty).Trim());
        if (name.Length == 0 && !number.Success) return last;
        var known = cards.Find(card => card["card"] == number.Value && (number.Success || !_tellsStarts)
            && (name.Length == 0 || card["name"].Length == 0 || card["name"] == name));
        if (known is null) cards.Add(known = new() { ["card"] = number.Value, ["name"] = name });
        if (name.Length > 0) known["name"] = name;
        return known;
    }

    private static void Take(Match match, IEnumerable<string> groups, Dictionary<string, string> facts)
    {
        foreach (var group in groups)
        {
            if (match.Groups[group] is { Success: true } found && found.Value.Trim().Length > 0)
                facts[group] = found.Value.Trim();
        }
    }

    private DetectedGpu Card(Dictionary<string, string> facts, int index)
    {
        var name = facts["name"];
        var heaps = (facts.Text("heap") ?? string.Empty).Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries)
            .Select(heap => Fields.PositiveBytes(heap, Unit)).ToList();
        // AMD's drivers part the memory of a card into heaps; what others show beside the largest is the same again.
        var total = Fields.PositiveBytes(facts.Text("total") ?? facts.Text("capped"), Unit)
            ?? (facts.Text("hex") is { } hex ? Convert.ToInt64(hex, 16)
                : AdapterKind.Vendor(null, name) is "AMD" ? heaps.Sum() : heaps.Max());
        total = Fields.Number(facts.Text("megabytes")) is { } megabytes ? (long)(megabytes * 1e6) : total;
        var free = Fields.Bytes(facts.Text("free"), Unit);
        var used = Fields.Bytes(facts.Text("used"), facts.Text("unit") ?? Unit)
            ?? (free <= total ? total - free : null);
        var target = facts.Text("target");
        var id = facts.Text("ids")?.Split(':') is { Length: 2 } ids ? PciId.Create(ids[0], ids[1])
            : PciId.Create(facts.Text("vendor") ?? AdapterKind.VendorId(Vendor), facts.Text("device"));
        var isApple = name.StartsWith("Apple", StringComparison.Ordinal);
        var card = FoundCard.Create(
            name, Name, Fields.Integer(facts["card"]) ?? index, total, used, free, facts.Text("driver"),
            facts.Text("bus"), id, AdapterKind.Vendor(id, name) ?? (target is null ? Vendor : "AMD"),
            isApple || facts.Text("uma") == "1" ? true : null);
        return card with
        {
            Facts = card.Facts with { GfxTarget = target, ComputeCapability = facts.Text("capability") },
            MemoryIsCapped = facts.ContainsKey("capped") && !facts.ContainsKey("total"),
        };
    }
}
