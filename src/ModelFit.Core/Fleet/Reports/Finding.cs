namespace ModelFit.Fleet.Reports;

/// <summary>One thing that a report says of one computer: it holds, it does not, or it is not known.</summary>
/// <param name="Computer">The computer.</param>
/// <param name="Rule">The rule, or what kind of change it is.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Compliance">How it stands.</param>
/// <param name="Severity"><c>error</c>, <c>warning</c> or <c>info</c>.</param>
/// <param name="Message">A sentence.</param>
/// <param name="Remedy">What helps; null if that is not known.</param>
internal sealed record Finding(
    string Computer,
    string Rule,
    string Subject,
    Compliance Compliance,
    string Severity,
    string Message,
    string? Remedy)
{
    private const string Unnamed = "unnamed";

    /// <summary>The findings of a report, those of records that demand nothing left out.</summary>
    public static IReadOnlyList<Finding> Of(ReportContent content) => content.AllRecords
        .Where(record => record.Compliance is not null)
        .Select(Of)
        .Concat(content.Changes.Select(Of))
        .ToArray();

    /// <summary>The computer of a record, by its cards where it has no name.</summary>
    public static string NameOf(AuditRecord record) => record.ComputerName ?? record.Gpu ?? Unnamed;

    /// <summary>What a record is about, in words.</summary>
    public static string SubjectOf(AuditRecord record) => record.Model is null ? record.Rule ?? "the machine"
        : string.Join(" ", new[]
        {
            record.Model,
            record.Quantization,
            record.ContextLength is { } tokens ? Figure.Tokens(tokens) : null,
            record.ParallelSequences is > 1 ? $"x {record.ParallelSequences}" : null,
            record.Runtime is null or "LlamaCpp" ? null : record.Runtime,
        }.Where(word => word is not null));

    private static Finding Of(AuditRecord record) => new(
        NameOf(record),
        record.Rule ?? "fits",
        SubjectOf(record),
        record.Compliance switch
        {
            "Compliant" => Compliance.Compliant,
            "Violated" => Compliance.Violated,
            _ => Compliance.Unknown,
        },
        record.Severity ?? "error",
        record.Reason ?? record.ErrorMessage ?? record.Compliance ?? string.Empty,
        record.Remedy);

    private static Finding Of(AuditChange change) => new(
        change.ComputerName ?? Unnamed,
        change.Change,
        change.Model is null ? change.Change : $"{change.Model} {change.Quantization}".TrimEnd(),
        change.Severity == "info" ? Compliance.Compliant : Compliance.Violated,
        change.Severity,
        change.Description,
        null);
}
