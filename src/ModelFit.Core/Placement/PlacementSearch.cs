using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;

namespace ModelFit.Placement;

/// <summary>
/// Finds where a model can go on a machine. Sizes are predicted layer by layer, and every placement that is handed out
/// was measured by <see cref="MemoryModel"/>: predictions only decide what to measure.
/// </summary>
internal sealed partial class PlacementSearch : IPlacementSearch
{
    /// <summary>Most cards that <c>-ts</c> can name: one less than llama_max_devices (common/arg.cpp).</summary>
    private const int MostCards = 15;

    private readonly ModelDefinition _model;
    private readonly RuntimeOptions _options;
    private readonly MachineBudget _machine;
    private readonly PlacementPins _pins;
    private readonly LayerCosts _costs;
    private readonly PlacementRules _rules;
    private MemoryEstimate? _onOneCard;
    private double[]? _cachePerLayer;
    private LayerPacking? _packing;
    private List<PlacedModel>? _whole;
    private List<PlacedModel>? _wholeBesideReserve;

    /// <summary>Starts a search.</summary>
    public PlacementSearch(
        ModelDefinition model,
        RuntimeOptions options,
        MachineBudget machine,
        PlacementPins pins,
        PlacementRules rules)
    {
        _model = model;
        _options = options;
        _machine = machine;
        _pins = pins;
        _rules = rules;
        _costs = LayerCosts.Of(model, options.LoadMtp);
    }

    public LayerCosts Costs => _costs;

    public MemoryEstimate OnOneCard => _onOneCard ??= Measure(_machine.Backend == ComputeBackend.Cpu
        ? ProcessorLayout()
        : new DeviceLayout { Backend = _machine.Backend, GpuLayers = _costs.LayerCount });

    private double[] CachePerLayer => _cachePerLayer ??= SpreadCache(OnOneCard.Gpus.Sum(gpu => gpu.KvCacheBytes));

    private LayerPacking Packing => _packing ??=
        new LayerPacking(_costs, CachePerLayer, keepsExpertsWhole: _pins.CpuMoeLayers is not null);

    public bool UsesHost => true;

    /// <summary>
    /// Placements with all of it on cards: the fastest single card that holds it, else the fewest of the fastest and
    /// the fewest of the largest cards.
    /// </summary>
    public IEnumerable<PlacedModel> Whole(bool keepReserve) =>
        (keepReserve ? _wholeBesideReserve : _whole) ?? Remembered(keepReserve);

    private IEnumerable<PlacedModel> Remembered(bool keepReserve)
    {
        var found = new List<PlacedModel>();
        foreach (var placed in FindWhole(keepReserve))
        {
            found.Add(placed);
            yield return placed;
        }

        if (keepReserve) _wholeBesideReserve = found;
        else _whole = found;
    }

    private IEnumerable<PlacedModel> FindWhole(bool keepReserve)
    {
        if (!_pins.AllowWhole(_costs) || _machine.Cards.Count == 0) yield break;
        if (_pins.AreFixed)
        {
            if (Pinned() is { } pinned && pinned.FitsCards(keepReserve)) yield return pinned;
            yield break;
        }

        if (_pins.Split is not null)
        {
            if (WholeAnyway() is { } split && split.FitsCards(keepReserve)) yield return split;
            yield break;
        }

        // A token of one sequence passes the cards one after another: a second card adds room, not speed, so the fewest
        // are best.
        var byBandwidth = _machine.Cards.OrderByDescending(card => card.Card.MemoryBandwidth ?? 0)
            .ThenByDescending(card => card.Limit(keepReserve)).ToArray();
        foreach (var card in byBandwidth)
        {
            if (WholeOnOne(card, keepReserve) is not { } placed) continue;
            yield return placed;
            break;
        }

        var byRoom = _machine.Cards.OrderByDescending(card => card.Limit(keepReserve)).ToArray();
        if (FewestOf(byBandwidth, keepReserve) is not { } fastest) yield break;
        yield return fastest;
        if (byRoom.SequenceEqual(byBandwidth)) yield break;
        if (FewestOf(byRoom, keepReserve) is { } largest && largest.Cards.Count < fastest.Cards.Count)
            yield return largest;
    }

    /// <summary>
    /// All of it over all cards, whether or not it fits: in even shares, so that the figure is one of the model and of
    /// their number, whatever is in use there.
    /// </summary>
    public PlacedModel WholeAnyway()
    {
        var cards = _machine.Cards;
        if (cards.Count <= 1)
            return new PlacedModel(PlacementKind.OneCard, cards, WholeLayout(_pins.Split, cards), OnOneCard);
        return (_pins.Split ?? (_rules.SplitsItself ? SharesOf(cards) : null)) is { } shares
            ? Allocated(PlacementKind.SeveralCards, cards, WholeLayout(shares, cards))
            : InEvenShares(cards);
    }

    /// <summary>
    /// A placement as it is allocated: where copies for pipeline parallelism find no room, without them.
    /// </summary>
    private PlacedModel Allocated(PlacementKind kind, IReadOnlyList<CardBudget> cards, DeviceLayout layout)
    {
        var placed = new PlacedModel(kind, cards, layout, Measure(layout));
        if (kind != PlacementKind.SeveralCards || placed.FitsCards(keepReserve: false)) return placed;
        // Without copies it still has its weights and caches.
        if (cards.Where((card, i) => placed.Memory.Devices[i].LoadedBytes > card.Limit(keepReserve: false)).Any())
            return placed;
        // sched_reserve (src/llama-context.cpp) tries again without pipeline parallelism where its copies find no room.
        var bare = layout with { IsWithoutCopies = true };
        var retried = new PlacedModel(kind, cards, bare, Measure(bare));
        return retried.FitsCards(keepReserve: false) ? retried : placed;
    }

    /// <summary>Shares as llama.cpp takes them where none are given: free memory.</summary>
    private static EquatableArray<double>? SharesOf(IReadOnlyList<CardBudget> cards) => cards.Count < 2
        ? null
        : new EquatableArray<double>(cards.Select(card => (double)Math.Max(1, card.AvailableBytes)));

    public PlacedModel Processor()
    {
        var layout = ProcessorLayout();
        return new PlacedModel(PlacementKind.Processor, Array.Empty<CardBudget>(), layout, Measure(layout));
    }

    private DeviceLayout ProcessorLayout() => new()
    {
        Backend = ComputeBackend.Cpu, GpuCount = 0, GpuLayers = 0, Processor = _machine.Processor,
    };

    public IEnumerable<PlacedModel> Offloaded(bool keepReserve)
    {
        var cards = Usable(keepReserve);
        if (cards.Length == 0) yield break;
        if (_pins.AreFixed)
        {
            if (Pinned() is { } pinned && pinned.FitsCards(keepReserve)) yield return pinned;
            yield break;
        }

        if (_pins.Split is not null)
        {
            var told = _machine.Cards.ToArray();
            if (FullestAsTold(told, keepReserve, !_rules.PlacesExperts) is { } split) yield return split;
            yield break;
        }

        if (FullestOf(cards, keepReserve) is { } all) yield return all;
        if (HasLaggard(cards) && OffloadedOnFastest(keepReserve) is { } one) yield return one;
    }

    /// <summary>
    /// The fastest card alone, experts left behind by their number only, and whole layers with their experts.
    /// </summary>
    public IEnumerable<PlacedModel> Alternatives(bool keepReserve)
    {
        foreach (var plain in Plain(keepReserve)) yield return plain;
        var cards = Usable(keepReserve);
        if (cards.Length == 0 || _pins.AreFixed || _pins.Split is not null) yield break;
        if (!_costs.HasExperts || _pins.CpuMoeLayers is not null) yield break;
        var levels = FillLevels.Of(_costs, _pins, wholeLayers: true);
        if (FullestOf(cards, keepReserve, levels, fromTail: false) is { } whole) yield return whole;
    }

    public IEnumerable<PlacedModel> Plain(bool keepReserve)
    {
        var cards = Usable(keepReserve);
        if (cards.Length == 0 || _pins.AreFixed || _pins.Split is not null) yield break;
        if (OffloadedOnFastest(keepReserve) is { } one) yield return one;
        if (!_costs.HasExperts || _pins.CpuMoeLayers is not null) yield break;
        if (FullestAsTold(cards, keepReserve, wholeLayers: false) is { } plain) yield return plain;
    }

    /// <summary>As <see cref="Offloaded"/>, but on the fastest card alone; null with one card.</summary>
    private PlacedModel? OffloadedOnFastest(bool keepReserve)
    {
        var cards = Usable(keepReserve);
        if (cards.Length < 2 || _pins.AreFixed || _rules.SplitsItself) return null;
        var fastest = cards.OrderByDescending(card => card.Card.MemoryBandwidth ?? 0)
            .ThenByDescending(card => card.Limit(keepReserve)).First();
        return FullestOf(new[] { fastest }, keepReserve);
    }

    /// <summary>
    /// The fullest placement: the first layers' experts on the host, which one number says, or the last layers' where
    /// that leaves clearly more of the weights on the cards (compute buffers differ).
    /// </summary>
    private PlacedModel? FullestOf(CardBudget[] cards, bool keepReserve)
    {
        const double clearly = 1.001;
        if (_rules.SplitsItself) return FullestAsTold(cards, keepReserve, !_rules.PlacesExperts);
        // Which end of the model gives its experts up changes how mixes of quantization fill the cards, no more: the
        // end that --n-cpu-moe says is kept unless the other leaves clearly more on the cards.
        var levels = FillLevels.Of(_costs, _pins, wholeLayers: false);
        var first = FullestOf(cards, keepReserve, levels, fromTail: false);
        if (first?.Kind != PlacementKind.ExpertsOnHost || _pins.CpuMoeLayers is not null) return first;
        var last = FullestOf(cards, keepReserve, levels, fromTail: true);
        return last?.Kind == PlacementKind.ExpertsOnHost && last.GpuWeightBytes > first.GpuWeightBytes * clearly
            ? last
            : first;
    }

    /// <summary>Whether a card is so slow that its part might be better off in system memory.</summary>
    private static bool HasLaggard(CardBudget[] cards)
    {
        const int timesSlower = 4;
        return cards.Min(card => card.Card.MemoryBandwidth ?? 0) * timesSlower
            < cards.Max(card => card.Card.MemoryBandwidth ?? 0);
    }

    /// <summary>
    /// The fullest placement that two numbers say, of layers and of layers without experts; several cards share by
    /// their free memory.
    /// </summary>
    private PlacedModel? FullestAsTold(CardBudget[] cards, bool keepReserve, bool wholeLayers) =>
        FillLevels.Highest(FillLevels.Of(_costs, _pins, wholeLayers), (layers, host) =>
        {
            var layout = new DeviceLayout
            {
                Backend = _machine.Backend,
                GpuCount = cards.Length,
                GpuLayers = layers,
                IsOutputLast = _rules.PutsOutputLast,
                CpuMoeLayers = host,
                Split = _pins.Split ?? SharesOf(cards),
            };
            var placed = new PlacedModel(KindOf(layout, cards.Length), cards, layout, Measure(layout));
            return placed.FitsCards(keepReserve) ? placed : null;
        });

    public PlacedModel? Pinned()
    {
        if (!_pins.Any || _machine.Cards.Count == 0) return null;
        var cards = _machine.Cards;
        var layers = Math.Min(_pins.GpuLayers ?? _costs.LayerCount, _costs.LayerCount);
        var split = _pins.Split ?? SharesOf(cards);
        var layout = new DeviceLayout
        {
            Backend = _machine.Backend,
            GpuCount = cards.Count,
            GpuLayers = layers,
            IsOutputLast = _rules.PutsOutputLast,
            CpuMoeLayers = _pins.CpuMoeLayers ?? 0,
            Split = cards.Count > 1 ? split : null,
            TensorOverrides = _pins.TensorOverrides,
            MapsParts = _rules.MapsParts,
        };
        return Allocated(KindOf(layout, cards.Count), cards, layout);
    }

    private CardBudget[] Usable(bool keepReserve) => _machine.Cards
        .Where(card => card.Limit(keepReserve) > 0)
        .OrderByDescending(card => card.Limit(keepReserve)).Take(MostCards)
        .OrderBy(card => card.Index).ToArray();

    private PlacedModel? WholeOnOne(CardBudget card, bool keepReserve)
    {
        if (OnOneCard.Devices[0].TotalBytes > card.Limit(keepReserve)) return null;
        var cards = new[] { card };
        return new PlacedModel(PlacementKind.OneCard, cards, WholeLayout(null, cards), OnOneCard);
    }

    private DeviceLayout WholeLayout(EquatableArray<double>? split, IReadOnlyList<CardBudget> cards) => new()
    {
        Backend = _machine.Backend,
        GpuCount = Math.Max(1, cards.Count),
        GpuLayers = _costs.LayerCount,
        Split = split,
    };

    private PlacedModel? FewestOf(CardBudget[] ranked, bool keepReserve)
    {
        if (_rules.SplitsItself)
            return ranked.Length > 1 && WholeAnyway() is { } all && all.FitsCards(keepReserve) ? all : null;
        var least = OnOneCard.Devices[0].LoadedBytes;
        for (var count = 2; count <= Math.Min(ranked.Length, MostCards); count++)
        {
            var cards = ranked.Take(count).OrderBy(card => card.Index).ToArray();
            if (cards.Sum(card => Math.Max(0, card.Limit(keepReserve))) < least) continue;
            if (WholeOver(cards, keepReserve) is { } placed) return placed;
        }

        return null;
    }

    private double[] SpreadCache(long cacheBytes)
    {
        var cache = new double[_costs.LayerCount];
        var layers = Math.Max(1, _costs.LayerCount - 1 - _costs.IdleLayers);
        for (var layer = 0; layer < layers && layer < cache.Length; layer++) cache[layer] = cacheBytes / (double)layers;
        return cache;
    }

    private MemoryEstimate Measure(DeviceLayout layout) => MemoryModel.Measure(_model, _options, layout);
}
