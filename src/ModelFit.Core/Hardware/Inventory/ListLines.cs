using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Labels and values of a text's lines: <c>- **RAM**: 64 GB</c>, <c>RAM = 64 GB</c>, <c>CPU - i7-12700</c>, a row of
/// two columns, a value below its label. A label that says nothing alone has the title above it before it.
/// </summary>
internal static class ListLines
{
    /// <summary>More lines than any list has.</summary>
    public const int Most = 2000;

    /// <summary>More characters than any line of a list has.</summary>
    public const int Longest = 300;

    private static readonly Regex Pair = new(
        @"^[ \t>*•-]{0,40}(?:\[[ xX]\] )?(?:\*\*)?([^\s:=|,;""{}][^:=|,;""{}\t]{0,59}?)(?:\*\*)?" +
        @"[ \t]*(?::|=|\t|：)(?:\*\*)?[ \t]*(?<=[\s：])(\S(?:.*\S)?)\s*$");

    private static readonly Regex Title = new(
        @"^\s{0,4}(?:[=#*\[-]{1,80}\s{0,4}(?<title>[^\s=#*\[\]:|-][^=#*\[\]:|]{0,40}?)\s{0,4}[=*\]-]{0,80}:?" +
        @"|(?<title>[^\s:=|#*-][^:=|,;]{0,40}):)\s*$");

    private static readonly Regex Dashed = new(@"^[ \t]{0,8}(?<item>[*•-] )?([^\s:=|-][^:=|-]{0,40}) [–-] (\S.*)$");

    private static readonly Regex Item = new(@"^\s{0,8}[*•-] (\S.*)$");

    /// <summary>A row of Markdown, or a line of CSV, that is a label and a value.</summary>
    private static readonly Regex Drawn = new(
        @"^\s{0,4}(?:\|\s{0,40}(?<label>[^|]{1,40}?)\s{0,40}\|\s{0,40}(?<value>[^|]{1,200}?)\s{0,40}\|.*" +
        @"|(?<label>[^|:=]{1,40}?) \| (?<value>[^|]{1,200})" +
        @"|""?(?<label>[A-Za-z][^,;:=""]{1,40})""?[,;] ?""?(?<value>[^"",;]{1,200})""?)$");

    /// <summary>A label and its value in bold together, several of them on a line.</summary>
    private static readonly Regex Bold = new(
        @"\*\*(?<label>[A-Za-z][^*:]{0,40}):\s{1,4}(?<value>[^*\s][^*]{0,200})\*\*");

    /// <summary>A fact without a label: <c>- 32 GB RAM</c>, <c>- RTX 3060 (12GB VRAM)</c>.</summary>
    private static readonly Regex BareMemory = new(
        @"^\s{0,8}[*•-]?\s{0,4}(?<value>\d{1,4} ?GB)(?: (?:of )?(?:LP)?DDR\d\w?(?:-\d{4})?)?(?: (?:of )?RAM)$",
        RegexOptions.IgnoreCase);

    private static readonly Regex BareName = new(
        @"^\s{0,8}[*•-]?\s{0,4}(?<value>[A-Za-z][\w .®@()-]{3,60}?" +
        @"(?:\s{0,2}[,(]?\s{0,2}\d{1,3} ?GB(?: (?:of )?(?:V?RAM|GDDR\d\w?))?\s?\)?)?)$",
        RegexOptions.IgnoreCase);

    /// <summary>Labels of a card that say little: its number, its vendor, that it is a name.</summary>
    private static readonly Regex Naming = new(
        @"^(?:(?:name|model|product name|device|device name|driver|description de la carte|nvidia|amd|intel|apple)" +
        @"|(?:gpu|device|cuda|card)[ :#]{0,2}(\d{1,2}))$",
        RegexOptions.IgnoreCase);

    private static readonly Regex Driver = new(
        @"^(?:(?:nvidia|amd|intel|graphics|video|gpu) )?drivers?(?: version)?$",
        RegexOptions.IgnoreCase);

    private static readonly Regex Version = new(@"^\d{2,4}(?:\.\d{1,6}){1,3}$");

    /// <summary>Whether a line has bold pairs of a label and its value: such lines are no YAML.</summary>
    public static bool IsBold(string line) => Bold.IsMatch(line);

    /// <summary>Whether a row of Markdown gives a part several values: two programs, machines or choices.</summary>
    public static bool IsChoice(string line) => line.TrimStart().StartsWith("|", StringComparison.Ordinal)
        && line.Split('|').Select(cell => cell.Trim(' ', '\t', '*', '`')).Where(cell => cell.Length > 0).ToList()
            is { Count: > 2 } cells
        && RowColumns.Find(cells[0])?.Meaning is RowColumns.Meaning.Cpu or RowColumns.Meaning.Gpu
            or RowColumns.Meaning.SystemMemory or RowColumns.Meaning.GpuMemory
        && cells.Skip(2).Any(FactText.SpeaksOfHardware);

    /// <summary>Labels and values; a title is a line of its own, or a label without a value.</summary>
    public static IEnumerable<(string Label, string Value)> Pairs(IEnumerable<string> lines) =>
        Marked(lines).Select(pair => (pair.Label, Unmarked(pair.Value)));

    /// <summary>A value without the marks of slanted or typed words around the whole of it.</summary>
    private static string Unmarked(string value) => value.Length > 2 && value[0] is '_' or '*' or '`'
        && value[value.Length - 1] == value[0] ? value.Trim(value[0]) : value;

    private static IEnumerable<(string Label, string Value)> Marked(IEnumerable<string> lines)
    {
        string? title = null;
        var isBelow = false;
        foreach (var line in lines.SelectMany(Facts))
        {
            if (line.Trim().Length == 0) continue;
            if (isBelow && IsPart(title!) && Item.Match(line) is { Success: true } below && !Pair.IsMatch(line))
            {
                isBelow = false;
                yield return (title!, below.Groups[1].Value);
                continue;
            }

            if (Dashed.Match(line) is { Success: true } item && item.Groups["item"].Success
                && RowColumns.Find(item.Groups[1].Value) is not null)
            {
                yield return (item.Groups[1].Value, item.Groups[2].Value.Trim());
            }
            else if (Title.Match(line) is { Success: true } found)
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
            else if (isBelow && IsPart(title!) && AdapterKind.IsGpuName(LabelText.Split(line)?.Label))
            {
                isBelow = false;
                yield return (title!, line.Trim());
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

    /// <summary>A memory, and a card or a processor, that stand alone, where the text has one of each.</summary>
    public static IEnumerable<(string Label, string Value)> Bare(IReadOnlyList<string> lines)
    {
        var memory = lines.Select(line => BareMemory.Match(line.TrimEnd())).Where(match => match.Success).ToList();
        if (memory.Count != 1) yield break;
        var names = lines.Where(line => line.IndexOf(':') < 0).Select(line => BareName.Match(line.TrimEnd()))
            .Where(match => match.Success).Select(match => match.Groups["value"].Value).ToList();
        var (cards, processors) = (names.Where(AdapterKind.IsGpuName).ToList(), names.Where(IsProcessor).ToList());
        if (cards.Count > 1 || processors.Count > 1 || cards.Count + processors.Count == 0) yield break;
        foreach (var name in processors) yield return ("CPU", name);
        foreach (var name in cards) yield return ("GPU", name);
        yield return ("RAM", memory[0].Groups["value"].Value);
    }

    /// <summary>Whether a line is a processor's name with its number, and no sentence about one.</summary>
    private static bool IsProcessor(string text) => AdapterKind.IsProcessorName(text) && text.Any(char.IsDigit)
        && FactText.IsFact(text.Split('@')[0]);

    /// <summary>The facts of a line that has several between bars; a line of a table is one.</summary>
    private static IEnumerable<string> Facts(string line)
    {
        var parts = line.Split(new[] { " | " }, StringSplitOptions.None);
        return parts.Length > 1 && line.TrimStart()[0] != '|' && parts.All(part =>
            LabelText.Split(part) is { } told && RowColumns.Find(told.Label) is not null) ? parts : new[] { line };
    }

    private static bool IsPart(string title) => RowColumns.Find(title)?.Meaning
        is RowColumns.Meaning.Cpu or RowColumns.Meaning.Gpu or RowColumns.Meaning.SystemMemory;

    private static string Label(string label, string value, string? title)
    {
        if (RowColumns.Find(label) is { Meaning: not RowColumns.Meaning.Label }) return label;
        if (AdapterKind.IsGpuName(value) && Naming.Match(label) is { Success: true } named)
            return $"GPU {named.Groups[1].Value}".TrimEnd();
        if (Driver.IsMatch(label) && Version.IsMatch(value)) return "GPU driver version";
        return title is not null && RowColumns.Find(title) is not null ? $"{title} {label}" : label;
    }
}
