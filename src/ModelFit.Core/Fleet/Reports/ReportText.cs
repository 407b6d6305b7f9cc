using System.Text;
using System.Xml;

namespace ModelFit.Fleet.Reports;

/// <summary>Text from outside, made fit for a report.</summary>
internal static class ReportText
{
    /// <summary>
    /// The text with what XML and HTML have no way to write replaced (control characters, half pairs).
    /// </summary>
    public static string Printable(string text)
    {
        StringBuilder? made = null;
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]);
            if (!isPair && !XmlConvert.IsXmlChar(text[i]))
            {
                made ??= new StringBuilder(text, 0, i, text.Length);
                made.Append('\uFFFD');
                continue;
            }

            made?.Append(text, i, isPair ? 2 : 1);
            if (isPair) i++;
        }

        return made?.ToString() ?? text;
    }

    /// <summary>The text on one line.</summary>
    public static string OneLine(string text) => text.Replace('\r', ' ').Replace('\n', ' ').Replace('\t', ' ');
}
