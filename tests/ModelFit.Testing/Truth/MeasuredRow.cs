using System.Globalization;
using ModelFit.Catalog;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Placement;
using ModelFit.Speed;

namespace ModelFit.Testing.Truth;

/// <summary>One published measurement of llama-bench, and what is predicted for it.</summary>
internal sealed record MeasuredRow(
    string Gpus, ComputeBackend Backend, string Model, string Quantization, string Test, double TokensPerSecond)
{
    /// <summary>Whether tokens were written (<c>tg128</c>) and not read (<c>pp512</c>).</summary>
    public bool IsDecode => Test.StartsWith("tg", StringComparison.Ordinal);

    /// <summary>Tokens already in the cache (<c>tg32 @ d16384</c>).</summary>
    private int Depth => Test.IndexOf('d') is > 0 and var at
        ? int.Parse(Test.AsSpan(at + 1), CultureInfo.InvariantCulture)
        : 0;

    private int Tokens => int.Parse(Test.Split(' ')[0].AsSpan(2), CultureInfo.InvariantCulture);

    /// <summary>The prediction of what was measured.</summary>
    public SpeedFigure Predict()
    {
        var cards = GpuCatalog.ResolveMany(Gpus, null, NullSink.Instance);
        var definition = ModelCatalog.Resolve(Model, NullSink.Instance).Layout!
            .Define(Quantization, new List<string>());
        var options = new RuntimeOptions();
        var load = new ServingLoad
        {
            UsedContext = Depth + (IsDecode ? Tokens / 2 : 0),
            PromptLength = IsDecode ? ServingLoad.DefaultPromptLength : Tokens,
        };
        var layout = new DeviceLayout { Backend = Backend, GpuCount = cards.Count };
        var budgets = cards.Select((card, index) => new CardBudget(index, card, 0, 0, 0)).ToArray();
        var map = MemoryModel.Measure(definition, options, layout);
        var placed = new PlacedModel(PlacementKind.OneCard, budgets, layout, map);
        var estimate = SpeedModel.Estimate(definition, options, placed, null, load, NullSink.Instance)!;
        return IsDecode ? estimate.Decode : estimate.Prefill;
    }
}
