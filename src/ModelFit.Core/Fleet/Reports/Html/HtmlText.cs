using System.Text;
using System.Xml.Linq;

namespace ModelFit.Fleet.Reports.Html;

/// <summary>
/// Writes elements as HTML. Every text and attribute is encoded here and nowhere else; only style and script, which
/// are built in, are written as they are.
/// </summary>
internal static class HtmlText
{
    private static readonly HashSet<string> Void =
        new() { "meta", "input", "br", "link", "rect", "line", "circle", "path", "polyline" };
    private static readonly HashSet<string> Raw = new() { "style", "script" };

    /// <summary>The element and all within.</summary>
    public static string Write(XElement root)
    {
        var text = new StringBuilder("<!DOCTYPE html>\n");
        Write(text, root);
        return text.Append('\n').ToString();
    }

    private static void Write(StringBuilder text, XElement element)
    {
        var name = element.Name.LocalName;
        text.Append('<').Append(name);
        foreach (var attribute in element.Attributes())
        {
            text.Append(' ').Append(attribute.Name.LocalName).Append("=\"");
            Encode(text, attribute.Value).Append('"');
        }

        text.Append('>');
        if (Void.Contains(name) && !element.Nodes().Any())
        {
            if (IsOfSvg(name)) text.Insert(text.Length - 1, '/');
            return;
        }

        foreach (var node in element.Nodes())
        {
            if (node is XElement child) Write(text, child);
            else if (node is XText plain && Raw.Contains(name)) text.Append(plain.Value);
            else if (node is XText encoded) Encode(text, encoded.Value);
        }

        text.Append("</").Append(name).Append('>');
        if (IsBlock(name)) text.Append('\n');
    }

    private static bool IsOfSvg(string name) => name is "rect" or "line" or "circle" or "path" or "polyline";

    private static bool IsBlock(string name) =>
        name is "section" or "p" or "li" or "tr" or "div" or "head" or "header" or "main" or "h1" or "h2" or "table";

    private static StringBuilder Encode(StringBuilder text, string value)
    {
        foreach (var letter in ReportText.Printable(value))
        {
            _ = letter switch
            {
                '&' => text.Append("&amp;"),
                '<' => text.Append("&lt;"),
                '>' => text.Append("&gt;"),
                '"' => text.Append("&quot;"),
                '\'' => text.Append("&#39;"),
                _ => text.Append(letter),
            };
        }

        return text;
    }
}
