using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using ModelFit.Catalog;
using ModelFit.Memory;
using ModelFit.Placement;
using ModelFit.Speed;

namespace ModelFit.Core.Tests.Speed;

/// <summary>One published measurement of llama-bench, and what is predicted for it.</summary>
internal sealed record MeasuredRow(
    string Gpus, string Backend, string Model, string Quantization, string Test, double TokensPerSecond)
{
    /// <summary>Tokens read or written, as llama-bench names its tests: <c>pp512</c>, <c>tg128</c>.</summary>
    private int Tokens => Test.Length > 2 ? int.Parse(Test.AsSpan(2), CultureInfo.InvariantCulture) : 128;

    public bool IsDecode => Test.StartsWith("tg", StringComparison.Ordinal);

    /// <summary>The prediction in tokens a second, all of the model on the cards.</summary>
    public double Predict()
    {
        var cards = GpuCatalog.ResolveMany(Gpus, null, NullSink.Instance);
        var model = ModelCatalog.Resolve(Model, NullSink.Instance);
        var definition = model.Layout!.Define(Quantization, new List<string>());
        var options = new RuntimeOptions { ContextLength = Math.Max(512, Tokens), BatchSize = Math.Min(2048, Math.Max(512, Tokens)) };
        var layout = new DeviceLayout
        {
            Backend = Enum.Parse<ComputeBackend>(Backend),
            GpuCount = cards.Count,
        };
        var map = MemoryModel.Measure(definition, options, layout);
        var budgets = cards.Select((card, index) => new CardBudget(index, card, 0, 0, 0)).ToArray();
        var placed = new PlacedModel(PlacementKind.OneCard, budgets, layout, map);
        var depth = IsDecode ? Tokens / 2 : 0;
        var estimate = SpeedModel.Estimate(definition, options, placed, null, NullSink.Instance, depth)
            ?? throw new InvalidOperationException($"No estimate for {this}");
        return IsDecode ? estimate.DecodeTokensPerSecond : estimate.PrefillTokensPerSecond;
    }
}
