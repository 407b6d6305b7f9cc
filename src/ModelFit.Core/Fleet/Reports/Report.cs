using ModelFit.Fleet.Reports.Html;

namespace ModelFit.Fleet.Reports;

/// <summary>Writes reports: a format is a row of the table.</summary>
internal static class Report
{
    private static readonly Dictionary<ReportFormat, Func<ReportContent, string>> Writers = new()
    {
        [ReportFormat.Html] = HtmlReport.Write,
        [ReportFormat.Markdown] = MarkdownReport.Write,
        [ReportFormat.JUnit] = JUnitReport.Write,
        [ReportFormat.Sarif] = SarifReport.Write,
        [ReportFormat.Prometheus] = PrometheusReport.Write,
        [ReportFormat.Nagios] = NagiosReport.Write,
        [ReportFormat.Csv] = CsvReport.Write,
    };

    /// <summary>The whole report; lines end as on Unix.</summary>
    public static string Write(ReportFormat format, ReportContent content) => Writers[format](content);
}
