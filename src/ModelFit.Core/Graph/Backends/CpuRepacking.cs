using System.Collections.Generic;
using ModelFit.Models;

namespace ModelFit.Graph.Backends;

/// <summary>
/// In which form the processor keeps the weights of its products where no GPU takes part: in another order, for which
/// they get a buffer of their own (ggml/src/ggml-cpu/repack.cpp, ggml_repack_get_optimal_repack_type), or in AMX's
/// tiles, some of which are larger (ggml/src/ggml-cpu/amx/mmq.cpp, get_row_size).
/// </summary>
internal sealed class CpuRepacking
{
    private const int TileRows = 32;
    private const int Superblock = 256;

    // By type: what the number of rows must be a multiple of.
    private static readonly Dictionary<TensorType, int> OfAvx2 = new()
    {
        [TensorType.Q4_0] = 8, [TensorType.Q4_K] = 8, [TensorType.IQ4_NL] = 8, [TensorType.MXFP4] = 8,
    };

    private static readonly Dictionary<TensorType, int> OfAvx512 = new(OfAvx2) { [TensorType.Q2_K] = 8 };

    private static readonly Dictionary<TensorType, int> OfDotProduct = new()
    {
        [TensorType.Q4_0] = 4, [TensorType.Q8_0] = 4, [TensorType.IQ4_NL] = 4, [TensorType.MXFP4] = 4,
        [TensorType.Q4_K] = 8, [TensorType.Q5_K] = 8, [TensorType.Q6_K] = 8,
    };

    /// <summary>Elements that rows in tiles are a multiple of, and bytes that each block is larger there.</summary>
    private static readonly Dictionary<TensorType, (int Columns, int MoreBytes)> Tiles = new()
    {
        [TensorType.F16] = (16, 0), [TensorType.Q4_0] = (32, 0), [TensorType.Q4_1] = (32, 0),
        [TensorType.Q8_0] = (32, 4), [TensorType.Q4_K] = (Superblock, 4), [TensorType.Q5_K] = (Superblock, 4),
        [TensorType.Q6_K] = (Superblock, 0), [TensorType.IQ4_XS] = (Superblock, 2),
    };

    private static readonly Dictionary<ProcessorKernels, CpuRepacking> Known = new()
    {
        [ProcessorKernels.Avx2] = new(OfAvx2),
        [ProcessorKernels.Avx512] = new(OfAvx512),
        [ProcessorKernels.Amx] = new(OfAvx512, Tiles),
        [ProcessorKernels.DotProduct] = new(OfDotProduct),
        [ProcessorKernels.Plain] = new(new()),
        [ProcessorKernels.Unknown] = new(OfAvx2),
    };

    private readonly Dictionary<TensorType, int> _rows;
    private readonly Dictionary<TensorType, (int Columns, int MoreBytes)> _tiles;

    private CpuRepacking(
        Dictionary<TensorType, int> rows, Dictionary<TensorType, (int Columns, int MoreBytes)>? tiles = null)
    {
        _rows = rows;
        _tiles = tiles ?? new();
    }

    /// <summary>Every form that there is, to see whether it matters which.</summary>
    public static IEnumerable<CpuRepacking> All => Known.Values;

    /// <summary>Weights as they are in the file (<c>--no-repack</c>).</summary>
    public static CpuRepacking None => Known[ProcessorKernels.Plain];

    public static CpuRepacking Of(ProcessorKernels kernels) => Known[kernels];

    /// <summary>Whether products with the matrix run over another form of it than the file's.</summary>
    public bool Changes(TensorInfo matrix) => IsTiled(matrix)
        || (_rows.TryGetValue(matrix.Type, out var rows) && matrix.N1 % rows == 0);

    /// <summary>
    /// Bytes of the matrix in the form that products with it take; of several matrices AMX counts one, as llama.cpp
    /// does.
    /// </summary>
    public long Bytes(TensorInfo matrix) => IsTiled(matrix) && matrix.Type.IsQuantized()
        ? (matrix.Type.RowBytes(matrix.N0)
            + (matrix.N0 / matrix.Type.BlockElements() * _tiles[matrix.Type].MoreBytes)) * matrix.N1
        : matrix.Bytes;

    private bool IsTiled(TensorInfo matrix) => _tiles.TryGetValue(matrix.Type, out var tile)
        && matrix.N0 % tile.Columns == 0 && matrix.N1 % TileRows == 0;
}
