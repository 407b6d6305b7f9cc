using System.Collections.Concurrent;
using ModelFit.Common;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;

namespace ModelFit.Placement;

/// <summary>
/// Placements of a model with a part of it in system memory, as they were measured: what one takes follows from its
/// layout, so that on every machine with as many cards and the room it is one too, and nothing need be searched to say
/// that there is any. The latest are held. Thread-safe.
/// </summary>
internal sealed class KnownPlacements
{
    private const int MostHeld = 12;

    private volatile Known[] _latest = Array.Empty<Known>();

    private KnownPlacements()
    {
    }

    /// <summary>Those of a model under what they depend on.</summary>
    public static KnownPlacements Of(ModelDefinition model, in Setting setting) => model.Prepared
        .Get(_ => new ConcurrentDictionary<Setting, KnownPlacements>())
        .GetOrAdd(setting, _ => new KnownPlacements());

    /// <summary>Holds a placement, in the place of the oldest.</summary>
    public void Add(PlacedModel placed)
    {
        var known = new Known(placed.Kind, placed.Layout, placed.Memory);
        _latest = _latest.Where(other => other.Layout != known.Layout).Take(MostHeld - 1).Prepend(known).ToArray();
    }

    /// <summary>Whether one of them suits, on as many of the cards with most room as it has.</summary>
    /// <param name="usable">The cards of a machine, in order.</param>
    /// <param name="keepReserve">Whether the reserve is kept.</param>
    /// <param name="suits">Whether system memory has room for the rest.</param>
    public bool AnySuits(CardBudget[] usable, bool keepReserve, Func<PlacedModel, bool> suits)
    {
        foreach (var known in _latest)
        {
            var count = known.Layout.GpuCount;
            if (count > usable.Length) continue;
            var cards = count == usable.Length ? usable : usable.OrderByDescending(card => card.Limit(keepReserve))
                .Take(count).OrderBy(card => card.Index).ToArray();
            var placed = new PlacedModel(known.Kind, cards, known.Layout, known.Memory);
            if (placed.FitsCards(keepReserve) && suits(placed)) return true;
        }

        return false;
    }

    /// <summary>What a layout's memory depends on beside the model, and the cards to choose from.</summary>
    internal readonly record struct Setting(
        RuntimeOptions Options, ComputeBackend Backend, ProcessorKernels Processor, PlacementRules Rules, int Cards);

    private sealed record Known(PlacementKind Kind, DeviceLayout Layout, MemoryEstimate Memory);
}
