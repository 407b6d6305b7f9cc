using System.Text.RegularExpressions;

namespace ModelFit.Catalog;

/// <summary>Names as drivers and tools print them: <c>Navi 31 [Radeon RX 7900 XT/7900 XTX]</c>.</summary>
internal static class GpuDeviceText
{
    private static readonly Regex DriverNote = new(
        @"\((rev|radv|nvk|anv|aco|adl|tgl|rpl|kbl|cfl|icl|skl|mtl|arl|lnl|ptl|dg2|bmg)\b[^)]*\)",
        RegexOptions.IgnoreCase);

    /// <summary>A name up to its number, for alternatives that say a variant alone (<c>Mobile / Max-Q</c>).</summary>
    private static readonly Regex Model = new(@"^.*\d\w*");

    /// <summary>
    /// The card names that a text stands for: the marketing name in brackets where there is one, each of its
    /// alternatives between slashes; otherwise the text itself.
    /// </summary>
    public static IReadOnlyList<string> Readings(string text)
    {
        if (text.IndexOfAny(new[] { '[', '/', '(' }) < 0) return new[] { text };
        var name = Bracketed(DriverNote.Replace(text, " "));
        if (name.IndexOf('/') < 0) return new[] { name };
        var parts = name.Split('/').Select(part => part.Trim()).Where(part => part.Length > 0).ToArray();
        if (parts.Length == 0) return new[] { name };
        var brand = parts[0].Substring(0, parts[0].Length - GpuEntry.WithoutBrand(parts[0]).Length);
        return parts.Select((part, i) => i == 0 || StartsWithBrand(part) ? part
            : part.Any(char.IsDigit) ? brand + part
            : Model.Match(parts[0]).Value + " " + part).ToArray();
    }

    private static bool StartsWithBrand(string part) => GpuEntry.WithoutBrand(part).Length < part.Length;

    private static string Bracketed(string text)
    {
        var open = text.LastIndexOf('[');
        var close = open < 0 ? -1 : text.IndexOf(']', open);
        if (close < 0) return text;
        var inside = text.Substring(open + 1, close - open - 1);
        return inside.Equals("AMD/ATI", StringComparison.OrdinalIgnoreCase)
            ? text.Remove(open, close - open + 1)
            : inside;
    }
}
