using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// Where llama.cpp puts a model with <c>-sm tensor</c>: a share of every matrix and of the cache on each card, computed
/// together. The buffers of one card alone were asked of it; how they are shared is modelled: weights and cache by the
/// cards' shares, compute buffers on each card as on one.
/// </summary>
internal sealed class TensorSplitSearch(
    ModelDefinition model, RuntimeOptions options, MachineBudget machine) : IPlacementSearch
{
    private readonly ModelDefinition _model = model;
    private readonly RuntimeOptions _options = options;
    private readonly MachineBudget _machine = machine;
    private MemoryEstimate? _onOneCard;
    private MemoryEstimate? _onProcessor;

    public LayerCosts Costs { get; } = LayerCosts.Of(model, options.LoadMtp);

    public MemoryEstimate OnOneCard => _onOneCard ??= Measure(OneCard);

    private DeviceLayout NoCard =>
        new() { Backend = ComputeBackend.Cpu, GpuCount = 0, GpuLayers = 0, Processor = _machine.Processor };

    private DeviceLayout OneCard => new() { Backend = _machine.Backend, GpuLayers = Costs.LayerCount };

    private DeviceLayout AllCards => OneCard with
    {
        GpuCount = _machine.Cards.Count,
        Split = _machine.Cards.Count <= 1 ? null : _options.TensorSplit
            ?? new EquatableArray<double>(_machine.Cards.Select(card => (double)Math.Max(1, card.AvailableBytes))),
    };

    public bool UsesHost => false;

    public IEnumerable<PlacedModel> Whole(bool keepReserve)
    {
        if (_machine.Cards.Count > 0 && WholeAnyway() is { } placed && placed.FitsCards(keepReserve))
            yield return placed;
    }

    public PlacedModel WholeAnyway()
    {
        var cards = _machine.Cards;
        if (cards.Count == 0) return Processor();
        var kind = cards.Count == 1 ? PlacementKind.OneCard : PlacementKind.SeveralCards;
        var total = Enumerable.Range(0, cards.Count).Sum(Share);
        var whole = OnOneCard.Devices[0];
        var devices = Enumerable.Range(0, cards.Count).Select(card => new DeviceMemory(
            false,
            card,
            (long)Math.Ceiling(whole.WeightBytes * Share(card) / total),
            (long)Math.Ceiling(whole.KvCacheBytes * Share(card) / total),
            whole.ComputeBytes,
            0));
        var memory = OnOneCard with
        {
            Devices = devices.Append(OnOneCard.Host).ToArray(),
            Accuracy = cards.Count == 1 ? OnOneCard.Accuracy : (Accuracy)Math.Max(
                (int)OnOneCard.Accuracy, (int)Accuracy.Modelled),
            Assumption = OnOneCard.Assumption
                ?? "With -sm tensor, the cards share weights and cache; each card has all compute buffers.",
        };
        return new PlacedModel(kind, cards, AllCards, memory) { IsTensorParallel = cards.Count > 1 };
    }

    public PlacedModel Processor() => new(
        PlacementKind.Processor, Array.Empty<CardBudget>(), NoCard, _onProcessor ??= Measure(NoCard));

    public IEnumerable<PlacedModel> Offloaded(bool keepReserve) => Array.Empty<PlacedModel>();

    public bool MayOffload(bool keepReserve) => false;

    public bool HasOffloaded(bool keepReserve, Func<PlacedModel, bool> suits, Func<PlacedModel?> find) => false;

    public PlacedModel? AnyOffloaded(bool keepReserve, Func<PlacedModel, bool> suits) => null;

    public IEnumerable<PlacedModel> Plain(bool keepReserve) => Array.Empty<PlacedModel>();

    public IEnumerable<PlacedModel> Alternatives(bool keepReserve) => Array.Empty<PlacedModel>();

    public PlacedModel? Pinned() => null;

    private double Share(int card) =>
        AllCards.Split is not { } split ? 1 : card < split.Count ? split[card] : 0;

    private MemoryEstimate Measure(DeviceLayout layout) => MemoryModel.Measure(
        _model, _options with { SplitMode = GpuSplitMode.Layer, TensorSplit = null }, layout);
}
