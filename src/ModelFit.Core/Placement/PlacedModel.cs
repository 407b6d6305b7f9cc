using ModelFit.Graph;
using ModelFit.Memory;

namespace ModelFit.Placement;

/// <summary>Where the parts of a model are.</summary>
internal enum PlacementKind
{
    /// <summary>All of it on one card.</summary>
    OneCard,

    /// <summary>All of it spread over several cards.</summary>
    SeveralCards,

    /// <summary>All layers on cards, experts at least partly in system memory.</summary>
    ExpertsOnHost,

    /// <summary>Layers in system memory.</summary>
    LayersOnHost,

    /// <summary>The processor alone.</summary>
    Processor,
}

/// <summary>A model on the cards of a machine: the layout, and what it takes there.</summary>
/// <param name="Kind">Where its parts are.</param>
/// <param name="Cards">The cards that take part, in the order of the layout.</param>
/// <param name="Layout">The layout as llama.cpp is told.</param>
/// <param name="Memory">What it takes.</param>
internal sealed record PlacedModel(
    PlacementKind Kind, IReadOnlyList<CardBudget> Cards, DeviceLayout Layout, MemoryEstimate Memory)
{
    /// <summary>How the layers lie; null where the question says so itself.</summary>
    public LayerSplit? LayerSplit { get; init; }

    /// <summary>
    /// Bytes that llama.cpp's own check (<c>--fit</c>) counts on every card but the first beyond what is then
    /// allocated; room is kept for them, so that the check agrees with the plan.
    /// </summary>
    public long CheckedBytes { get; init; }

    /// <summary>Bytes that a card must have room for.</summary>
    public long NeededOn(int card) => Memory.Devices[card].TotalBytes + (card > 0 ? CheckedBytes : 0);

    /// <summary>What is left for a paged cache; null for runtimes that reserve what was asked for.</summary>
    public CacheCapacity? Capacity { get; init; }

    /// <summary>Why the runtime does not start on these cards, whatever their room; null if it does.</summary>
    public string? Refusal { get; init; }

    /// <summary>Whether the cards share every layer instead of having layers of their own.</summary>
    public bool IsTensorParallel { get; init; }

    /// <summary>Bytes on the cards, overheads included.</summary>
    public long GpuBytes => Memory.Gpus.Sum(gpu => gpu.TotalBytes) + Cards.Sum(card => card.OverheadBytes);

    /// <summary>Bytes of weights on the cards.</summary>
    public long GpuWeightBytes => Memory.Gpus.Sum(gpu => gpu.WeightBytes);

    /// <summary>The backend that drives the cards.</summary>
    public ComputeBackend Backend => Layout.Backend;

    /// <summary>Whether no layer and no expert is in system memory.</summary>
    public bool IsWhole => Kind is PlacementKind.OneCard or PlacementKind.SeveralCards;

    /// <summary>Whether every card has room for its part.</summary>
    public bool FitsCards(bool keepReserve)
    {
        if (Refusal is not null) return false;
        for (var card = 0; card < Cards.Count; card++)
            if (NeededOn(card) > Cards[card].Limit(keepReserve)) return false;
        return true;
    }

    /// <summary>
    /// Whether it is not known that a card has too little: the runtime's own part and the driver's are ranges.
    /// </summary>
    public bool MayFitCards()
    {
        if (Refusal is not null) return false;
        for (var card = 0; card < Cards.Count; card++)
            if (NeededOn(card) > Cards[card].Limit(keepReserve: false) + Cards[card].UncertainBytes) return false;
        return true;
    }

    /// <summary>Whether system memory, as far as it is known, has room for its part.</summary>
    public bool MayFitHost(MachineBudget machine) =>
        (machine.PoolBytes is null && machine.HostBytes is null) || FitsHost(machine);

    /// <summary>
    /// Whether system memory has room for its part; unknown system memory has none. Where processor and GPU share a
    /// pool, both parts together must fit.
    /// </summary>
    public bool FitsHost(MachineBudget machine) =>
        machine.PoolBytes is { } pool
            ? Memory.Host.TotalBytes + GpuBytes <= pool
            : Memory.Host.TotalBytes <= (machine.HostBytes ?? -1);
}
