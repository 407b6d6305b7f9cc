using System.Diagnostics;

namespace ModelFit.Placement;

/// <summary>
/// Decides part by part which experts of a few neighbouring layers are on a card, to leave as little of it unused as
/// can be. Quantization mixes give few distinct sizes, so all counts of each size are tried.
/// </summary>
internal sealed class ExpertWindow(LayerCosts costs)
{
    private const int Reach = 2;
    private const int MostSizes = 4;

    /// <summary>Refills the layers around <paramref name="edge"/> with what they hold and what is left.</summary>
    /// <param name="edge">The last layer of the card with parts on the host.</param>
    /// <param name="start">First layer of the card.</param>
    /// <param name="end">The layer after its last one.</param>
    /// <param name="left">Bytes that the card has left.</param>
    /// <param name="hostParts">The masks to change.</param>
    public void Refill(int edge, int start, int end, double left, int[] hostParts)
    {
        // A knapsack of parts of few sizes: how many of each size is all that counts, so all counts are tried.
        var parts = Parts(Math.Max(start, edge - Reach), Math.Min(end, edge + Reach + 1));
        var sizes = parts.Select(part => part.Bytes).Distinct().ToArray();
        if (sizes.Length is 0 or > MostSizes) return;
        var room = left + parts.Sum(part => (hostParts[part.Layer] >> part.Index & 1) == 0 ? part.Bytes : 0);
        var limits = sizes.Select(size => parts.Count(part => part.Bytes == size)).ToArray();
        var counts = new int[sizes.Length];
        var best = new int[sizes.Length];
        var most = -1L;
        Try(0, 0, sizes, limits, room, counts, best, ref most);
        Debug.Assert(most <= Math.Max(0, room), "the card has room for what it takes back");

        // The last layers' parts go to the card first: a leading run on the host is what one number can say.
        foreach (var part in parts)
        {
            var size = Array.IndexOf(sizes, part.Bytes);
            var onCard = best[size]-- > 0;
            hostParts[part.Layer] = onCard
                ? hostParts[part.Layer] & ~(1 << part.Index)
                : hostParts[part.Layer] | 1 << part.Index;
        }
    }

    private static void Try(
        int size, long taken, long[] sizes, int[] limits, double room, int[] counts, int[] best, ref long most)
    {
        if (size == sizes.Length)
        {
            if (taken <= most) return;
            most = taken;
            counts.CopyTo(best, 0);
            return;
        }

        for (var count = 0; count <= limits[size] && taken + (count * sizes[size]) <= room; count++)
        {
            counts[size] = count;
            Try(size + 1, taken + (count * sizes[size]), sizes, limits, room, counts, best, ref most);
        }
    }

    /// <summary>The parts of a range of layers, the last layer's first.</summary>
    private List<(int Layer, int Index, long Bytes)> Parts(int from, int to)
    {
        var parts = new List<(int, int, long)>();
        for (var layer = to - 1; layer >= from; layer--)
        {
            var mask = costs.PartMask(layer);
            for (var index = 0; mask >> index != 0; index++)
                if ((mask >> index & 1) != 0) parts.Add((layer, index, costs.PartBytes(layer, index)));
        }

        return parts;
    }
}
