using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Windows' <c>systeminfo</c> in any language: its lines have an order of their own, whatever their labels are. The
/// first is the host's name, the second the system; the first size is the memory and the second what is free of it.
/// </summary>
internal static class SystemInfoText
{
    private const string Source = "systeminfo";
    private const int LeastSizes = 3;

    /// <summary>Groups of digits with any character between them, as code pages leave them, and a unit.</summary>
    private static readonly Regex Megabytes = new(
        @"^([0-9]{1,3}(?:[^0-9]?[0-9]{3}){0,3}|[0-9]{4,9}) ?(MB|Mo|МБ|Мб|MiB|Mbyte|[^\u0000-\u007F]{2})$",
        RegexOptions.IgnoreCase);

    /// <summary>Whether there is a processor as systeminfo describes it, and memory in megabytes.</summary>
    public static bool Recognizes(InventoryText text)
    {
        var report = Report(text);
        var sizes = report.Count(line => Bytes(Value(line)) is not null);
        return Sizes(report).Count > 0
            && ((sizes >= LeastSizes && text.Lines.Any(IsProcessor)) || text.Lines.Any(IsTotal));
    }

    /// <summary>The machines of the text: one a report.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var report = Report(text);
        var sizes = Sizes(report);
        var system = Value(report.Take(3).FirstOrDefault(IsWindows) ?? string.Empty);
        var isWhole = report.Count > 1 && (IsWindows(report[1]) || Means(report[0], RowColumns.Meaning.Computer));
        yield return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = isWhole ? Fields.Text(Value(report[0])) : null,
                OperatingSystem = Fields.Text(system),
                Cpu = report.Select(Processor).FirstOrDefault(name => name is not null),
                SystemMemoryBytes = sizes[0],
                SystemMemoryFreeBytes = sizes.Skip(1).Where(size => size <= sizes[0]).Select(size => (long?)size)
                    .FirstOrDefault(),
                Source = Source,
            },
            null);
    }

    /// <summary>The lines of the report alone: no blank one is in it.</summary>
    private static IReadOnlyList<string> Report(InventoryText text)
    {
        var lines = text.Lines.ToList();
        var mark = lines.FindIndex(line => IsProcessor(line) || IsTotal(line));
        var start = lines.FindLastIndex(Math.Max(mark, 0), line => line.Trim().Length == 0) + 1;
        return lines.Skip(start).TakeWhile(line => line.Trim().Length > 0).ToList();
    }

    /// <summary>Whether a line is the one of the memory: of an excerpt it alone tells what the text is.</summary>
    private static bool IsTotal(string line) => Bytes(Value(line)) is not null && line.Length < 80
        && line.IndexOf(":  ", StringComparison.Ordinal) > 0 && Means(line, RowColumns.Meaning.SystemMemory);

    private static bool Means(string line, RowColumns.Meaning meaning) =>
        LabelText.Split(line) is { } pair && RowColumns.Find(pair.Label)?.Meaning == meaning;

    /// <summary>Whether a line names the system: its name has "Windows" in every language.</summary>
    private static bool IsWindows(string line) => Value(line) is { } value
        && value.IndexOf("Windows", StringComparison.Ordinal) >= 0 && value.IndexOf('\\') < 0;

    /// <summary><c>[01]: Intel64 Family 6 Model 158 … ~2400 Mhz</c>: a family, not the name of a model.</summary>
    private static bool IsProcessor(string line)
    {
        var text = line.Trim();
        return text.StartsWith("[01]", StringComparison.Ordinal) && text.IndexOf('~') > 0
            && (text.EndsWith("MHz", StringComparison.OrdinalIgnoreCase)
                || text.EndsWith("МГц", StringComparison.OrdinalIgnoreCase) || text[text.Length - 1] > '\u007F');
    }

    /// <summary>The sizes of memory: those of virtual memory have a colon in their label in every language.</summary>
    private static IReadOnlyList<long> Sizes(IReadOnlyList<string> report) =>
        report.Where(line => line.IndexOf(':') == line.LastIndexOf(": ", StringComparison.Ordinal))
            .Select(line => Bytes(Value(line))).Where(bytes => bytes is not null)
            .Select(bytes => bytes!.Value).ToList();

    /// <summary>The processor where somebody wrote its name instead of its family; the family is no name.</summary>
    private static string? Processor(string line)
    {
        var name = Value(line)?.Split(new[] { " (" }, StringSplitOptions.None)[0];
        return line.TrimStart().StartsWith("Pro", StringComparison.OrdinalIgnoreCase)
            && AdapterKind.IsProcessorName(name) && char.IsLetter(name![0]) && name.Any(char.IsDigit)
            && name.IndexOf("Family", StringComparison.Ordinal) < 0 ? name : null;
    }

    /// <summary>The text behind the last colon that blanks follow.</summary>
    private static string? Value(string line)
    {
        var colon = line.LastIndexOf(": ", StringComparison.Ordinal);
        return colon <= 0 ? null : line.Substring(colon + 2).Trim();
    }

    /// <summary>Whole megabytes.</summary>
    private static long? Bytes(string? value)
    {
        if (value is null || Megabytes.Match(value) is not { Success: true } match) return null;
        var digits = new string(match.Groups[1].Value.Where(c => c is >= '0' and <= '9').ToArray());
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes)
            && megabytes is > 0 and < 1L << 30 ? megabytes << 20 : null;
    }
}
