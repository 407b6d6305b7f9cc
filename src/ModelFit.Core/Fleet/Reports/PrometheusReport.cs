using System.Globalization;
using System.Text;

namespace ModelFit.Fleet.Reports;

/// <summary>
/// Gauges in Prometheus' text form, for a textfile collector. Series that would be the same are written once, the last
/// of them.
/// </summary>
internal static class PrometheusReport
{
    private static readonly string[] States = { "Compliant", "Violated", "Unknown" };

    private static readonly Metric[] OfMachine =
    {
        new("modelfit_machine_up", "Whether the machine could be asked.", record => record.ErrorId is null ? 1 : 0),
        new("modelfit_machine_gpus", "GPUs of the machine.", record => record.GpuCount),
        new("modelfit_machine_gpu_memory_bytes", "Memory of all GPUs.", record => record.TotalGpuMemoryBytes),
        new("modelfit_machine_gpu_memory_free_bytes", "Free memory of all GPUs.", record => record.GpuMemoryFreeBytes),
        new("modelfit_machine_memory_bytes", "System memory.", record => record.SystemMemoryBytes),
    };

    private static readonly Metric[] OfQuestion =
    {
        new("modelfit_required_bytes", "Memory that the model needs.", record => record.RequiredBytes),
        new("modelfit_headroom_bytes", "Memory that stays free; negative if memory is missing.",
            record => record.HeadroomBytes),
        new("modelfit_decode_tokens_per_second", "Expected speed of each sequence.",
            record => record.DecodeTokensPerSecond),
    };

    private sealed record Metric(string Name, string Help, Func<AuditRecord, double?> Value);

    /// <summary>The report.</summary>
    public static string Write(ReportContent content)
    {
        var text = new StringBuilder();
        var records = content.AllRecords;
        foreach (var metric in OfMachine) Add(text, metric.Name, metric.Help, Series(records, metric, MachineLabels));
        var asked = records.Where(record => record.Compliance is not null).ToArray();
        Add(text, "modelfit_compliance", "1 for the current state of the demand, 0 for the other states.",
            asked.SelectMany(record => States.Select(state => (
                Labels(QuestionLabels(record).Concat(new[] { ("state", (string?)state) })),
                (double?)(record.Compliance == state ? 1 : 0)))));
        foreach (var metric in OfQuestion) Add(text, metric.Name, metric.Help, Series(asked, metric, QuestionLabels));
        if (content.Changes.Count > 0)
            Add(text, "modelfit_changes", "Changes since the last audit.", content.Changes
                .GroupBy(change => (change.Change, change.Severity))
                .Select(group => (
                    Labels(new[] { ("change", (string?)group.Key.Change), ("severity", group.Key.Severity) }),
                    (double?)group.Count())));
        Add(text, "modelfit_report_timestamp_seconds", "When the report was made.",
            new[] { (string.Empty, (double?)Math.Floor((content.MadeAt - new DateTime(1970, 1, 1)).TotalSeconds)) });
        return text.ToString();
    }

    private static IEnumerable<(string, double?)> Series(
        IEnumerable<AuditRecord> records, Metric metric, Func<AuditRecord, IEnumerable<(string, string?)>> labels) =>
        records.Select(record => (Labels(labels(record)), metric.Value(record)));

    private static void Add(
        StringBuilder text, string name, string help, IEnumerable<(string Labels, double? Value)> all)
    {
        var series = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (labels, value) in all)
            if (value is { } known) series[labels] = known;
        if (series.Count == 0) return;
        text.Append($"# HELP {name} {help}\n# TYPE {name} gauge\n");
        foreach (var one in series)
            text.Append($"{name}{one.Key} {one.Value.ToString("R", CultureInfo.InvariantCulture)}\n");
    }

    private static IEnumerable<(string, string?)> MachineLabels(AuditRecord record) =>
        new[] { ("computer", record.ComputerName ?? record.Gpu) };

    private static IEnumerable<(string, string?)> QuestionLabels(AuditRecord record) => MachineLabels(record)
        .Concat(new[]
    {
        ("model", record.Model),
        ("quantization", record.Quantization),
        ("context", record.ContextLength?.ToString(CultureInfo.InvariantCulture)),
        ("sequences", record.ParallelSequences?.ToString(CultureInfo.InvariantCulture)),
        ("runtime", record.Runtime),
        ("rule", record.Rule),
        ("severity", record.Severity),
    });

    private static string Labels(IEnumerable<(string Name, string? Value)> labels) => "{" + string.Join(",", labels
        .Where(label => label.Value is not null)
        .Select(label => $"{label.Name}=\"{Escape(label.Value!)}\"")) + "}";

    private static string Escape(string value) => ReportText.Printable(value)
        .Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\r", string.Empty).Replace("\n", "\\n");
}
