using System.Text;
using static ModelFit.Common.NumberText;

namespace ModelFit.Fleet.Reports;

/// <summary>
/// What a Nagios plug-in prints: a line with the status, a summary and figures after a bar, then details. Violations of
/// severity error are critical, of warning a warning; what is not known is unknown if nothing is worse.
/// </summary>
internal static class NagiosReport
{
    private const int MostDetails = 20;
    private const int MostLetters = 160;

    /// <summary>The words of the exit codes 0 to 3.</summary>
    public static readonly string[] Words = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

    /// <summary>The report.</summary>
    public static string Write(ReportContent content)
    {
        var findings = Finding.Of(content);
        var bad = findings.Where(finding => CodeOf(finding) != 0).OrderBy(finding => RankOf(CodeOf(finding))).ToArray();
        var text = new StringBuilder();
        text.Append($"MODELFIT {Words[CodeOf(findings)]} - {Summary(findings, bad)}|{Figures(findings)}\n");
        foreach (var finding in bad.Take(MostDetails))
            text.Append(Line($"{Words[CodeOf(finding)]}: {finding.Computer}: {finding.Subject}: {finding.Message}"))
                .Append('\n');
        if (bad.Length > MostDetails) text.Append($"and {Number(bad.Length - MostDetails)} more\n");
        return text.ToString();
    }

    /// <summary>
    /// The exit code of all findings: the worst, where critical is worse than a warning than unknown.
    /// </summary>
    public static int CodeOf(IEnumerable<Finding> findings)
    {
        var codes = findings.Select(CodeOf).Distinct().OrderBy(RankOf).ToArray();
        return codes.Length == 0 ? 3 : codes[0];
    }

    /// <summary>The exit code of a record.</summary>
    public static int CodeOf(string? compliance, string? severity) => (compliance, severity) switch
    {
        ("Violated", "info") => 0,
        ("Violated", "warning") => 1,
        ("Violated", _) => 2,
        ("Unknown", _) => 3,
        _ => 0,
    };

    /// <summary>The place of an exit code from the worst on.</summary>
    public static int RankOf(int code) => code switch { 2 => 0, 1 => 1, 3 => 2, _ => 3 };

    private static int CodeOf(Finding finding) => CodeOf(finding.Compliance.ToString(), finding.Severity);

    private static string Summary(IReadOnlyList<Finding> findings, IReadOnlyList<Finding> bad)
    {
        var computers = findings.Select(finding => finding.Computer).Distinct().Count();
        var violated = findings.Count(finding => finding.Compliance == Compliance.Violated);
        var unknown = findings.Count(finding => finding.Compliance == Compliance.Unknown);
        var first = bad.Count == 0 ? string.Empty : $": {bad[0].Computer}: {bad[0].Subject}";
        return Line(
            $"{Count(computers, "machine")}, {Count(findings.Count, "check")}, " +
            $"{Number(violated)} violated, {Number(unknown)} unknown{first}");
    }

    private static string Figures(IReadOnlyList<Finding> findings)
    {
        string Of(string label, Compliance compliance) =>
            $"{label}={Number(findings.Count(finding => finding.Compliance == compliance))};;;0;" +
            Number(findings.Count);
        return string.Join(
            " ", Of("compliant", Compliance.Compliant), Of("violated", Compliance.Violated),
            Of("unknown", Compliance.Unknown));
    }

    /// <summary>Without a bar, which begins the figures, and not longer than a plug-in's line should be.</summary>
    private static string Line(string text)
    {
        var line = ReportText.OneLine(ReportText.Printable(text)).Replace('|', '/');
        return line.Length <= MostLetters ? line : line.Substring(0, MostLetters - 3) + "...";
    }
}
