using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>sinfo</c> with a column of generic resources (<c>-o "%N %G %m %c"</c>, <c>-O nodelist,gres,memory</c>): a row may
/// be several nodes.
/// </summary>
internal static class SlurmSinfo
{
    private const int MaxNodes = 100_000;
    private const RegexOptions Options = RegexOptions.CultureInvariant;

    private static readonly Regex Resource =
        new(@"(?:^|\s|,|\|)gpu(?::[^\s:,()|]+)?:\d+(?:\([^)]*\))?(?=,|\s|\||$)", Options);
    private static readonly Regex Range = new(@"^([^\[,]*)\[([^\]]+)\]([^,]*)$", Options);

    /// <summary>Columns of sinfo, and the labels of scontrol's text of the same fact.</summary>
    private static readonly (string Column, string Label)[] Columns =
    {
        ("NODELIST", "NodeName"), ("HOSTNAMES", "NodeName"), ("GRES", "Gres"), ("MEMORY", "RealMemory"),
        ("FREE_MEM", "FreeMem"), ("CPUS", "CPUTot"), ("SOCKETS", "Sockets"), ("CORES", "CoresPerSocket"),
    };

    /// <summary>Whether the first line names the columns, or the rows are counts of GPUs without it.</summary>
    public static bool Recognizes(InventoryText text) => Header(text).Contains("GRES")
        || (text.Json.Count == 0 && text.Lines.Where(line => line.Trim().Length > 0).All(line =>
            Resource.IsMatch(line) || line.Contains("(null)")) && text.Lines.Any(line => Resource.IsMatch(line)));

    /// <summary>The machines: one a node.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var header = Header(text);
        if (!header.Contains("GRES")) throw context.Damaged(
            "this looks like sinfo's output without its header line, so what the columns are is not known; " +
            "leave out '-h'.");
        var machines = text.Lines.Skip(1).Select(Cells).Where(cells => cells.Length > 0)
            .SelectMany(cells => Row(header, cells));
        return machines.Take(MaxNodes);
    }

    /// <summary>The nodes of <c>gpu[01-03,7],login</c>.</summary>
    public static IEnumerable<string> Expand(string list) =>
        Regex.Matches(list, @"(?:[^,\[]|\[[^\]]*\])+").Cast<Match>().SelectMany(part => Names(part.Value));

    private static IEnumerable<DetectedMachine> Row(string[] header, string[] cells)
    {
        string? Value(string label) => Columns.Where(column => column.Label == label)
            .Select(column => Array.IndexOf(header, column.Column)).Where(index => index >= 0 && index < cells.Length)
            .Select(index => Fields.Text(cells[index].TrimEnd('+'))).FirstOrDefault();
        var names = Expand(Value("NodeName") ?? string.Empty).ToList();
        return names.Count == 0 ? new[] { SlurmNodes.Machine(Value) }
            : names.Select(name => SlurmNodes.Machine(label => label == "NodeName" ? name : Value(label)));
    }

    private static IEnumerable<string> Names(string part)
    {
        if (Range.Match(part) is not { Success: true } range) return new[] { part };
        return range.Groups[2].Value.Split(',').SelectMany(Numbers)
            .Select(number => range.Groups[1].Value + number + range.Groups[3].Value);
    }

    private static IEnumerable<string> Numbers(string range)
    {
        var ends = range.Split('-');
        const NumberStyles style = NumberStyles.None;
        if (ends.Length != 2 || !int.TryParse(ends[0], style, CultureInfo.InvariantCulture, out var first)
            || !int.TryParse(ends[1], style, CultureInfo.InvariantCulture, out var last))
            return new[] { range };
        return Enumerable.Range(first, Math.Max(0, Math.Min(MaxNodes, last - first + 1)))
            .Select(number => number.ToString("D" + ends[0].Length, CultureInfo.InvariantCulture));
    }

    private static string[] Header(InventoryText text) => Cells(text.Lines[0]);

    private static string[] Cells(string line) =>
        line.Split(new[] { ' ', '\t', '|' }, StringSplitOptions.RemoveEmptyEntries);
}
