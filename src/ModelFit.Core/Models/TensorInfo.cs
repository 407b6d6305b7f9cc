using System.Globalization;

namespace ModelFit.Models;

/// <summary>
/// One tensor of a model: its name as llama.cpp spells it (<c>blk.0.attn_q.weight</c>), its element type and its up to
/// four dimensions, the contiguous one first, 1 where absent.
/// </summary>
public sealed record TensorInfo(string Name, TensorType Type, long N0, long N1 = 1, long N2 = 1, long N3 = 1)
{
    private TensorName? _parsed;

    /// <summary>Number of elements.</summary>
    public long Elements => N0 * N1 * N2 * N3;

    /// <summary>Bytes of the data (ggml_nbytes of a contiguous tensor), padding not included.</summary>
    public long Bytes => Type.RowBytes(N0) * N1 * N2 * N3;

    /// <summary>The dimensions as people write them, for example <c>[4096, 32000]</c>.</summary>
    public string Shape => string.Format(
        CultureInfo.InvariantCulture,
        N3 > 1 ? "[{0}, {1}, {2}, {3}]" : N2 > 1 ? "[{0}, {1}, {2}]" : N1 > 1 ? "[{0}, {1}]" : "[{0}]",
        N0, N1, N2, N3);

    /// <summary>The name, parsed once; a tensor of another type that is made from this one has it too.</summary>
    internal TensorName Parsed
    {
        get => _parsed is { } known && ReferenceEquals(known.Text, Name) ? known : _parsed = TensorName.Of(Name);
        init => _parsed = value;
    }

    /// <summary>Whether name, type and dimensions are the same.</summary>
    public bool Equals(TensorInfo? other) => other is not null && Name == other.Name && Type == other.Type
        && N0 == other.N0 && N1 == other.N1 && N2 == other.N2 && N3 == other.N3;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode() ^ Elements.GetHashCode() ^ (int)Type;
}
