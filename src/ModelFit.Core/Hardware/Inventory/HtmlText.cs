using System.Net;
using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Tables of a web page (<c>ConvertTo-Html</c>, a wiki, a mail) as Markdown's; a row of a label and a value as such.
/// </summary>
internal static class HtmlText
{
    private static readonly Regex Cell = new(@"<t[dh]\b", RegexOptions.IgnoreCase);

    /// <summary>What is no text of the page: styles, scripts and comments.</summary>
    private static readonly Regex Silent = new(
        @"<(style|script)\b[^>]{0,2000}>.*?</\1\s{0,8}>|<!--.*?-->", RegexOptions.IgnoreCase | RegexOptions.Singleline);

    private static readonly Regex Heading = new(@"<h[1-6]\b[^>]{0,2000}>", RegexOptions.IgnoreCase);

    private static readonly Regex Row = new(@"<tr\b[^>]{0,2000}>", RegexOptions.IgnoreCase);

    /// <summary>Where a line of cells begins that was copied without its row.</summary>
    private static readonly Regex LineStart = new(@"^\s{0,40}(?=<t[dh]\b)", RegexOptions.Multiline);

    private static readonly Regex RowEnd = new(@"</tr\s{0,8}>|</?table\b[^>]{0,2000}>", RegexOptions.IgnoreCase);

    private static readonly Regex Block = new(
        @"</?(?:p|div|h[1-6]|li|ul|ol|hr|br|pre|caption|title|body|head|html)\b[^>]{0,2000}>",
        RegexOptions.IgnoreCase);

    private static readonly Regex CellStart = new(@"<t([dh])\b[^>]{0,2000}>", RegexOptions.IgnoreCase);

    private static readonly Regex Tag = new(@"</?[A-Za-z!][^>]{0,2000}>");

    private static readonly Regex Blank = new(@"\s{1,2000}");

    /// <summary>The text of the page; itself where it has no table, or is data with pages in its cells.</summary>
    public static string Plain(string text)
    {
        if (text.IndexOf("<t", StringComparison.OrdinalIgnoreCase) < 0 || !Cell.IsMatch(text)
            || text.FirstOrDefault(c => !char.IsWhiteSpace(c)) is '{' or '[' or '"') return text;
        var page = Silent.Replace(Row.IsMatch(text) ? text : LineStart.Replace(text, "<tr>"), string.Empty);
        page = Blank.Replace(page, " ");
        page = RowEnd.Replace(Row.Replace(Heading.Replace(page, "\u0004## "), "\n\u0001"), "\n");
        page = Block.Replace(page, "\u0004");
        page = CellStart.Replace(page, cell => cell.Groups[1].Value is "h" or "H" ? "\u0002\u0003" : "\u0002");
        return string.Join("\n", Lines(WebUtility.HtmlDecode(Tag.Replace(page, string.Empty)).Split('\n')
            .SelectMany(line => line.Length > 0 && line[0] == '\u0001'
                ? new[] { line.Replace('\u0004', ' ') } : line.Split('\u0004'))));
    }

    private static IEnumerable<string> Lines(IEnumerable<string> lines)
    {
        var width = 0;
        foreach (var line in lines)
        {
            if (line.Length == 0 || line[0] != '\u0001')
            {
                if (line.Trim().Length == 0) continue;
                if (width != 0) yield return string.Empty;
                width = 0;
                yield return line.Trim();
                continue;
            }

            var cells = line.Split('\u0002').Skip(1).ToList();
            var texts = cells.Select(cell => cell.Replace("\u0003", string.Empty).Trim().Replace('|', '/')).ToList();
            if (texts.All(cell => cell.Length == 0)) continue;
            var isHeader = cells.Count > 2 || cells.All(cell => cell.StartsWith("\u0003", StringComparison.Ordinal));
            if (cells.Count == 2 && (width == 0 || width == -2) && !isHeader)
            {
                width = -2;
                yield return $"{texts[0].TrimEnd(':')}: {texts[1]}";
                continue;
            }

            if (width < 0) yield return string.Empty;
            yield return $"| {string.Join(" | ", texts)} |";
            if (width <= 0) yield return $"|{string.Concat(cells.Select(_ => " --- |"))}";
            width = cells.Count;
        }
    }
}
