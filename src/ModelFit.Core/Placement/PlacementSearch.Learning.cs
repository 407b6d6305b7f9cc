using ModelFit.Graph;
using ModelFit.Memory;

namespace ModelFit.Placement;

/// <content>
/// Splits over cards: each is predicted, measured, and the next predicted with what was measured beyond.
/// </content>
internal sealed partial class PlacementSearch
{
    private const int MaxMeasures = 12;

    private PlacedModel? WholeOver(CardBudget[] cards, bool keepReserve)
    {
        // Weights and caches follow from the layers; compute buffers do not. What they take in even shares, which all
        // machines with as many cards have in common, is kept free in the first try, and what is measured beyond in the
        // next. They only ever grow here, so that the tries end.
        var even = InEvenShares(cards);
        if (AreAlike(cards) && even.FitsCards(keepReserve)) return even;
        var rest = new double[cards.Length];
        Learn(even.LayerSplit!, even, rest, onlyMore: true);
        for (var tries = 0; tries < MaxMeasures; tries++)
        {
            var room = cards.Select((card, i) => card.Limit(keepReserve) - rest[i]).ToArray();
            if (Spread(cards, room) is not { } split) return null;
            var placed = Place(split, cards);
            if (placed.FitsCards(keepReserve)) return placed;
            if (!Learn(split, placed, rest, onlyMore: true)) return null;
        }

        return null;
    }

    /// <summary>All of it over cards in even shares, whether or not it fits.</summary>
    private PlacedModel InEvenShares(IReadOnlyList<CardBudget> cards) => Place(
        Packing.Even(_costs.LayerCount, 0, cards.Select(_ => double.PositiveInfinity).ToArray())!, cards);

    /// <summary>Even shares over cards as fast as each other, else as much as possible on the fast.</summary>
    private LayerSplit? Spread(CardBudget[] cards, double[] room)
    {
        var slowest = 0;
        for (var i = 1; i < cards.Length; i++)
            if ((cards[i].Card.MemoryBandwidth ?? 0) < (cards[slowest].Card.MemoryBandwidth ?? 0)) slowest = i;
        return AreAlike(cards)
            ? Packing.Balance(room) ?? Packing.Favour(room, slowest)
            : Packing.Favour(room, slowest) ?? Packing.Balance(room);
    }

    /// <summary>Whether cards are as fast as each other.</summary>
    private static bool AreAlike(CardBudget[] cards)
    {
        const double sameSpeed = 0.95;
        return cards.Min(card => card.Card.MemoryBandwidth ?? 0)
            >= sameSpeed * cards.Max(card => card.Card.MemoryBandwidth ?? 0);
    }

    private PlacedModel? FullestOf(
        CardBudget[] cards, bool keepReserve, IReadOnlyList<(int Layers, int Host)> levels, bool fromTail)
    {
        var rest = ComputeOf(FirstGuess(cards.Length));
        PlacedModel? best = null;
        var seen = new HashSet<DeviceLayout>();
        for (var tries = 0; tries < MaxMeasures; tries++)
        {
            var room = cards.Select((card, i) => card.Limit(keepReserve) - rest[i]).ToArray();
            if (FillLevels.Highest(levels, (layers, host) => Packing.Fill(layers, host, fromTail, room))
                is not { } split) break;
            var placed = Place(split, cards);

            // The same layout again: nothing is learned any more. One that fits may have been predicted too large, so
            // what is kept free may shrink again after it, after one that does not it may only grow.
            if (!seen.Add(placed.Layout)) break;
            var fits = placed.FitsCards(keepReserve);
            if (fits && IsFuller(placed, best)) best = placed;
            Learn(split, placed, rest, onlyMore: !fits);
        }

        return best;
    }

    private static bool IsFuller(PlacedModel placed, PlacedModel? best) =>
        best is null || placed.Layout.GpuLayers > best.Layout.GpuLayers
        || (placed.Layout.GpuLayers == best.Layout.GpuLayers && placed.GpuWeightBytes > best.GpuWeightBytes);

    private PlacedModel Place(LayerSplit split, IReadOnlyList<CardBudget> cards)
    {
        var layout = split.ToLayout(_costs, _machine.Backend) with { IsOutputLast = _rules.PutsOutputLast };
        var placed = Allocated(KindOf(layout, cards.Count), cards, layout);
        return placed with
        {
            LayerSplit = split,
            CheckedBytes = placed.Layout.IsWithoutCopies ? 0 : CheckedBytes(layout, cards.Count),
        };
    }

    /// <summary>
    /// With several cards that hold everything, the check counts four pipeline copies of the tensor that crosses from
    /// card to card, of as many numbers as the embedding is wide for each token of a micro-batch, where the allocation
    /// has none (src/llama-context.cpp, sched_reserve; ggml_backend_sched_reserve_size forgets forced placements).
    /// </summary>
    private long CheckedBytes(DeviceLayout layout, int cards)
    {
        const int copies = 4;
        if (cards < 2 || KindOf(layout, cards) != PlacementKind.SeveralCards || !_options.OffloadKv) return 0;
        var tokens = Math.Min(_options.MicroBatchSize, _options.BatchSize);
        return copies * sizeof(float) * _model.Metadata.Integer("embedding_length", 0) * tokens;
    }

    private PlacementKind KindOf(DeviceLayout layout, int cards)
    {
        if (layout.GpuLayers < _costs.LayerCount) return PlacementKind.LayersOnHost;
        var host = (layout.CpuMoeLayers > 0 && _costs.HasExperts) || layout.TensorOverrides is not null;
        return host ? PlacementKind.ExpertsOnHost
            : cards > 1 ? PlacementKind.SeveralCards
            : PlacementKind.OneCard;
    }

    /// <summary>
    /// Takes what a card was measured to hold beyond prediction (compute buffers, chiefly) into account. False if
    /// nothing was learned.
    /// </summary>
    private bool Learn(LayerSplit split, PlacedModel placed, double[] rest, bool onlyMore)
    {
        var learned = false;
        for (var card = 0; card < rest.Length; card++)
        {
            var seen = placed.NeededOn(card) - split.Bytes(_costs, card, CachePerLayer);
            if (onlyMore && seen <= rest[card]) continue;
            learned |= seen != rest[card];
            rest[card] = seen;
        }

        return learned;
    }

    /// <summary>A partial placement on so many cards, to start from.</summary>
    private MemoryEstimate FirstGuess(int cards) => Measure(new DeviceLayout
    {
        Backend = _machine.Backend,
        GpuCount = cards,
        GpuLayers = _costs.HasExperts ? _costs.LayerCount : _costs.LayerCount / 2,
        CpuMoeLayers = _costs.ExpertLayers,
    });

    private static double[] ComputeOf(MemoryEstimate memory) =>
        memory.Gpus.Select(gpu => (double)gpu.ComputeBytes).ToArray();
}
