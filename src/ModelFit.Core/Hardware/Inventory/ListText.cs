using System.Text.RegularExpressions;
using Meaning = ModelFit.Hardware.Inventory.RowColumns.Meaning;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// One machine as lines of <c>RAM: 64 GB</c> or <c>hw.memsize: …</c>, as people, scripts and <c>sysctl</c> write them,
/// or several below a heading each. A list states what a machine has if at least two of card, memory and processor
/// are told, each value is a fact alone (<see cref="FactText"/>), memory and processor are told once, and no line above
/// asks for it or offers it.
/// </summary>
internal static class ListText
{
    /// <summary>Routers and consoles have less.</summary>
    private const long LeastOfComputer = 512L << 20;

    private static readonly Regex Sized = new(
        @"^(.{1,200}?)(?:(?:,| \(|\s-)\s{0,4}(?:with )?(?:[A-Za-z][A-Za-z ]{0,20}[:=]\s{0,4})?" +
        @"(?<size>\d{1,7}(?:[.,]\d{1,3})? ?[KMGT]i?B)(?: (?:of )?V?RAM| GDDR\d\w?)?\s?\)?" +
        @"| (?<size>\d{1,3} ?GB) VRAM)$");

    /// <summary>The ids of a device and what follows them: its name ends there.</summary>
    private static readonly Regex Ids = new(@"\s?\[0x[0-9A-Fa-f]{4}:0x[0-9A-Fa-f]{4}\].{0,120}$");

    private static readonly Regex Part = new(
        @"\b(?:cpu|gpus?|graphics|hardware|components?)\b", RegexOptions.IgnoreCase);

    private static readonly Regex Heading = new(@"^#{1,6}\s{1,4}(?<title>\S.{0,60}?)[\s:#]{0,8}$");

    /// <summary>Whether the lines state two things that one machine is known by.</summary>
    public static bool Recognizes(InventoryText text) => text.Json.Count == 0
        && Sections(text).Count < 2 && Tells(Row(Lines(text), null, null)) && Refusal(text) is null;

    /// <summary>The one machine of the list.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) =>
        RowReader.Read(new[] { Row(Lines(text), null, context) }, "list", context);

    /// <summary>Whether headings that name computers have a machine each below them: at least two.</summary>
    public static bool RecognizesSections(InventoryText text) => text.Json.Count == 0
        && Sections(text).Count > 1 && Refusal(text) is null;

    /// <summary>The machines of the headings, which name them.</summary>
    public static IEnumerable<DetectedMachine> ReadSections(InventoryText text, ReadContext context) =>
        Sections(text).SelectMany(section => RowReader.Read(
            new[] { Row(section.Lines, section.Title, context) }, "list", context));

    /// <summary>Whether lines that look like YAML are a list for people: bold pairs, headings with machines.</summary>
    public static bool IsMarkdown(InventoryText text) => text.Lines.Any(ListLines.IsBold)
        || ListTitles.IsAsked(text.Lines) || Sections(text).Count > 1;

    /// <summary>
    /// Why lines that speak of hardware do not state what a machine has; null if they do, or do not speak of it.
    /// </summary>
    public static string? Refusal(InventoryText text)
    {
        if (text.Json.Count > 0) return null;
        var lines = Lines(text);
        var sections = Sections(text);
        if (sections.Count < 2 && !Tells(Row(lines, null, null))) return null;
        if (ListTitles.IsAsked(text.Lines)) return "a line above says that it is asked for, not what a machine has";
        if (ListTitles.HasPrice(text.Lines)) return "it has prices: an offer, not a machine";
        return sections.Count > 1
            ? sections.Where(section => !ListTitles.NamesComputer(section.Title))
                .Select(section => $"the heading '{section.Title}' names no computer").FirstOrDefault()
                ?? sections.Select(section => Talk(section.Lines)).FirstOrDefault(reason => reason is not null)
            : Talk(lines);
    }

    /// <summary>The first part whose value is no fact, or that is told twice; null if there is none.</summary>
    private static string? Talk(IReadOnlyList<string> lines)
    {
        if (lines.FirstOrDefault(ListLines.IsChoice) is { } choice)
            return $"'{choice.Trim()}' has more than one value";
        var told = new Dictionary<Meaning, string>();
        foreach (var (label, value) in ListLines.Pairs(lines))
        {
            if (RowColumns.Find(label)?.Meaning is not { } meaning) continue;
            if (meaning is not (Meaning.Gpu or Meaning.GpuMemory or Meaning.SystemMemory or Meaning.Cpu)) continue;
            if (!FactText.SpeaksOfHardware(value) || IsForm(value)) continue;
            if (!FactText.IsFact(Stated(value, meaning))) return $"'{label}: {value}' says more than a fact";
            if (meaning is not (Meaning.SystemMemory or Meaning.Cpu)) continue;
            if (!told.TryGetValue(meaning, out var before)) told[meaning] = value;
            else if (!Same(before, value, meaning))
                return $"'{label}' is told twice, '{before}' and '{value}': machines of one text need a heading each";
        }

        return null;
    }

    /// <summary>What of a value states: a processor before its clock, a card before its other figures.</summary>
    private static string Stated(string value, Meaning meaning) => meaning switch
    {
        Meaning.Cpu => value.Split('@')[0],
        Meaning.SystemMemory => value.Split(';')[0],
        Meaning.Gpu => value.Split(new[] { " | " }, StringSplitOptions.None)[0],
        _ => value,
    };

    /// <summary>Whether two values can be of one machine: memory as sold and as measured, one processor.</summary>
    private static bool Same(string one, string other, Meaning meaning)
    {
        if (meaning == Meaning.Cpu) return !AdapterKind.IsProcessorName(one) || !AdapterKind.IsProcessorName(other)
            || one.IndexOf(other, StringComparison.OrdinalIgnoreCase) >= 0
            || other.IndexOf(one, StringComparison.OrdinalIgnoreCase) >= 0;
        var (first, second) = (Size(one), Size(other));
        return first is null || second is null || Math.Abs(first.Value - second.Value) * 8 <= first.Value;
    }

    private static long? Size(string value) => NumberStyle.Invariant.Size(value, null, CellSize.Bare.Bytes);

    /// <summary>Whether nobody filled the form in.</summary>
    private static bool IsForm(string value) => value.IndexOf("e.g.", StringComparison.OrdinalIgnoreCase) >= 0;

    private static IReadOnlyList<string> Lines(InventoryText text) =>
        text.Lines.Take(ListLines.Most).Where(line => line.Length < ListLines.Longest).ToList();

    /// <summary>
    /// Two headings with a memory and another fact each make the text such a list; then one fact is enough. Headings of
    /// one machine's parts have its memory once.
    /// </summary>
    private static IReadOnlyList<(string Title, List<string> Lines)> Sections(InventoryText text)
    {
        if (!text.Contains("#")) return Array.Empty<(string Title, List<string> Lines)>();
        var sections = LabelText.Blocks(Lines(text), line => Heading.IsMatch(line))
            .Select(block => (Title: Heading.Match(block[0]).Groups["title"].Value, Lines: block.Skip(1).ToList()))
            .Select(section => (section.Title, section.Lines, Row: Row(section.Lines, null, null))).ToList();
        return sections.Count(section => Tells(section.Row) && Sizes(section.Row, Meaning.SystemMemory)) < 2
            ? Array.Empty<(string Title, List<string> Lines)>()
            : sections.Where(section => Sizes(section.Row, Meaning.SystemMemory)
                    || (HasCards(section.Row) && !Part.IsMatch(section.Title)))
                .Select(section => (section.Title, section.Lines)).ToList();
    }

    /// <summary>Whether two things are told that a machine is known by.</summary>
    private static bool Tells(InventoryRow row)
    {
        var cards = HasCards(row);
        var memory = Sizes(row, Meaning.SystemMemory, LeastOfComputer);
        var told = new[]
        {
            cards, memory, RowProcessors.Name(row) is not null, Sizes(row, Meaning.GpuMemory),
            row.Has(Meaning.Computer), Sizes(row, Meaning.SystemMemoryFree),
        };
        return (cards || memory) && told.Count(fact => fact) > 1;
    }

    private static bool HasCards(InventoryRow row) =>
        row.Cells(Meaning.Gpu).Any(cell => AdapterKind.IsGpuName(cell.Text) || Apple.IsChip(cell.Text));

    private static bool Sizes(InventoryRow row, Meaning meaning, long least = 1 << 20) => row.Cells(meaning)
        .Any(cell => row.Style.Size(cell.Text, cell.Unit, CellSize.Bare.Bytes) >= least);

    /// <summary>
    /// The first value of each label, that of a label which says nothing alone together with the title above it. A
    /// memory right below a card is the card's or the machine's: it is the machine's only where the processor was told
    /// before the card, or the card's own is known.
    /// </summary>
    private static InventoryRow Row(IReadOnlyList<string> lines, string? name, ReadContext? context)
    {
        var cells = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        if (name is not null) cells["ComputerName"] = ListTitles.Name(name);
        Meaning? before = null;
        foreach (var (label, value) in ListLines.Pairs(lines).Concat(ListLines.Bare(lines)))
        {
            if (IsForm(value)) continue;
            var meaning = RowColumns.Find(label)?.Meaning;
            var isUnsure = meaning == Meaning.SystemMemory && before == Meaning.Gpu && !cells.ContainsKey("VRAM")
                && !cells.Keys.Any(key => RowColumns.Find(key)?.Meaning == Meaning.Cpu);
            var isNext = meaning == Meaning.Gpu && before == Meaning.Gpu;
            before = meaning;
            // neofetch's Host is the model of the computer, and a name in a list may be that of anything.
            var isOther = (meaning == Meaning.Computer && value.IndexOf(' ') >= 0)
                || (meaning == Meaning.Label && !ListTitles.IsHostName(value))
                || (meaning == Meaning.GpuMemory && FactText.Sizes(value) > 1);
            if (meaning is null || isUnsure || isOther) continue;
            if (meaning == Meaning.Gpu) AddCard(cells, label, value, isNext);
            else if (!cells.ContainsKey(label)) cells[label] = value;
        }

        return new InventoryRow(cells, 1, context is null ? null : new NumberStyle(context.Culture, false));
    }

    /// <summary>
    /// A card, with the memory behind its name; it counts more than a word such as <c>cuda</c>. Right below a card of
    /// the same label it is the next one; elsewhere it is the same again.
    /// </summary>
    private static void AddCard(Dictionary<string, object?> cells, string label, string value, bool isNext)
    {
        value = Ids.Replace(value, string.Empty);
        var parts = value.Split(new[] { " | " }, StringSplitOptions.None);
        if (parts.Length > 1 && AdapterKind.IsGpuName(parts[0])) value = $"{parts[0]}, {parts[1]}";
        if (parts.Length > 1 && !Sized.IsMatch(value)) value = parts[0];
        var sized = Sized.Match(value);
        var name = sized.Success ? sized.Groups[1].Value : value;
        if (cells.TryGetValue(label, out var known) && AdapterKind.IsGpuName(known as string))
        {
            if (!isNext || !AdapterKind.IsGpuName(name)) return;
            label = $"{label} {cells.Count}";
        }
        else if (known is not null && !AdapterKind.IsGpuName(name))
        {
            return;
        }
        else if (!char.IsDigit(label[label.Length - 1]) && cells.ContainsValue(name))
        {
            return;
        }

        cells[label] = name;
        if (sized.Success && !cells.ContainsKey("VRAM")) cells["VRAM"] = sized.Groups["size"].Value;
    }
}
