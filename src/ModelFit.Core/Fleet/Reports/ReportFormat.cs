namespace ModelFit.Fleet.Reports;

/// <summary>The forms of a report.</summary>
public enum ReportFormat
{
    /// <summary>One self-contained page for a browser or a printer.</summary>
    Html,

    /// <summary>The same in Markdown, without pictures.</summary>
    Markdown,

    /// <summary>JUnit XML, as GitLab, Jenkins and Azure DevOps show tests.</summary>
    JUnit,

    /// <summary>SARIF 2.1.0, as GitHub shows findings.</summary>
    Sarif,

    /// <summary>Prometheus' text form, for the textfile collector of the node exporter.</summary>
    Prometheus,

    /// <summary>The lines of a Nagios plug-in: status, figures, details.</summary>
    Nagios,

    /// <summary>Comma-separated values, a row an answer.</summary>
    Csv,
}
