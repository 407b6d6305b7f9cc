using System.Globalization;
using System.Text;

namespace ModelFit.Hardware.Inventory;

/// <summary>Lists of nodes: <c>gpu[01-03,7],login</c> and <c>node1634;node3002-3008</c>.</summary>
internal static class NodeNames
{
    /// <summary>The names in their order; more than <see cref="InventoryLimits.Nodes"/> are an error.</summary>
    public static IEnumerable<string> Expand(string list) => 
        Parts(list).SelectMany(Names).AtMost(InventoryLimits.Nodes, "nodes in one list");

    /// <summary>The parts between separators outside brackets.</summary>
    private static IEnumerable<string> Parts(string list)
    {
        var part = new StringBuilder();
        var depth = 0;
        foreach (var c in list)
        {
            if (c == '[') depth++;
            else if (c == ']') depth--;
            if (depth > 0 || c is not (',' or ';' or ' '))
            {
                part.Append(c);
                continue;
            }

            if (part.Length > 0) yield return part.ToString();
            part.Clear();
        }

        if (part.Length > 0) yield return part.ToString();
    }

    private static IEnumerable<string> Names(string part)
    {
        var open = part.IndexOf('[');
        var close = part.IndexOf(']');
        if (open >= 0 && close > open)
        {
            var (head, tail) = (part.Substring(0, open), part.Substring(close + 1));
            return part.Substring(open + 1, close - open - 1).Split(',').SelectMany(Numbers)
                .Select(number => head + number + tail);
        }

        var dash = part.LastIndexOf('-');
        var start = dash;
        while (start > 0 && char.IsDigit(part[start - 1])) start--;
        var isRange = dash > 0 && start > 0 && start < dash && dash - start == part.Length - dash - 1
            && part.Skip(dash + 1).All(char.IsDigit) && part[start - 1] != '-';
        return isRange ? Numbers(part.Substring(start)).Select(number => part.Substring(0, start) + number)
            : new[] { part };
    }

    private static IEnumerable<string> Numbers(string range)
    {
        var ends = range.Split('-');
        const NumberStyles style = NumberStyles.None;
        if (ends.Length != 2 || !int.TryParse(ends[0], style, CultureInfo.InvariantCulture, out var first)
            || !int.TryParse(ends[1], style, CultureInfo.InvariantCulture, out var last))
            return new[] { range };
        return Enumerable.Range(first, (int)Math.Max(0, Math.Min(InventoryLimits.Nodes + 1L, last - first + 1L)))
            .Select(number => number.ToString("D" + ends[0].Length, CultureInfo.InvariantCulture));
    }
}
