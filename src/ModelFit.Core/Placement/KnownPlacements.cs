using System.Collections.Concurrent;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;

namespace ModelFit.Placement;

/// <summary>
/// Placements of a model with a part of it in system memory, as they were measured, and rooms in which none was found.
/// What a placement takes follows from its layout, so that on every machine that has the room it is one too; and where
/// nothing was found, nothing is where there is less of everything. The latest are held. Thread-safe.
/// </summary>
internal sealed class KnownPlacements
{
    private const int MostHeld = 12;

    private volatile Known[] _found = Array.Empty<Known>();
    private volatile Room[] _without = Array.Empty<Room>();

    private KnownPlacements()
    {
    }

    /// <summary>Those of a model under what they depend on.</summary>
    public static KnownPlacements Of(ModelDefinition model, in Setting setting) => model.Prepared
        .Get(_ => new ConcurrentDictionary<Setting, KnownPlacements>())
        .GetOrAdd(setting, _ => new KnownPlacements());

    /// <summary>
    /// Whether any placement suits a machine: one of those that are known, else one that is found, and held.
    /// </summary>
    /// <param name="usable">The cards of a machine, in order.</param>
    /// <param name="keepReserve">Whether the reserve is kept.</param>
    /// <param name="hostBytes">System memory.</param>
    /// <param name="suits">Whether system memory has room for a placement's part.</param>
    /// <param name="find">Finds one.</param>
    public bool Any(
        CardBudget[] usable,
        bool keepReserve,
        long hostBytes,
        Func<PlacedModel, bool> suits,
        Func<PlacedModel?> find)
    {
        foreach (var known in _found)
            if (known.On(usable, keepReserve) is { } placed && placed.FitsCards(keepReserve) && suits(placed))
                return true;
        foreach (var known in _without)
            if (known.HasMoreThan(usable, keepReserve, hostBytes)) return false;
        var found = find();
        if (found is null) _without = With(_without, Room.Of(usable, keepReserve, hostBytes));
        else _found = With(_found, new Known(found.Kind, found.Layout, found.Memory));
        return found is not null;
    }

    private static T[] With<T>(T[] held, T next) => held.Take(MostHeld - 1).Prepend(next).ToArray();

    /// <summary>What a layout's memory depends on beside the model, and the cards to choose from.</summary>
    internal readonly record struct Setting(
        RuntimeOptions Options, ComputeBackend Backend, ProcessorKernels Processor, PlacementRules Rules, int Cards);

    private sealed record Known(PlacementKind Kind, DeviceLayout Layout, MemoryEstimate Memory)
    {
        /// <summary>The placement on the cards with most room; null where there are too few.</summary>
        public PlacedModel? On(CardBudget[] usable, bool keepReserve)
        {
            var count = Layout.GpuCount;
            if (count > usable.Length) return null;
            var cards = count == usable.Length ? usable : usable.OrderByDescending(card => card.Limit(keepReserve))
                .Take(count).OrderBy(card => card.Index).ToArray();
            return new PlacedModel(Kind, cards, Layout, Memory);
        }
    }

    private sealed record Room(long[] Limits, long?[] Bandwidths, long HostBytes)
    {
        public static Room Of(CardBudget[] usable, bool keepReserve, long hostBytes) => new(
            Array.ConvertAll(usable, card => card.Limit(keepReserve)),
            Array.ConvertAll(usable, card => card.Card.MemoryBandwidth),
            hostBytes);

        /// <summary>Whether cards as fast have no more room than these.</summary>
        public bool HasMoreThan(CardBudget[] usable, bool keepReserve, long hostBytes)
        {
            if (hostBytes > HostBytes) return false;
            for (var i = 0; i < usable.Length; i++)
                if (usable[i].Limit(keepReserve) > Limits[i] || usable[i].Card.MemoryBandwidth != Bandwidths[i])
                    return false;
            return true;
        }
    }
}
