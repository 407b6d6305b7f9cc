using System.Text.RegularExpressions;
using Meaning = ModelFit.Hardware.Inventory.RowColumns.Meaning;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// One machine as lines of <c>RAM: 64 GB</c> or <c>hw.memsize: …</c>, as people, scripts and <c>sysctl</c> write
/// them: at least two of card, memory and processor.
/// </summary>
internal static class ListText
{
    private const int MaxLines = 2000;
    private const int MaxLine = 300;

    private static readonly Regex Pair = new(
        @"^[ \t>*•-]{0,40}(?:\[[ xX]\] )?(?:\*\*)?([^\s:=|,;""{}][^:=|,;""{}\t]{0,59}?)(?:\*\*)?" +
        @"[ \t]*(?::|=|\t)(?:\*\*)?[ \t]+(\S(?:.*\S)?)\s*$", RegexOptions.CultureInvariant);

    private static readonly Regex Title = new(
        @"^\s{0,4}(?:[=#*\[-]{1,80}\s{0,4}(?<title>[^\s=#*\[\]:|-][^=#*\[\]:|]{0,40}?)\s{0,4}[=*\]-]{0,80}:?" +
        @"|(?<title>[^\s:=|#*-][^:=|,;]{0,40}):)\s*$", RegexOptions.CultureInvariant);

    private static readonly Regex Dashed = new(
        @"^[ \t]{0,8}([^\s:=|-][^:=|-]{0,40}) - (\S.*)$", RegexOptions.CultureInvariant);

    /// <summary>A row of Markdown, or a line of CSV, that is a label and a value.</summary>
    private static readonly Regex Drawn = new(
        @"^\s{0,4}(?:\|\s{0,40}(?<label>[^|]{1,40}?)\s{0,40}\|\s{0,40}(?<value>[^|]{1,200}?)\s{0,40}\|.*" +
        @"|""?(?<label>[A-Za-z][^,;:=""]{1,40})""?[,;] ?""?(?<value>[^"",;]{1,200})""?)$",
        RegexOptions.CultureInvariant);

    /// <summary>Labels of a card that say little: its number, its vendor, that it is a name.</summary>
    private static readonly Regex Naming = new(
        @"^(?:(?:name|model|product name|device|device name|driver|description de la carte|nvidia|amd|intel|apple)" +
        @"|(?:gpu|device|cuda|card)[ :#]{0,2}(\d{1,2}))$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private static readonly Regex Sized = new(
        @"^(.{1,200}?)(?:,| \(|\s-)\s{0,4}(?:[A-Za-z][A-Za-z ]{0,20}[:=]\s{0,4})?" +
        @"(\d{1,7}(?:[.,]\d{1,3})? ?[KMGT]i?B)(?: (?:of )?V?RAM| GDDR\d\w?)?\s?\)?$", RegexOptions.CultureInvariant);

    /// <summary>A label and its value in bold together, several of them on a line.</summary>
    private static readonly Regex Bold = new(
        @"\*\*(?<label>[A-Za-z][^*:]{0,40}):\s{1,4}(?<value>[^*\s][^*]{0,200})\*\*", RegexOptions.CultureInvariant);

    /// <summary>A fact without a label: <c>- 32 GB RAM</c>, <c>- RTX 3060 (12GB VRAM)</c>.</summary>
    private static readonly Regex BareMemory = new(
        @"^\s{0,8}[*•-]?\s{0,4}(?<value>\d{1,4} ?GB)(?: (?:of )?(?:LP)?DDR\d\w?(?:-\d{4})?)?(?: (?:of )?RAM)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private static readonly Regex BareCard = new(
        @"^\s{0,8}[*•-]?\s{0,4}(?<value>[A-Za-z][\w .®()-]{3,60}?" +
        @"(?:\s{0,2}[,(]?\s{0,2}\d{1,3} ?GB(?: (?:of )?(?:V?RAM|GDDR\d\w?))?\s?\)?)?)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>What a program needs is no machine.</summary>
    private static readonly Regex Needs = new(
        @"\b(?:requirements?|minimum|recommended|prerequisites|mindestanforderungen|limits|requests|" +
        @"reservations|add to cart|buy now|in stock|free shipping)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>A value that speaks of cards, memory or processors in general.</summary>
    private static readonly Regex Talk = new(
        @"^any\b|\b(?:or|better|newer|higher|at least|support for|supports|added|adds|fix|fixe[ds]|faster|slower|" +
        @"reduced?|less|needed|required|enough|depends|ideally)\b|\d ?GB?\+",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>Headings of what can be bought, chosen, asked or released: no names of machines.</summary>
    private static readonly Regex Choice = new(
        @"[?$€£]|^\W?v?\d+\.\d|\b\d+B\b|\b(?:builds?|budget|tiers?|options?|plans?|profiles?|examples?|entry|mid|" +
        @"high|low|small|medium|large|basic|standard|premium|ultimate|best|cheap\w*|optimal|starter|good|better|run|" +
        @"running|for|need|models?|tested|supported|beginners?|enthusiast|inference|training|development|" +
        @"production)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private static readonly Regex Part = new(
        @"\b(?:cpu|gpus?|graphics|hardware|components?)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private static readonly Regex Heading = new(
        @"^#{1,6}\s{1,4}(?<title>\S.{0,60}?)[\s:#]{0,8}$", RegexOptions.CultureInvariant);

    /// <summary>Whether the lines tell two things that a machine is known by.</summary>
    public static bool Recognizes(InventoryText text) =>
        text.Json.Count == 0 && !IsOfNeeds(text.Lines) && !IsTalk(text.Lines) && Sections(text).Count < 2
            && Tells(Row(text.Lines, null, null));

    /// <summary>The one machine of the list.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) =>
        RowReader.Read(new[] { Row(text.Lines, null, context) }, "list", context);

    /// <summary>Whether headings have a machine each below them: at least two.</summary>
    public static bool RecognizesSections(InventoryText text) =>
        text.Json.Count == 0 && text.Contains("#") && !IsOfNeeds(text.Lines) && !IsTalk(text.Lines)
            && Sections(text) is { Count: > 1 } sections && !sections.Any(section => Choice.IsMatch(section.Title));

    /// <summary>The machines of the headings, which name them.</summary>
    public static IEnumerable<DetectedMachine> ReadSections(InventoryText text, ReadContext context) =>
        Sections(text).SelectMany(section => RowReader.Read(
            new[] { Row(section.Lines, section.Title, context) }, "list", context));

    /// <summary>
    /// Two headings with a memory and another fact each make the text such a list; then one fact is enough. Headings of
    /// one machine's parts have its memory once.
    /// </summary>
    private static IReadOnlyList<(string Title, List<string> Lines)> Sections(InventoryText text)
    {
        var sections = LabelText.Blocks(text.Lines.Take(MaxLines), line => Heading.IsMatch(line))
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
        var memory = Sizes(row, Meaning.SystemMemory);
        var told = new[]
        {
            cards, memory, RowProcessors.Name(row) is not null, Sizes(row, Meaning.GpuMemory),
            row.Has(Meaning.Computer), Sizes(row, Meaning.SystemMemoryFree),
        };
        return (cards || memory) && told.Count(fact => fact) > 1;
    }

    private static bool HasCards(InventoryRow row) =>
        row.Cells(Meaning.Gpu).Any(cell => AdapterKind.IsGpuName(cell.Text) || Apple.IsChip(cell.Text));

    private static bool Sizes(InventoryRow row, Meaning meaning) => row.Cells(meaning)
        .Any(cell => row.Style.Size(cell.Text, cell.Unit, CellSize.Bare.Bytes) >= 1 << 20);

    /// <summary>
    /// The first value of each label, that of a label which says nothing alone together with the title above it. A
    /// memory right below a card is the card's or the machine's: it is the machine's only where the processor was told
    /// before the card, or the card's own is known.
    /// </summary>
    private static InventoryRow Row(IEnumerable<string> text, string? name, ReadContext? context)
    {
        var lines = text.Take(MaxLines).Where(line => line.Length < MaxLine).ToList();
        var cells = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        if (name is not null) cells["ComputerName"] = name;
        Meaning? before = null;
        foreach (var (label, value) in Pairs(lines).Concat(Bare(lines)))
        {
            // A form that nobody filled in.
            if (value.IndexOf("e.g.", StringComparison.OrdinalIgnoreCase) >= 0) continue;
            var meaning = RowColumns.Find(label)?.Meaning;
            var isUnsure = meaning == Meaning.SystemMemory && before == Meaning.Gpu && !cells.ContainsKey("VRAM")
                && !cells.Keys.Any(key => RowColumns.Find(key)?.Meaning == Meaning.Cpu);
            before = meaning;
            // neofetch's Host is the model of the computer.
            var isModel = meaning == Meaning.Computer && value.IndexOf(' ') >= 0;
            if (meaning is null || isUnsure || isModel) continue;
            if (meaning == Meaning.Gpu) AddCard(cells, label, value);
            else if (!cells.ContainsKey(label)) cells[label] = value;
        }

        return new InventoryRow(cells, 1, context is null ? null : new NumberStyle(context.Culture, false));
    }

    /// <summary>A card, with the memory behind its name; it counts more than a word such as <c>cuda</c>.</summary>
    private static void AddCard(Dictionary<string, object?> cells, string label, string value)
    {
        var parts = value.Split(new[] { " | " }, StringSplitOptions.None);
        if (parts.Length > 1 && AdapterKind.IsGpuName(parts[0])) value = $"{parts[0]}, {parts[1]}";
        if (parts.Length > 1 && !Sized.IsMatch(value)) value = parts[0];
        var sized = Sized.Match(value);
        var name = sized.Success ? sized.Groups[1].Value : value;
        if (cells.TryGetValue(label, out var known)
            && (AdapterKind.IsGpuName(known as string) || !AdapterKind.IsGpuName(name))) return;
        // The same card under another label is no second one; under numbers it is.
        if (!char.IsDigit(label[label.Length - 1]) && cells.ContainsValue(name)) return;
        cells[label] = name;
        if (sized.Success && !cells.ContainsKey("VRAM")) cells["VRAM"] = sized.Groups[2].Value;
    }

    /// <summary>Labels and values; a title is a line of its own, or a label without a value.</summary>
    private static IEnumerable<(string Label, string Value)> Pairs(IEnumerable<string> lines)
    {
        string? title = null;
        var isBelow = false;
        foreach (var line in lines)
        {
            if (line.Trim().Length == 0) continue;
            if (Title.Match(line) is { Success: true } found)
            {
                title = found.Groups["title"].Value.Trim();
                isBelow = true;
            }
            else if (Bold.Matches(line) is { Count: > 0 } bold)
            {
                foreach (Match pair in bold)
                    yield return (Label(pair.Groups["label"].Value, pair.Groups["value"].Value, title),
                        pair.Groups["value"].Value.Trim());
            }
            else if (Drawn.Match(line) is { Success: true } drawn)
            {
                var label = drawn.Groups["label"].Value.TrimEnd(':', ' ');
                yield return (Label(label, drawn.Groups["value"].Value, null), drawn.Groups["value"].Value);
            }
            else if (Pair.Match(line) is { Success: true } pair)
            {
                isBelow = false;
                yield return (Label(pair.Groups[1].Value.Trim(), pair.Groups[2].Value, title), pair.Groups[2].Value);
            }
            else if (title is not null && Dashed.Match(line) is { Success: true } dashed)
            {
                isBelow = false;
                yield return ($"{title} {dashed.Groups[1].Value}", dashed.Groups[2].Value.Trim());
            }
            else if (isBelow)
            {
                isBelow = false;
                yield return (title!, line.Trim());
            }
        }
    }

    /// <summary>A memory and a card that stand alone, where the text has one of each.</summary>
    private static IEnumerable<(string Label, string Value)> Bare(IReadOnlyList<string> lines)
    {
        var memory = lines.Select(line => BareMemory.Match(line.TrimEnd())).Where(match => match.Success).ToList();
        if (memory.Count != 1) yield break;
        var cards = lines.Where(line => line.IndexOf(':') < 0).Select(line => BareCard.Match(line.TrimEnd()))
            .Where(match => match.Success && AdapterKind.IsGpuName(match.Groups["value"].Value)).ToList();
        if (cards.Count != 1) yield break;
        yield return ("GPU", cards[0].Groups["value"].Value);
        yield return ("RAM", memory[0].Groups["value"].Value);
    }

    /// <summary>Whether lines that look like YAML are Markdown: what a program needs, bold pairs.</summary>
    public static bool IsMarkdown(InventoryText text) =>
        text.Lines.Any(line => Bold.IsMatch(line)) || IsOfNeeds(text.Lines) || Sections(text).Count > 1;

    private static bool IsTalk(IEnumerable<string> lines) =>
        Pairs(lines.Take(MaxLines).Where(line => line.Length < MaxLine)).Any(pair => RowColumns.Find(pair.Label)
            is { Meaning: Meaning.Gpu or Meaning.SystemMemory or Meaning.Cpu } && Talk.IsMatch(pair.Value));

    /// <summary>Whether a line above others says that they are what a program needs: no machine.</summary>
    private static bool IsOfNeeds(IEnumerable<string> lines) => lines.Any(line => line.Length < 80
        && (line.TrimStart().StartsWith("#", StringComparison.Ordinal)
            || (line.IndexOf(':') < 0 && line.Trim().Split(' ').Length < 5)
            || line.TrimEnd(' ', '*', '\t').EndsWith(":", StringComparison.Ordinal)) && Needs.IsMatch(line));

    private static string Label(string label, string value, string? title)
    {
        if (RowColumns.Find(label) is { Meaning: not Meaning.Label }) return label;
        if (AdapterKind.IsGpuName(value) && Naming.Match(label) is { Success: true } named)
            return $"GPU {named.Groups[1].Value}".TrimEnd();
        return title is not null && RowColumns.Find(title) is not null ? $"{title} {label}" : label;
    }
}
