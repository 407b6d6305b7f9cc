using System.Diagnostics;

namespace ModelFit.Placement;

/// <summary>
/// Packs layers onto cards in order, as llama.cpp places them: contiguous, the output layer on the last card. All sizes
/// are predictions; <see cref="PlacementSearch"/> verifies what comes out.
/// </summary>
internal sealed class LayerPacking
{
    private readonly LayerCosts _costs;
    private readonly double[] _cachePerLayer;
    private readonly bool _keepsExpertsWhole;
    private readonly ExpertWindow _window;

    /// <summary>Packs a model whose cache takes so many bytes in each layer.</summary>
    /// <param name="costs">The weights by layer.</param>
    /// <param name="cachePerLayer">Bytes of cache in each layer.</param>
    /// <param name="keepsExpertsWhole">Whether experts may not be parted, because their place is pinned.</param>
    public LayerPacking(LayerCosts costs, double[] cachePerLayer, bool keepsExpertsWhole)
    {
        _costs = costs;
        _cachePerLayer = cachePerLayer;
        _keepsExpertsWhole = keepsExpertsWhole;
        _window = new ExpertWindow(costs);
    }

    /// <summary>
    /// Packs the last <paramref name="gpuLayers"/> layers, back to front, each card as full as it gets. So many first
    /// (or last) layers with experts leave them on the host; a layer at the front of a card may leave a part of them
    /// there; what room remains takes parts back. Null if the layers do not fit.
    /// </summary>
    public LayerSplit? Fill(
        int gpuLayers, int hostExperts, bool fromTail, double[] room, bool keepsExpertsWhole = false)
    {
        keepsExpertsWhole |= _keepsExpertsWhole;
        var left = (double[])room.Clone();
        var counts = new int[left.Length];
        var hostParts = new int[_costs.LayerCount];
        var bare = fromTail
            ? (From: _costs.ExpertLayers - hostExperts, To: _costs.ExpertLayers)
            : (From: 0, To: hostExperts);
        var first = _costs.LayerCount - gpuLayers;
        var layer = _costs.LayerCount - 1;

        // load_tensors (src/llama-model.cpp, get_layer_buft_list) gives each card a contiguous run, the last one the
        // output layer, and leaves the first layers on the host. So the last card is filled first, from the back.
        for (var card = left.Length - 1; card >= 0 && layer >= first; card--)
            layer = FillCard(card, layer, first, bare, keepsExpertsWhole, left, counts, hostParts);
        if (layer >= first) return null;
        Debug.Assert(counts.Sum() == gpuLayers, "every layer that was to be on a card is on one");

        // --n-cpu-moe knows whole layers only; what it leaves free is filled by patterns of --override-tensor.
        if (hostExperts > 0 && !keepsExpertsWhole) TakePartsBack(fromTail, left, counts, hostParts);
        return new LayerSplit(counts, hostParts);
    }

    /// <summary>
    /// Packs every layer whole, in proportion to the room of the cards: in round numbers of layers, which other
    /// machines have too, if they do; null if a card has too little.
    /// </summary>
    public LayerSplit? Balance(double[] room)
    {
        const int parts = 16;
        if (room.Any(bytes => bytes <= 0)) return null;
        return Share(_costs.LayerCount, 0, room, room, Math.Max(1, _costs.LayerCount / parts))
            ?? Share(_costs.LayerCount, 0, room, room);
    }

    /// <summary>
    /// Packs the last <paramref name="gpuLayers"/> layers in even shares, those of the first
    /// <paramref name="hostExperts"/> without their experts; null if a card has too little.
    /// </summary>
    public LayerSplit? Even(int gpuLayers, int hostExperts, double[] room) =>
        Share(gpuLayers, hostExperts, room.Select(_ => 1.0).ToArray(), room);

    private LayerSplit? Share(int gpuLayers, int hostExperts, double[] shares, double[] room, int step = 1)
    {
        var (counts, hostParts) = (new int[room.Length], new int[_costs.LayerCount]);
        var layer = _costs.LayerCount - gpuLayers;
        for (var bare = layer; bare < hostExperts; bare++) hostParts[bare] = _costs.PartMask(bare);
        double Bytes(int at) => _costs.Dense(at) + _costs.Experts(at, hostParts[at]) + _cachePerLayer[at];
        var total = Enumerable.Range(layer, gpuLayers).Sum(Bytes);
        var sharesOfAll = shares.Sum();
        double taken = 0, shareSoFar = 0, onCard = 0;

        // llama.cpp splits by counts of layers (-ts); bytes are what has to be even, so a layer goes to the card in
        // whose share of the bytes its middle lies.
        for (var card = 0; card < room.Length; card++)
        {
            shareSoFar += shares[card];
            onCard = 0;
            var last = card == room.Length - 1;
            while (layer < _costs.LayerCount)
            {
                var bytes = Bytes(layer);
                if (!last && layer % step == 0 && taken + (step * bytes / 2) > total * shareSoFar / sharesOfAll) break;
                taken += bytes;
                onCard += bytes;
                counts[card]++;
                layer++;
            }

            if (onCard > room[card]) return null;
        }

        Debug.Assert(counts.Sum() == gpuLayers, "every layer that was to be on a card is on one");
        return new LayerSplit(counts, hostParts);
    }

    /// <summary>
    /// Packs every layer whole, every card but <paramref name="slowest"/> as full as it gets; null if they do not fit.
    /// </summary>
    public LayerSplit? Favour(double[] room, int slowest)
    {
        // Runs must stay in the order of the cards: those behind the slowest are filled from the back, those before it
        // from the front, and it takes what is left between them.
        var counts = new int[room.Length];
        var front = 0;
        var back = _costs.LayerCount - 1;
        for (var card = room.Length - 1; card > slowest; card--)
        {
            var left = room[card];
            while (back >= front && LayerBytes(back) <= left)
            {
                left -= LayerBytes(back--);
                counts[card]++;
            }
        }

        for (var card = 0; card < slowest; card++)
        {
            var left = room[card];
            while (front <= back && LayerBytes(front) <= left)
            {
                left -= LayerBytes(front++);
                counts[card]++;
            }
        }

        var rest = 0.0;
        for (var layer = front; layer <= back; layer++) rest += LayerBytes(layer);
        counts[slowest] = Math.Max(0, back - front + 1);
        Debug.Assert(counts.Sum() == _costs.LayerCount, "every layer is on a card");
        return rest > room[slowest] ? null : new LayerSplit(counts, new int[_costs.LayerCount]);
    }

    private double LayerBytes(int layer) => _costs.Dense(layer) + _costs.Experts(layer, 0) + _cachePerLayer[layer];

    private int FillCard(
        int card,
        int layer,
        int first,
        (int From, int To) bareLayers,
        bool keepsExpertsWhole,
        double[] left,
        int[] counts,
        int[] hostParts)
    {
        while (layer >= first)
        {
            var bare = _costs.Dense(layer) + _cachePerLayer[layer];
            var mask = layer >= bareLayers.From && layer < bareLayers.To ? _costs.PartMask(layer) : 0;
            var fits = bare + _costs.Experts(layer, mask) <= left[card];

            // A layer at the front of a card may leave a part of its experts behind rather than move whole to the card
            // before it, which would waste what is left here.
            if (!fits && mask == 0 && card > 0 && bareLayers.To > bareLayers.From && !keepsExpertsWhole)
            {
                mask = SmallestHostMask(layer, left[card] - bare);
                fits = mask != 0 && mask != _costs.PartMask(layer);
            }

            if (!fits) return layer;
            left[card] -= bare + _costs.Experts(layer, mask);
            counts[card]++;
            hostParts[layer--] = mask;
        }

        return layer;
    }

    /// <summary>Fills what is left of each card with experts around the edge of those that gave some up.</summary>
    private void TakePartsBack(bool fromTail, double[] left, int[] counts, int[] hostParts)
    {
        var end = _costs.LayerCount;
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
    private int SmallestHostMask(int layer, double room)
    {
        var all = _costs.PartMask(layer);
        var best = all;
        for (var mask = all; ; mask = (mask - 1) & all)
        {
            var bytes = _costs.Experts(layer, mask);
            if (bytes <= room && bytes > _costs.Experts(layer, best)) best = mask;
            if (mask == 0) return best;
        }
    }
}
