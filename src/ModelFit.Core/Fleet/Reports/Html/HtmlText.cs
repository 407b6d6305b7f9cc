using System.Text;
using System.Xml.Linq;

namespace ModelFit.Fleet.Reports.Html;

/// <summary>
/// Writes elements as HTML. Every text and attribute is encoded here and nowhere else; only style and script, which
/// are built in, are written as they are.
/// </summary>
internal static class HtmlText
{
    private static readonly HashSet<string> Void = new() { "meta", "input", "br", "link" };
    private static readonly HashSet<string> Shapes = new() { "rect", "line", "circle", "path", "polyline" };
    private static readonly HashSet<string> Raw = new() { "style", "script" };
    private static readonly HashSet<string> Blocks =
        new() { "section", "p", "li", "tr", "div", "head", "header", "main", "h1", "h2", "table" };

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

        var isEmpty = !element.Nodes().Any();
        text.Append(isEmpty && Shapes.Contains(name) ? "/>" : ">");
        if (isEmpty && (Shapes.Contains(name) || Void.Contains(name))) return;
        foreach (var node in element.Nodes())
        {
            if (node is XElement child) Write(text, child);
            else if (node is XText plain && Raw.Contains(name)) text.Append(plain.Value);
            else if (node is XText encoded) Encode(text, encoded.Value);
        }

        text.Append("</").Append(name).Append('>');
        if (Blocks.Contains(name)) text.Append('\n');
    }

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
