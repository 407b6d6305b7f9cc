using BenchmarkDotNet.Attributes;
using ModelFit.Catalog;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Speed;

namespace ModelFit.Bench;

/// <summary>One prediction of decode and prefill, of a placement that was measured.</summary>
[MemoryDiagnoser]
public class SpeedBenchmarks
{
    private static readonly ModelDefinition Dense = Define("meta-llama/Llama-3.1-8B-Instruct");
    private static readonly ModelDefinition Sparse = Define("mistralai/Mixtral-8x22B-v0.1");

    private readonly PlacedModel _whole = Place(Dense, null);
    private readonly PlacedModel _experts = Place(Sparse, "blk\\.(3|4|5)\\.ffn_(up|gate)_(ch|)exps=CPU");

    /// <summary>All of it on a card.</summary>
    [Benchmark]
    public object? Whole() => Estimate(Dense, _whole);

    /// <summary>Experts in system memory by a pattern.</summary>
    [Benchmark]
    public object? ExpertsByPattern() => Estimate(Sparse, _experts);

    private static ModelDefinition Define(string name) =>
        ModelCatalog.Resolve(name, NullSink.Instance).Layout!.Define("Q4_K_M", new List<string>());

    private static PlacedModel Place(ModelDefinition model, string? pattern)
    {
        var cards = GpuCatalog.ResolveMany("RTX 3090", null, NullSink.Instance);
        var layout = new DeviceLayout
        {
            TensorOverrides = pattern is null ? null : new EquatableArray<string>([pattern]),
        };
        return new PlacedModel(
            PlacementKind.OneCard,
            cards.Select((card, index) => new CardBudget(index, card, 0, 0, 0)).ToArray(),
            layout,
            MemoryModel.Measure(model, new RuntimeOptions(), layout));
    }

    private static SpeedPrediction? Estimate(ModelDefinition model, PlacedModel placed) =>
        SpeedModel.Estimate(model, new RuntimeOptions(), placed, null, ServingLoad.Default, NullSink.Instance);
}
