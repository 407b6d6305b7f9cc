namespace ModelFit.Graph;

/// <summary>Four numbers, one a dimension: elements or strides, the contiguous dimension first.</summary>
internal readonly struct Dims : IEquatable<Dims>
{
    public readonly long D0;
    public readonly long D1;
    public readonly long D2;
    public readonly long D3;

    public Dims(long d0, long d1 = 1, long d2 = 1, long d3 = 1)
    {
        D0 = d0;
        D1 = d1;
        D2 = d2;
        D3 = d3;
    }

    public long Product => D0 * D1 * D2 * D3;

    public long this[int index] => index switch { 0 => D0, 1 => D1, 2 => D2, _ => D3 };

    public bool Equals(Dims other) => D0 == other.D0 && D1 == other.D1 && D2 == other.D2 && D3 == other.D3;

    public override bool Equals(object? obj) => obj is Dims other && Equals(other);

    public override int GetHashCode() => (((D0 * 31) + D1) * 31 + D2).GetHashCode() ^ D3.GetHashCode();

    public override string ToString() => FormattableString.Invariant($"[{D0}, {D1}, {D2}, {D3}]");
}
