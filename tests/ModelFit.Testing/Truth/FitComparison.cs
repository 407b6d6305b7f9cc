using ModelFit.Fit;
using ModelFit.Memory;

namespace ModelFit.Testing.Truth;

/// <summary>The planner asked all that llama.cpp was asked.</summary>
public sealed class FitComparison
{
    /// <summary>Tables of a few bytes that every card gets its copy of are no layers.</summary>
    private const long SameBytes = 1 << 20;

    public FitComparison()
    {
        var models = CompactHeaders.Read(RepositoryFolder.Path("tests", "data", "memory", "headers.txt"));
        foreach (var row in FitRow.Read())
        {
            // One cache for all sequences is asked for as what one of them may use.
            var trained = Math.Max(row.TrainedContext, row.AskedContext) * (row.Unified ? row.Sequences : 1);
            Compare(row, FixedLayout.Model(row.Model, models[row.Model], trained));
        }
    }

    internal List<string> Over { get; } = [];

    /// <summary>A line of Markdown a kind.</summary>
    internal string Table => string.Concat(
        from kind in Rows.GroupBy(row => row.Kind).OrderBy(kind => kind.Key)
        let over = Over.Count(name => kind.Any(row => row.Name == name))
        let holding = kind.Count(row => row.HoldsAsMuch)
        let share = 100.0 * holding / kind.Count()
        let figures = FormattableString.Invariant($"{kind.Count()} | {over} | {holding} | {share:0.0} %")
        select $"| {kind.Key} | {figures} |\n");

    internal List<(string Kind, bool HoldsAsMuch, string Name, string Text)> Rows { get; } = [];

    private static FitQuestion QuestionOf(FitRow row, ModelSpec model) => new()
    {
        Model = model,
        OverheadBytes = 0,
        ReserveBytes = FitRow.MarginBytes,
        Machine = new MachineSpec
        {
            SystemMemoryBytes = 4L << 40,
            Gpus = row.FreeBytes.Select(bytes => new GpuSpec
            {
                Name = "Card",
                Vendor = "NVIDIA",
                MemoryBytes = bytes,
                MemoryBandwidth = 900_000_000_000,
            }).ToArray(),
        },
        Options = new RuntimeOptions
        {
            ContextLength = (row.AskedContext == 0 ? row.TrainedContext : row.AskedContext)
                * (row.Unified ? row.Sequences : 1),
            ParallelSequences = row.Sequences,
            KvUnified = row.Unified,
            OutputCount = row.Outputs,
            KeyCacheType = row.CacheType,
            ValueCacheType = row.CacheType,
        },
    };

    private void Compare(FitRow row, ModelSpec model)
    {
        const int leastContext = 4096;
        var options = row.AskedContext > 0
            ? new PlanOptions()
            : new PlanOptions
            {
                Allow = PlanTrades.ContextReduction,
                MinimumContextLength = leastContext,
            };
        var (fit, decision) = FitEngine.Decide(QuestionOf(row, model), options);
        var map = MemoryModel.Measure(
            fit.Definition, fit.Question.Options, decision.Placed.Layout, isReal: false);
        if (map.Gpus.Where((gpu, card) => gpu.TotalBytes > row.FreeBytes[card] - FitRow.MarginBytes).Any())
            Over.Add(row.ToString());
        if (row.ExcessBytes > 0) return;
        var slots = fit.Search.Costs.LayerCount;
        var ours = (
            Layers: Math.Min(slots, decision.Placed.Layout.GpuLayers),
            WeightBytes: decision.Placed.GpuWeightBytes,
            Context: fit.Question.Options.TotalTokens);
        var layers = row.GpuLayers < 0 ? slots : row.GpuLayers;
        var order = ours.Layers != layers ? ours.Layers.CompareTo(layers)
            : Math.Abs(ours.WeightBytes - row.GpuWeightBytes) > SameBytes
                ? ours.WeightBytes.CompareTo(row.GpuWeightBytes)
            : ours.Context.CompareTo(Math.Min(row.Context, RequestedContext(row)));
        Rows.Add((
            row.Kind(fit.Search.Costs.HasExperts),
            order >= 0,
            row.ToString(),
            $"{row}: {ours} for {layers} {row.GpuWeightBytes} {row.Context}"));
    }

    /// <summary>Padding is no context that was asked for.</summary>
    private static long RequestedContext(FitRow row) => row.AskedContext == 0
        ? (long)row.TrainedContext * row.Sequences
        : (long)row.AskedContext * row.Sequences;
}
