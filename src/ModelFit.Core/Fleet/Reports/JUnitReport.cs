using System.Globalization;
using System.IO;
using System.Text;
using System.Xml;

namespace ModelFit.Fleet.Reports;

/// <summary>
/// JUnit XML: a suite a computer, a case a finding; a violation of severity error or warning is a failure, what is not
/// known an error. In the order and with the attributes that both Ant's and Jenkins' schema want.
/// </summary>
internal static class JUnitReport
{
    /// <summary>The report.</summary>
    public static string Write(ReportContent content)
    {
        var text = new StringBuilder();
        var settings = new XmlWriterSettings { Indent = true, NewLineChars = "\n", CheckCharacters = false };
        using (var writer = XmlWriter.Create(new Utf8Text(text), settings))
        {
            writer.WriteStartElement("testsuites");
            var number = 0;
            foreach (var suite in Finding.Of(content).GroupBy(finding => finding.Computer))
                WriteSuite(writer, suite, number++, content);
            writer.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void WriteSuite(
        XmlWriter writer, IGrouping<string, Finding> suite, int number, ReportContent content)
    {
        var cases = suite.ToArray();
        writer.WriteStartElement("testsuite");
        Attribute(writer, "name", suite.Key);
        Attribute(writer, "timestamp", content.MadeAt.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        Attribute(writer, "hostname", suite.Key);
        Attribute(writer, "package", "modelfit");
        Attribute(writer, "id", Figure.Count(number));
        Attribute(writer, "tests", Figure.Count(cases.Length));
        Attribute(writer, "failures", Figure.Count(cases.Count(IsFailure)));
        Attribute(writer, "errors", Figure.Count(cases.Count(finding => finding.Compliance == Compliance.Unknown)));
        Attribute(writer, "time", "0");
        writer.WriteElementString("properties", string.Empty);
        foreach (var finding in cases) WriteCase(writer, finding);
        writer.WriteElementString("system-out", string.Empty);
        writer.WriteElementString("system-err", string.Empty);
        writer.WriteEndElement();
    }

    private static void WriteCase(XmlWriter writer, Finding finding)
    {
        writer.WriteStartElement("testcase");
        Attribute(writer, "name", $"{finding.Rule}: {finding.Subject}");
        Attribute(writer, "classname", $"modelfit.{finding.Computer}");
        Attribute(writer, "time", "0");
        var isUnknown = finding.Compliance == Compliance.Unknown;
        if (isUnknown || IsFailure(finding))
        {
            writer.WriteStartElement(isUnknown ? "error" : "failure");
            Attribute(writer, "message", finding.Message);
            Attribute(writer, "type", finding.Severity);
            writer.WriteString(ReportText.Printable(finding.Remedy ?? finding.Message));
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static bool IsFailure(Finding finding) =>
        finding.Compliance == Compliance.Violated && finding.Severity != "info";

    private static void Attribute(XmlWriter writer, string name, string value) =>
        writer.WriteAttributeString(name, ReportText.Printable(value));

    /// <summary>A text that says that it is UTF-8, which is how it is written.</summary>
    private sealed class Utf8Text(StringBuilder text) : StringWriter(text, CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
    }
}
