using System;
using System.Linq;

namespace ModelFit.Placement;

/// <summary>
/// Packs slots onto cards in order, as llama.cpp places them: contiguous, the output layer on the last card. All sizes
/// are predictions; <see cref="PlacementSearch"/> verifies what comes out.
/// </summary>
internal sealed class LayerPacking
{
    private readonly LayerCosts _costs;
    private readonly double[] _cachePerSlot;
    private readonly bool _keepsExpertsWhole;
    private readonly ExpertWindow _window;

    /// <summary>Packs a model whose cache takes so many bytes in each slot.</summary>
    /// <param name="costs">The weights by slot.</param>
    /// <param name="cachePerSlot">Bytes of cache in each slot.</param>
    /// <param name="keepsExpertsWhole">Whether experts may not be parted, because their place is pinned.</param>
    public LayerPacking(LayerCosts costs, double[] cachePerSlot, bool keepsExpertsWhole)
    {
        _costs = costs;
        _cachePerSlot = cachePerSlot;
        _keepsExpertsWhole = keepsExpertsWhole;
        _window = new ExpertWindow(costs);
    }

    /// <summary>
    /// Packs the last <paramref name="gpuSlots"/> slots, back to front, each card as full as it gets. So many first (or
    /// last) layers with experts leave them on the host; a layer at the front of a card may leave a part of them
    /// there; what room remains takes parts back. Null if the slots do not fit.
    /// </summary>
    public Arrangement? Fill(
        int gpuSlots, int hostExperts, bool fromTail, double[] room, bool keepsExpertsWhole = false)
    {
        keepsExpertsWhole |= _keepsExpertsWhole;
        var left = (double[])room.Clone();
        var counts = new int[left.Length];
        var hostParts = new int[_costs.SlotCount];
        var bare = fromTail
            ? (From: _costs.ExpertLayers - hostExperts, To: _costs.ExpertLayers)
            : (From: 0, To: hostExperts);
        var first = _costs.SlotCount - gpuSlots;
        var slot = _costs.SlotCount - 1;
        for (var card = left.Length - 1; card >= 0 && slot >= first; card--)
            slot = FillCard(card, slot, first, bare, keepsExpertsWhole, left, counts, hostParts);
        if (slot >= first) return null;
        if (hostExperts > 0 && !keepsExpertsWhole) TakePartsBack(fromTail, left, counts, hostParts);
        return new Arrangement(counts, hostParts);
    }

    /// <summary>
    /// Packs every slot whole, in proportion to the room of the cards; null if a card has too little.
    /// </summary>
    public Arrangement? Balance(double[] room)
    {
        if (room.Any(bytes => bytes <= 0)) return null;
        var counts = new int[room.Length];
        var total = Enumerable.Range(0, _costs.SlotCount).Sum(SlotBytes);
        var roomOfAll = room.Sum();
        double taken = 0, roomSoFar = 0, onCard = 0;
        var slot = 0;
        for (var card = 0; card < room.Length; card++)
        {
            roomSoFar += room[card];
            onCard = 0;
            var last = card == room.Length - 1;
            while (slot < _costs.SlotCount)
            {
                var bytes = SlotBytes(slot);
                if (!last && taken + (bytes / 2) > total * roomSoFar / roomOfAll) break;
                taken += bytes;
                onCard += bytes;
                counts[card]++;
                slot++;
            }

            if (onCard > room[card]) return null;
        }

        return new Arrangement(counts, new int[_costs.SlotCount]);
    }

    /// <summary>
    /// Packs every slot whole, every card but <paramref name="slowest"/> as full as it gets; null if they do not fit.
    /// </summary>
    public Arrangement? Favour(double[] room, int slowest)
    {
        var counts = new int[room.Length];
        var front = 0;
        var back = _costs.SlotCount - 1;
        for (var card = room.Length - 1; card > slowest; card--)
        {
            var left = room[card];
            while (back >= front && SlotBytes(back) <= left)
            {
                left -= SlotBytes(back--);
                counts[card]++;
            }
        }

        for (var card = 0; card < slowest; card++)
        {
            var left = room[card];
            while (front <= back && SlotBytes(front) <= left)
            {
                left -= SlotBytes(front++);
                counts[card]++;
            }
        }

        var rest = 0.0;
        for (var slot = front; slot <= back; slot++) rest += SlotBytes(slot);
        counts[slowest] = Math.Max(0, back - front + 1);
        return rest > room[slowest] ? null : new Arrangement(counts, new int[_costs.SlotCount]);
    }

    private double SlotBytes(int slot) => _costs.Dense(slot) + _costs.Experts(slot, 0) + _cachePerSlot[slot];

    private int FillCard(
        int card,
        int slot,
        int first,
        (int From, int To) bareLayers,
        bool keepsExpertsWhole,
        double[] left,
        int[] counts,
        int[] hostParts)
    {
        while (slot >= first)
        {
            var bare = _costs.Dense(slot) + _cachePerSlot[slot];
            var mask = slot >= bareLayers.From && slot < bareLayers.To ? _costs.PartMask(slot) : 0;
            var fits = bare + _costs.Experts(slot, mask) <= left[card];
            if (!fits && mask == 0 && card > 0 && bareLayers.To > bareLayers.From && !keepsExpertsWhole)
            {
                mask = SmallestHostMask(slot, left[card] - bare);
                fits = mask != 0 && mask != _costs.PartMask(slot);
            }

            if (!fits) return slot;
            left[card] -= bare + _costs.Experts(slot, mask);
            counts[card]++;
            hostParts[slot--] = mask;
        }

        return slot;
    }

    /// <summary>Fills what is left of each card with experts around the edge of those that gave some up.</summary>
    private void TakePartsBack(bool fromTail, double[] left, int[] counts, int[] hostParts)
    {
        var end = _costs.SlotCount;
        for (var card = counts.Length - 1; card >= 0; card--)
        {
            var start = end - counts[card];
            var edge = fromTail
                ? Array.FindIndex(hostParts, start, end - start, mask => mask != 0)
                : Array.FindLastIndex(hostParts, Math.Max(0, end - 1), end - start, mask => mask != 0);
            if (edge >= 0) _window.Refill(edge, start, end, left[card], hostParts);
            end = start;
        }
    }

    /// <summary>The mask that leaves fewest bytes on the host when the rest may take so many on the card.</summary>
    private int SmallestHostMask(int slot, double room)
    {
        var all = _costs.PartMask(slot);
        var best = all;
        for (var mask = all; ; mask = (mask - 1) & all)
        {
            var bytes = _costs.Experts(slot, mask);
            if (bytes <= room && bytes > _costs.Experts(slot, best)) best = mask;
            if (mask == 0) return best;
        }
    }
}
