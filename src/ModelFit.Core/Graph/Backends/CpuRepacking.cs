using ModelFit.Models;

namespace ModelFit.Graph.Backends;

/// <summary>
/// In which form the processor keeps the weights of its products where no GPU takes part: in another order, for which
/// they get a buffer of their own, or in AMX's tiles, some of which are larger (<see cref="TensorTypeRow"/>).
/// </summary>
internal sealed class CpuRepacking(Func<RepackedRows, int> rows, bool hasTiles = false)
{
    private const int TileRows = 32;

    private static readonly CpuRepacking Avx2 = new(rows => rows.Avx2);

    private static readonly Dictionary<ProcessorKernels, CpuRepacking> Known = new()
    {
        [ProcessorKernels.Avx2] = Avx2,
        [ProcessorKernels.Avx512] = new(rows => rows.Avx512),
        [ProcessorKernels.Amx] = new(rows => rows.Avx512, hasTiles: true),
        [ProcessorKernels.DotProduct] = new(rows => rows.DotProduct),
        [ProcessorKernels.Plain] = new(_ => 0),
        [ProcessorKernels.Unknown] = Avx2,
    };

    private readonly Func<RepackedRows, int> _rows = rows;
    private readonly bool _hasTiles = hasTiles;

    /// <summary>Every form that there is, to see whether it matters which.</summary>
    public static IEnumerable<CpuRepacking> All => Known.Values;

    /// <summary>Weights as they are in the file (<c>--no-repack</c>).</summary>
    public static CpuRepacking None => Known[ProcessorKernels.Plain];

    public static CpuRepacking Of(ProcessorKernels kernels) => Known[kernels];

    /// <summary>Whether products with the matrix run over another form of it than the file's.</summary>
    public bool Changes(TensorInfo matrix) => TileOf(matrix) is not null
        || (matrix.Type.Find() is { } type && _rows(type.Repacked) is > 0 and var rows && matrix.N1 % rows == 0);

    /// <summary>
    /// Bytes of the matrix in the form that products with it take; of several matrices AMX counts one, as llama.cpp
    /// does.
    /// </summary>
    public long Bytes(TensorInfo matrix) => matrix.Type.IsQuantized() && TileOf(matrix) is { } tile
        ? (matrix.Type.RowBytes(matrix.N0) + (matrix.N0 / matrix.Type.BlockElements() * tile.MoreBytes)) * matrix.N1
        : matrix.Bytes;

    private TileForm? TileOf(TensorInfo matrix) => _hasTiles
        && matrix.Type.Find()?.Tile is { Columns: > 0 } tile
        && matrix.N0 % tile.Columns == 0 && matrix.N1 % TileRows == 0 ? tile : null;
}
