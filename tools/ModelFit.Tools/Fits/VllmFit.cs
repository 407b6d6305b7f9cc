using ModelFit.Catalog;
using ModelFit.Models;
using ModelFit.Runtimes.Vllm;
using ModelFit.Testing.Truth;

namespace ModelFit.Tools.Fits;

/// <summary>
/// The factors of vLLM's trial run from its logs of models of text without experts: copies of the 32-bit logits and a
/// constant where the sampler is the peak (least squares), widths of the stream where the forward pass is.
/// </summary>
internal static class VllmFit
{
    private const double GiB = 1L << 30;

    /// <summary>Prints the factors that <see cref="VllmTrialRun"/> has.</summary>
    public static Tool Tool { get; } = new("fit-vllm", "Fits vLLM's trial run to its logs.", Run);

    private static int Run(IReadOnlyList<string> arguments)
    {
        var rows = ServingRow.Read("vllm", "logs.tsv")
            .Where(row => row is { Activation: not null, Note: null, Pipeline: 1, Sequences: not null })
            .Select(row => (Row: row, Model: Define(row)))
            .Where(log => !log.Model.Metadata.Has("expert_count") && log.Row.BatchedTokens is not null
                && VllmTower.Parameters(log.Model, Published(log.Row)) == 0)
            .ToArray();
        foreach (var isLean in new[] { false, true })
        {
            var points = rows.Where(log => IsLean(log.Row) == isLean)
                .Select(log => (X: Logits(log), Y: log.Row.Activation!.Value - Stream(log), Log: log))
                .Where(point => point.X > 0.4)
                .ToArray();
            var (copies, constant) = Line(points.Select(point => (point.X, point.Y)).ToArray());
            Console.WriteLine(FormattableString.Invariant(
                $"{(isLean ? "since 0.17" : "before"),-10} {points.Length} logs: {copies:0.00} copies of the logits ") +
                FormattableString.Invariant($"and {constant * 1024:0} MiB"));
        }

        foreach (var log in rows.Where(log => Logits(log) < 0.2))
        {
            var widths = (log.Row.Activation!.Value - FeedForward(log) - (1.0 / 16)) / Stream(log);
            Console.WriteLine(FormattableString.Invariant($"{log.Row}: at most {widths:0.00} widths of the stream"));
        }

        return 0;
    }

    private static bool IsLean(ServingRow row) =>
        VllmVersion.Parse(row.Version).IsAtLeast(VllmVersion.LeanSampler);

    private static long? Published(ServingRow row) =>
        ModelCatalog.Resolve(row.Model, NullSink.Instance).ParameterCount;

    private static ModelDefinition Define(ServingRow row) =>
        ModelCatalog.Resolve(row.Model, NullSink.Instance).Layout!.Define("BF16", []);

    private static double Logits((ServingRow Row, ModelDefinition Model) log) =>
        4.0 * log.Model.Metadata.Integer("vocab_size", 0) * log.Row.Sequences!.Value / GiB;

    private static double Stream((ServingRow Row, ModelDefinition Model) log) =>
        2.0 * log.Model.Metadata.Integer("embedding_length", 0) * log.Row.BatchedTokens!.Value / GiB;

    private static double FeedForward((ServingRow Row, ModelDefinition Model) log) =>
        6.0 * log.Model.Metadata.Integer("feed_forward_length", 0) / log.Row.Tensor
            * log.Row.BatchedTokens!.Value / GiB;

    private static (double Slope, double Constant) Line(IReadOnlyList<(double X, double Y)> points)
    {
        var (x, y) = (points.Average(point => point.X), points.Average(point => point.Y));
        var slope = points.Sum(point => (point.X - x) * (point.Y - y))
            / points.Sum(point => (point.X - x) * (point.X - x));
        return (slope, y - (slope * x));
    }
}
