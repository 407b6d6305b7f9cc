using System.Globalization;
using System.Text.RegularExpressions;
using ModelFit.Hardware;

namespace ModelFit.Catalog;

/// <summary>
/// A machine as people type it where its cards are asked for: <c>2x RTX 3090, Ryzen 9 7950X, 64 GB DDR5-6000</c>.
/// </summary>
/// <param name="Cards">The text without the rest of the machine; blank if it names no card.</param>
/// <param name="Rest">System memory with its type and speed, and processor, as far as the text says them.</param>
internal sealed record MachineWords(string Cards, MachineSpec Rest)
{
    /// <summary>More characters than people type for a machine.</summary>
    private const int Longest = 300;

    private const string Marks = @"[,;|&+/\n(]|\b(?:with|and|w/)(?=\s)";

    private static readonly Regex Memory = new(
        @"(?<mark>^|\s*(?:" + Marks + @")\s*|\s+)(?<size>\d[\d.]{0,8} ?[GT]i?B) (?:(?:of|total|ECC|registered) )*" +
        @"(?:(?:system |host |main |unified )?RAM|(?:system|host|main|unified) memory" +
        @"|(?<type>(?:LP)?DDR\dX?)(?:[- ](?<speed>\d{4,5})(?: ?MT/s| ?MHz)?)?" +
        @"(?: ECC| REG| RDIMM| UDIMM| RAM| memory)*)(?![\w-])\)?",
        RegexOptions.IgnoreCase);

    private static readonly Regex Mark = new(@"[,;|\n]|\s\+\s");

    /// <summary>A processor and what it has inside, which is one name.</summary>
    private static readonly Regex Beside = new(@"\s(?:with|w/)\s", RegexOptions.IgnoreCase);

    private static readonly Regex NoCard = new(
        @"^(?:(?:no|without)(?: a| any)? (?:(?:dedicated|discrete) )?(?:gpu|graphics(?: card)?)|cpu[ -]only)$",
        RegexOptions.IgnoreCase);

    /// <summary>Reads a text; null if it says cards alone.</summary>
    public static MachineWords? Of(string text)
    {
        if (text.Length > Longest) return null;
        var rest = new MachineSpec();
        var cards = text;
        if (Memory.Match(text) is { Success: true } memory)
        {
            if (!SizeText.TryParse(memory.Groups["size"].Value, out var bytes)) return null;
            cards = Joined(text.Substring(0, memory.Index), text.Substring(memory.Index + memory.Length));
            var isStated = memory.Index == 0 || memory.Groups["mark"].Value.Trim().Length > 0;
            if (GpuResolver.All(cards).Any(card => IsOwn(card, bytes, isStated)))
                cards += " " + memory.Groups["size"].Value;
            else rest = WithMemory(bytes, memory.Groups["type"].Value, memory.Groups["speed"].Value);
        }

        var parts = Mark.Split(cards).Select(part => part.Trim()).Where(part => part.Length > 0).ToList();
        var absent = parts.Where(part => NoCard.IsMatch(part)).ToList();
        var processors = parts.Except(absent).Where(IsProcessor).ToList();
        // Beside a card, and where none is, it is the processor that is meant, not what is inside it.
        if (absent.Count == 0 && processors.Count == parts.Count) processors.RemoveAll(HasCard);
        // A processor alone is no machine: it is a slip for a card.
        var isPlain = processors.Count == 0 || processors.Count == parts.Count;
        if (cards == text && absent.Count == 0 && isPlain) return null;
        if (processors.Count > 0) rest = rest with { Cpu = processors[processors.Count - 1] };
        if (absent.Count + processors.Count > 0)
            cards = string.Join(", ", parts.Where(part => !absent.Contains(part) && !processors.Contains(part)));
        return new MachineWords(cards, rest);
    }

    /// <summary>A machine with what is said here where nothing else says it.</summary>
    public static MachineSpec Under(MachineSpec machine, MachineSpec rest) => machine with
    {
        SystemMemoryBytes = machine.SystemMemoryBytes ?? rest.SystemMemoryBytes,
        Cpu = machine.Cpu ?? rest.Cpu,
        MemoryType = machine.MemoryType ?? rest.MemoryType,
        MemorySpeed = machine.MemorySpeed ?? rest.MemorySpeed,
    };

    /// <summary>
    /// Whether a size behind the name of a card is the card's own: that of a chip which shares it, or the memory that
    /// the card has where nothing stands between.
    /// </summary>
    private static bool IsOwn(GpuSpec card, long bytes, bool isStated) =>
        card.IsUnifiedMemory == true || (!isStated && card.MemoryBytes is { } own && own >> 30 == bytes >> 30);

    /// <summary>Whether a part names a processor, and not what is inside it.</summary>
    private static bool IsProcessor(string part) => AdapterKind.IsProcessorName(part) && !Beside.IsMatch(part);

    private static bool HasCard(string processor) =>
        GpuResolver.TryResolve(processor, null, NullSink.Instance, out _) is not null;

    private static string Joined(string before, string behind) =>
        (before + " " + behind).Trim().TrimStart(' ', ',', ';', '|', '+', '&', '/');

    private static MachineSpec WithMemory(long bytes, string type, string speed) => new()
    {
        SystemMemoryBytes = bytes,
        MemoryType = type.Length == 0 ? null : type.ToUpperInvariant(),
        MemorySpeed = speed.Length == 0 ? null : int.Parse(speed, CultureInfo.InvariantCulture),
    };
}
