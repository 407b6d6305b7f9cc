using System.Globalization;
using System.IO;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using static ModelFit.Common.NumberText;

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
        var suites = new XElement("testsuites", Finding.Of(content).GroupBy(finding => finding.Computer)
            .Select((suite, number) => Suite(suite.Key, suite.ToArray(), number, content.MadeAt)));
        var text = new StringBuilder();
        var settings = new XmlWriterSettings { Indent = true, NewLineChars = "\n", CheckCharacters = false };
        using (var writer = XmlWriter.Create(new Utf8Text(text), settings)) suites.Save(writer);
        return text.Append('\n').ToString();
    }

    private static XElement Suite(string computer, IReadOnlyList<Finding> findings, int number, DateTime madeAt) => new(
        "testsuite",
        A("name", computer),
        A("timestamp", madeAt.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)),
        A("hostname", computer),
        A("package", "modelfit"),
        A("id", Number(number)),
        A("tests", Number(findings.Count)),
        A("failures", Number(findings.Count(IsFailure))),
        A("errors", Number(findings.Count(IsUnknown))),
        A("time", "0"),
        new XElement("properties"),
        findings.Select(Case),
        new XElement("system-out"),
        new XElement("system-err"));

    private static XElement Case(Finding finding) => new(
        "testcase",
        A("name", $"{finding.Rule}: {finding.Subject}"),
        A("classname", $"modelfit.{finding.Computer}"),
        A("time", "0"),
        !IsUnknown(finding) && !IsFailure(finding) ? null : new XElement(
            IsUnknown(finding) ? "error" : "failure",
            A("message", finding.Message),
            A("type", finding.Severity),
            ReportText.Printable(finding.Remedy ?? finding.Message)));

    private static bool IsUnknown(Finding finding) => finding.Compliance == Compliance.Unknown;

    private static bool IsFailure(Finding finding) =>
        finding.Compliance == Compliance.Violated && finding.Severity != "info";

    private static XAttribute A(string name, string value) => new(name, ReportText.Printable(value));

    /// <summary>A text that says that it is UTF-8, which is how it is written.</summary>
    private sealed class Utf8Text(StringBuilder text) : StringWriter(text, CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
    }
}
