using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using ModelFit.Catalog;
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

    /// <summary>Prediction over measurement, less one.</summary>
    public double Error => (Predict() / TokensPerSecond) - 1;

    private int Tokens => int.Parse(Test.AsSpan(2), CultureInfo.InvariantCulture);

    private double Predict()
    {
        const int leastContext = 512, logicalBatch = 2048;
        var cards = GpuCatalog.ResolveMany(Gpus, null, NullSink.Instance);
        var definition = ModelCatalog.Resolve(Model, NullSink.Instance).Layout!
            .Define(Quantization, new List<string>());
        var context = Math.Max(leastContext, Tokens);
        var options = new RuntimeOptions { ContextLength = context, BatchSize = Math.Min(logicalBatch, context) };
        var layout = new DeviceLayout { Backend = Backend, GpuCount = cards.Count };
        var budgets = cards.Select((card, index) => new CardBudget(index, card, 0, 0, 0)).ToArray();
        var map = MemoryModel.Measure(definition, options, layout);
        var placed = new PlacedModel(PlacementKind.OneCard, budgets, layout, map);
        var depth = IsDecode ? Tokens / 2 : 0;
        var estimate = SpeedModel.Estimate(definition, options, placed, null, NullSink.Instance, depth)!;
        return IsDecode ? estimate.DecodeTokensPerSecond : estimate.PrefillTokensPerSecond;
    }
}
