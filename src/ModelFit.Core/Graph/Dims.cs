namespace ModelFit.Graph;

/// <summary>Four numbers, one a dimension: elements or strides, the contiguous dimension first.</summary>
internal readonly record struct Dims(long D0, long D1 = 1, long D2 = 1, long D3 = 1)
{
    public long Product => D0 * D1 * D2 * D3;

    public long this[int index] => index switch { 0 => D0, 1 => D1, 2 => D2, _ => D3 };

    public override string ToString() => FormattableString.Invariant($"[{D0}, {D1}, {D2}, {D3}]");
}
