using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Windows' <c>systeminfo</c> in any language: its lines have an order of their own, whatever their labels are. The
/// first is the host's name, the second the system; the first size is the memory and the second what is free of it.
/// </summary>
internal static class SystemInfoText
{
    private const string Source = "systeminfo";
    private const int LeastSizes = 3;

    private static readonly string[] Totals =
    {
        "Total Physical Memory:", "Gesamter physischer Speicher:", "Mémoire physique totale:",
        "Cantidad total de memoria física:", "Memoria fisica totale:", "Memória física total:",
        "Totaal fysiek geheugen:", "Полный объем физической памяти:", "物理内存总量:",
        "物理メモリの合計:",
    };

    private static readonly string[] Units = { "MB", "Mo", "МБ", "Мб", "MiB", "Mbyte" };

    /// <summary>Whether there is a processor as systeminfo describes it, and memory in megabytes.</summary>
    public static bool Recognizes(InventoryText text) => Sizes(Report(text)).Count is var sizes
        && ((sizes >= LeastSizes && text.Lines.Any(IsProcessor)) || (sizes > 0 && text.Lines.Any(IsTotal)));

    /// <summary>The machines of the text: one a report.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var report = Report(text);
        var sizes = Sizes(report);
        var first = report.Take(2).Select(Value).ToList();
        var isWhole = first[0]?.IndexOf(' ') < 0 && !report.Take(2).Any(IsTotal);
        yield return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = isWhole ? Fields.Text(first[0]) : null,
                OperatingSystem = isWhole ? Fields.Text(first.Skip(1).FirstOrDefault()) : null,
                SystemMemoryBytes = sizes[0],
                SystemMemoryFreeBytes = sizes.Skip(1).Select(size => (long?)size).FirstOrDefault(),
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
    private static bool IsTotal(string line) =>
        Totals.Any(label => line.StartsWith(label, StringComparison.OrdinalIgnoreCase));

    /// <summary><c>[01]: Intel64 Family 6 Model 158 … ~2400 Mhz</c>: a family, not the name of a model.</summary>
    private static bool IsProcessor(string line)
    {
        var text = line.Trim();
        return text.StartsWith("[01]", StringComparison.Ordinal) && text.IndexOf('~') > 0
            && (text.EndsWith("MHz", StringComparison.OrdinalIgnoreCase)
                || text.EndsWith("МГц", StringComparison.OrdinalIgnoreCase));
    }

    private static IReadOnlyList<long> Sizes(IReadOnlyList<string> report) =>
        report.Select(line => Bytes(Value(line))).Where(bytes => bytes is not null)
            .Select(bytes => bytes!.Value).ToList();

    /// <summary>The text behind the last colon that blanks follow.</summary>
    private static string? Value(string line)
    {
        var colon = line.LastIndexOf(": ", StringComparison.Ordinal);
        return colon <= 0 ? null : line.Substring(colon + 2).Trim();
    }

    /// <summary>Whole megabytes with any character between their groups.</summary>
    private static long? Bytes(string? value)
    {
        if (value is null || value.Length > 40 || !char.IsDigit(value.FirstOrDefault())) return null;
        var unit = Units.FirstOrDefault(name => value.EndsWith(name, StringComparison.OrdinalIgnoreCase));
        if (unit is null) return null;
        var number = value.Substring(0, value.Length - unit.Length);
        if (number.Any(char.IsLetter)) return null;
        var digits = new string(number.Where(c => c is >= '0' and <= '9').ToArray());
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes)
            && megabytes is > 0 and < 1L << 30 ? megabytes << 20 : null;
    }
}
