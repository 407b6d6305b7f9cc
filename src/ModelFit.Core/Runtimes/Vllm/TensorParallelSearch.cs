using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;

namespace ModelFit.Runtimes.Vllm;

/// <summary>Finds the cards on which vLLM can hold a model: all of it, in equal shares of every layer.</summary>
internal sealed class TensorParallelSearch : IPlacementSearch
{
    private readonly ModelDefinition _model;
    private readonly RuntimeOptions _options;
    private readonly MachineBudget _machine;
    private readonly int? _cards;

    /// <summary>Starts a search; <paramref name="cards"/> pins the number of cards.</summary>
    public TensorParallelSearch(ModelDefinition model, RuntimeOptions options, MachineBudget machine, int? cards)
    {
        _model = model;
        _options = options;
        _machine = machine;
        _cards = cards;
        Costs = CostTables.Of(model, options.LoadMtp);
        OnOneCard = VllmMemory.Measure(model, options, 1);
    }

    /// <inheritdoc/>
    public LayerCosts Costs { get; }

    /// <inheritdoc/>
    public MemoryMap OnOneCard { get; }

    /// <inheritdoc/>
    public bool UsesHost => false;

    /// <summary>The fewest of the fastest cards that hold it, then the fewest of the largest.</summary>
    public IEnumerable<PlacedModel> Whole(bool keepReserve)
    {
        if (FewestOf(ByBandwidth(), keepReserve) is not { } fastest) yield break;
        yield return fastest;
        var byRoom = _machine.Cards.OrderByDescending(card => card.Limit(keepReserve)).ToArray();
        if (FewestOf(byRoom, keepReserve) is { } largest && largest.Cards.Count < fastest.Cards.Count)
            yield return largest;
    }

    /// <inheritdoc/>
    public PlacedModel WholeAnyway()
    {
        var counts = Counts().ToArray();
        return On(ByBandwidth().Take(counts.Length == 0 ? _machine.Cards.Count : counts.Max()));
    }

    /// <inheritdoc/>
    public PlacedModel Processor() => On(Array.Empty<CardBudget>());

    /// <inheritdoc/>
    public IEnumerable<PlacedModel> Offloaded(bool keepReserve) => Array.Empty<PlacedModel>();

    /// <inheritdoc/>
    public IEnumerable<PlacedModel> Alternatives(bool keepReserve) => Counts()
        .Select(count => On(ByBandwidth().Take(count)))
        .Where(placed => placed.FitsCards(keepReserve));

    /// <inheritdoc/>
    public PlacedModel? Pinned() => null;

    private IEnumerable<int> Counts() => !VllmMemory.RunsOn(_machine.Backend)
        ? Array.Empty<int>()
        : _cards is { } pinned
        ? Enumerable.Repeat(pinned, pinned <= _machine.Cards.Count ? 1 : 0)
        : Enumerable.Range(1, _machine.Cards.Count).Where(count => VllmMemory.CanShare(_model, count));

    private CardBudget[] ByBandwidth() => _machine.Cards
        .OrderByDescending(card => card.Card.MemoryBandwidth ?? 0)
        .ThenByDescending(card => card.AvailableBytes).ToArray();

    private PlacedModel? FewestOf(CardBudget[] ranked, bool keepReserve) => Counts()
        .Select(count => On(ranked.Take(count)))
        .FirstOrDefault(placed => placed.FitsCards(keepReserve));

    private PlacedModel On(IEnumerable<CardBudget> chosen)
    {
        var cards = chosen.OrderBy(card => card.Index).ToArray();
        var layout = new DeviceLayout
        {
            Backend = _machine.Backend,
            GpuCount = cards.Length,
            GpuLayers = cards.Length == 0 ? 0 : Costs.SlotCount,
        };
        var kind = cards.Length switch
        {
            0 => PlacementKind.Processor,
            1 => PlacementKind.OneCard,
            _ => PlacementKind.SeveralCards,
        };
        var map = cards.Length switch
        {
            0 => MemoryModel.Measure(_model, _options, layout),
            1 => OnOneCard,
            _ => VllmMemory.Measure(_model, _options, cards.Length),
        };
        return new PlacedModel(kind, cards, layout, map) { IsTensorParallel = cards.Length > 1 };
    }
}
