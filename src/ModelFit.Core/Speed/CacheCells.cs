namespace ModelFit.Speed;

/// <summary>Elements of the caches for each token that is kept, over all layers of a part of a model.</summary>
/// <param name="Keys">Elements of K in layers that look back at everything.</param>
/// <param name="Values">The same of V.</param>
/// <param name="WindowKeys">Elements of K in layers with a window.</param>
/// <param name="WindowValues">The same of V.</param>
internal readonly record struct CacheCells(double Keys, double Values, double WindowKeys, double WindowValues)
{
    /// <summary>Bytes that one token reads at a depth.</summary>
    /// <param name="depth">Tokens in the cache.</param>
    /// <param name="window">Tokens that layers with a window look back.</param>
    /// <param name="keyBytes">Bytes of an element of K.</param>
    /// <param name="valueBytes">Bytes of an element of V.</param>
    public double BytesAt(double depth, double window, double keyBytes, double valueBytes)
    {
        var near = window > 0 ? Math.Min(depth, window) : depth;
        return (depth * ((Keys * keyBytes) + (Values * valueBytes)))
            + (near * ((WindowKeys * keyBytes) + (WindowValues * valueBytes)));
    }

    /// <summary>A share of them.</summary>
    public static CacheCells operator *(CacheCells cells, double share) => new(
        cells.Keys * share, cells.Values * share, cells.WindowKeys * share, cells.WindowValues * share);

    /// <summary>Both together.</summary>
    public static CacheCells operator +(CacheCells one, CacheCells other) => new(
        one.Keys + other.Keys,
        one.Values + other.Values,
        one.WindowKeys + other.WindowKeys,
        one.WindowValues + other.WindowValues);
}
