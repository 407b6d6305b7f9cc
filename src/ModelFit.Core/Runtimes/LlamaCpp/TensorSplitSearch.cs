using System;
using System.Collections.Generic;
using System.Linq;
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
internal sealed class TensorSplitSearch : IPlacementSearch
{
    private readonly MachineBudget _machine;
    private readonly DeviceLayout _layout;
    private readonly MemoryEstimate _processor;

    /// <summary>Measures a model for a machine.</summary>
    public TensorSplitSearch(ModelDefinition model, RuntimeOptions options, MachineBudget machine)
    {
        _machine = machine;
        Costs = LayerCosts.Of(model, options.LoadMtp);
        var one = options with { SplitMode = GpuSplitMode.Layer, TensorSplit = null };
        var layout = new DeviceLayout { Backend = machine.Backend, GpuLayers = Costs.LayerCount };
        OnOneCard = MemoryModel.Measure(model, one, layout);
        _processor = MemoryModel.Measure(model, one, new DeviceLayout
        {
            Backend = ComputeBackend.Cpu, GpuCount = 0, GpuLayers = 0, Processor = machine.Processor,
        });
        var shares = options.TensorSplit
            ?? new EquatableArray<double>(machine.Cards.Select(card => (double)Math.Max(1, card.AvailableBytes)));
        _layout = layout with { GpuCount = machine.Cards.Count, Split = machine.Cards.Count > 1 ? shares : null };
    }

    /// <inheritdoc/>
    public LayerCosts Costs { get; }

    /// <inheritdoc/>
    public MemoryEstimate OnOneCard { get; }

    /// <inheritdoc/>
    public bool UsesHost => false;

    /// <inheritdoc/>
    public IEnumerable<PlacedModel> Whole(bool keepReserve)
    {
        if (_machine.Cards.Count > 0 && WholeAnyway() is { } placed && placed.FitsCards(keepReserve))
            yield return placed;
    }

    /// <inheritdoc/>
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
                ?? "With -sm tensor weights and cache are counted by the cards' shares, compute buffers on each card.",
        };
        return new PlacedModel(kind, cards, _layout, memory) { IsTensorParallel = cards.Count > 1 };
    }

    /// <inheritdoc/>
    public PlacedModel Processor() => new(
        PlacementKind.Processor,
        Array.Empty<CardBudget>(),
        new DeviceLayout { Backend = ComputeBackend.Cpu, GpuCount = 0, GpuLayers = 0, Processor = _machine.Processor },
        _processor);

    /// <inheritdoc/>
    public IEnumerable<PlacedModel> Offloaded(bool keepReserve) => Array.Empty<PlacedModel>();

    /// <inheritdoc/>
    public PlacedModel? AnyOffloaded(bool keepReserve, Func<PlacedModel, bool> suits) => null;

    /// <inheritdoc/>
    public IEnumerable<PlacedModel> Alternatives(bool keepReserve) => Array.Empty<PlacedModel>();

    /// <inheritdoc/>
    public PlacedModel? Pinned() => null;

    private double Share(int card) =>
        _layout.Split is not { } split ? 1 : card < split.Count ? split[card] : 0;
}
