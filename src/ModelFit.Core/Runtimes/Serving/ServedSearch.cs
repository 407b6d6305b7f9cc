using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;

namespace ModelFit.Runtimes.Serving;

/// <summary>Finds the cards on which an engine can hold a model: all of it, in equal shares of every layer.</summary>
internal sealed class ServedSearch(
    ServedRuntime runtime, FitQuestion question, ModelDefinition model, MachineBudget machine) : IPlacementSearch
{
    private readonly ServedRuntime _runtime = runtime;
    private readonly FitQuestion _question = question;
    private readonly ModelDefinition _model = model;
    private readonly MachineBudget _machine = machine;
    private readonly Dictionary<int, ServedEstimate> _estimates = new();
    private MemoryEstimate? _onOneCard;

    private RuntimeOptions Options => _question.Options;

    private ServingOptions Told => Options.Serving;

    public LayerCosts Costs { get; } = LayerCosts.Of(model, question.Options.LoadMtp);

    public MemoryEstimate OnOneCard => _onOneCard ??= Memory(1);

    public bool UsesHost => false;

    /// <summary>The fewest of the fastest cards that hold it, then the fewest of the largest.</summary>
    public IEnumerable<PlacedModel> Whole(bool keepReserve)
    {
        if (FewestOf(ByBandwidth(), keepReserve) is not { } fastest) yield break;
        yield return fastest;
        var byRoom = _machine.Cards
            .OrderByDescending(RunsOn).ThenByDescending(card => card.Limit(keepReserve)).ToArray();
        if (FewestOf(byRoom, keepReserve) is { } largest && largest.Cards.Count < fastest.Cards.Count)
            yield return largest;
    }

    public PlacedModel WholeAnyway()
    {
        var counts = Counts().ToArray();
        return counts.Length == 0 ? On(ByBandwidth(), _machine.Cards.Count) : On(ByBandwidth(), counts.Max());
    }

    public PlacedModel Processor() => On(Array.Empty<CardBudget>(), 0);

    public IEnumerable<PlacedModel> Offloaded(bool keepReserve) => Array.Empty<PlacedModel>();

    public bool MayOffload(bool keepReserve) => false;

    public bool HasOffloaded(bool keepReserve, Func<PlacedModel, bool> suits, Func<PlacedModel?> find) => false;

    public PlacedModel? AnyOffloaded(bool keepReserve, Func<PlacedModel, bool> suits) => null;

    public IEnumerable<PlacedModel> Plain(bool keepReserve) => Array.Empty<PlacedModel>();

    public IEnumerable<PlacedModel> Alternatives(bool keepReserve) => Counts()
        .Select(count => On(ByBandwidth(), count))
        .Where(placed => placed.FitsCards(keepReserve));

    public PlacedModel? Pinned() => null;

    /// <summary>The longest context, up to a length, with which it starts on the machine; 0 if none.</summary>
    public int LongestContext(int most) => Counts().Select(count =>
    {
        var cards = ByBandwidth().Take(CardsOf(count)).ToArray();
        var room = cards.Min(card => card.Limit(keepReserve: false));
        return Of(count).LongestContext(room, most, Options.ParallelSequences);
    }).DefaultIfEmpty(0).Max();

    /// <summary>Numbers of cards that may share each layer.</summary>
    private IEnumerable<int> Counts()
    {
        var cards = _machine.Cards.Count(RunsOn);
        var each = CardsOf(1);
        if (_question.CardCount is { } pinned) return Enumerable.Repeat(pinned, pinned * each <= cards ? 1 : 0);
        return Enumerable.Range(1, cards / each)
            .Where(count => _runtime.RefusalOfCards(_model, count) is null);
    }

    private int CardsOf(int tensor) => tensor * Told.PipelineParallel * Told.DataParallel;

    private bool RunsOn(CardBudget card) => _runtime.RefusalOf(card.Card, _machine.Backend, _question) is null;

    private CardBudget[] ByBandwidth() => _machine.Cards
        .OrderByDescending(RunsOn)
        .ThenByDescending(card => card.Card.MemoryBandwidth ?? 0)
        .ThenByDescending(card => card.AvailableBytes).ToArray();

    private PlacedModel? FewestOf(CardBudget[] ranked, bool keepReserve) => Counts()
        .Select(count => On(ranked, count))
        .FirstOrDefault(placed => placed.FitsCards(keepReserve));

    private PlacedModel On(IReadOnlyList<CardBudget> ranked, int tensor)
    {
        var cards = ranked.Take(Math.Max(tensor, CardsOf(tensor))).OrderBy(card => card.Index).ToArray();
        var layout = new DeviceLayout
        {
            Backend = _machine.Backend,
            GpuCount = cards.Length,
            GpuLayers = cards.Length == 0 ? 0 : Costs.LayerCount,
        };
        if (cards.Length == 0)
        {
            var host = MemoryModel.Measure(_model, Options, layout);
            return new PlacedModel(PlacementKind.Processor, cards, layout, host);
        }

        var kind = cards.Length == 1 ? PlacementKind.OneCard : PlacementKind.SeveralCards;
        var (estimate, share) = Fitted(cards, tensor);
        var capacity = estimate.Capacity(cards.Min(card => ShareBytes(card, share)));
        return new PlacedModel(kind, cards, layout, estimate.Memory(Options.ParallelSequences, cards.Length))
        {
            IsTensorParallel = tensor > 1,
            Capacity = !_runtime.FillsCards ? null : new CacheCapacity(
                capacity.CacheBytes,
                capacity.Tokens,
                capacity.Concurrency,
                share,
                estimate.Sequences,
                estimate.BatchedTokens),
            Refusal = RefusalOf(cards, tensor, estimate, capacity),
        };
    }

    /// <summary>
    /// The estimate with the share of the cards. A plan leaves the engine its own number of sequences, which serves
    /// short requests together, or takes the one that was asked for; fewer where that leaves too little cache, or too
    /// few blocks for their recurrent states.
    /// </summary>
    private (ServedEstimate Estimate, double Share) Fitted(CardBudget[] cards, int tensor)
    {
        var estimate = Of(tensor, cards[0].Card);
        if (_runtime.ShareSaid(_question) is not null || Told.MaxSequences is not null)
            return (estimate, Share(cards, estimate));
        var wanted = Math.Max(1, Options.ParallelSequences);
        if (wanted > 1) estimate = With(wanted, cards, tensor);
        var share = Share(cards, estimate);
        var capacity = estimate.Capacity(cards.Min(card => ShareBytes(card, share)));
        var blocks = estimate.StateBlocks(capacity) ?? estimate.Sequences;
        if (capacity.Concurrency >= wanted && blocks >= estimate.Sequences) return (estimate, share);
        var held = (int)Math.Min(
            capacity.Concurrency >= wanted ? blocks : (long)capacity.Concurrency, estimate.Sequences);
        var fewer = With(Math.Max(wanted, held), cards, tensor);
        return (fewer, Share(cards, fewer));
    }

    private ServedEstimate With(int sequences, CardBudget[] cards, int tensor) => _runtime.Estimate(Question(
        Options with { Serving = Told with { MaxSequences = sequences } }, tensor, cards[0].Card));

    private double Share(CardBudget[] cards, ServedEstimate estimate) => _runtime.ShareSaid(_question)
        ?? _runtime.ShareOf(_question, cards, estimate.NeededBytes(Options.ParallelSequences));

    private long ShareBytes(CardBudget card, double share) =>
        card.ShareBytes ?? (long)(share * _runtime.TotalOf(card));

    private string? RefusalOf(CardBudget[] cards, int tensor, ServedEstimate estimate, ServedCapacity capacity)
    {
        if (CardsOf(_question.CardCount ?? tensor) is var wanted && wanted > _machine.Cards.Count)
            return FormattableString.Invariant($"{_runtime.Name} is set to use {wanted} cards");
        return _runtime.RefusalOfBudget(_question, cards, estimate, capacity);
    }

    private MemoryEstimate Memory(int tensor) =>
        Of(tensor).Memory(Options.ParallelSequences, tensor);

    private ServedEstimate Of(int tensor, GpuSpec? card = null)
    {
        if (_estimates.TryGetValue(tensor, out var known)) return known;
        var asked = card ?? (_machine.Cards.Count > 0 ? ByBandwidth()[0].Card : null);
        return _estimates[tensor] = _runtime.Estimate(Question(Options, tensor, asked));
    }

    private ServedQuestion Question(RuntimeOptions options, int tensor, GpuSpec? card) => new(
        _model, _question.Quantization, _question.Model.ParameterCount, options, card, Parallelism.Of(Told, tensor));
}
