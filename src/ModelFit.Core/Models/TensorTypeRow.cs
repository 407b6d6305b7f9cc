namespace ModelFit.Models;

/// <summary>How a weight is stored, as far as unpacking it takes a processor longer or shorter.</summary>
internal enum WeightKind
{
    /// <summary>Plain numbers: F32, F16, BF16.</summary>
    Plain,

    /// <summary>Blocks of one scale: Q4_0 to Q8_0.</summary>
    Block,

    /// <summary>Blocks of blocks: Q2_K to Q6_K.</summary>
    Super,

    /// <summary>Indices into a table: the I-quants and the ternary types.</summary>
    Table,

    /// <summary>Four-bit floating point: MXFP4, NVFP4.</summary>
    Micro,
}

/// <summary>What a type can be used for, and which backend can use it; nearly all types have the first three.</summary>
[Flags]
internal enum TensorUses
{
    /// <summary>Nothing but the processor.</summary>
    Nothing = 0,

    /// <summary>Products with weights on CUDA and ROCm (ggml_backend_cuda_device_supports_op).</summary>
    CudaProduct = 1,

    /// <summary>Rows of a table looked up there.</summary>
    CudaRows = 2,

    /// <summary>Products with weights on Metal (ggml_metal_device_supports_op).</summary>
    MetalProduct = 4,

    /// <summary>All of them.</summary>
    Weights = CudaProduct | CudaRows | MetalProduct,

    /// <summary>Only rows of a multiple of 256 elements are looked up on CUDA.</summary>
    CudaWideRows = 8,

    /// <summary>
    /// A cache of keys or values (common/arg.cpp, kv_cache_types); what all backends copy to and from F32.
    /// </summary>
    Cache = 16,

    /// <summary>Keys and values of CUDA's flash attention (ggml_cuda_get_best_fattn_kernel).</summary>
    CudaAttention = 32,

    /// <summary>Keys and values of its kernel for one token, without a copy in F16.</summary>
    CudaVector = 64,
}

/// <summary>
/// What the number of rows of a matrix must be a multiple of to be kept in another order, by the processor's kernels
/// (ggml/src/ggml-cpu/repack.cpp, ggml_repack_get_optimal_repack_type); 0 where it is not.
/// </summary>
/// <param name="Avx2">With AVX2.</param>
/// <param name="Avx512">With AVX-512.</param>
/// <param name="DotProduct">With ARM's dot product.</param>
internal readonly record struct RepackedRows(int Avx2, int Avx512, int DotProduct);

/// <summary>The form that AMX computes with (ggml/src/ggml-cpu/amx/mmq.cpp, get_row_size).</summary>
/// <param name="Columns">Elements that rows are a multiple of; 0 where there is no such form.</param>
/// <param name="MoreBytes">Bytes that each block is larger there.</param>
internal readonly record struct TileForm(int Columns, int MoreBytes);

/// <summary>What is known of one tensor type.</summary>
/// <param name="Type">The type, whose value is ggml's id.</param>
/// <param name="BlockElements">Elements in one block.</param>
/// <param name="BlockBytes">Bytes of one block.</param>
/// <param name="Kind">How it is stored.</param>
internal sealed record TensorTypeRow(
    TensorType Type, int BlockElements, int BlockBytes, WeightKind Kind = WeightKind.Table)
{
    /// <summary>What rows get that cannot hold its blocks; itself where there is nothing smaller.</summary>
    public TensorType Smaller { get; init; } = Type;

    /// <summary>What it can be used for.</summary>
    public TensorUses Uses { get; init; } = TensorUses.Weights;

    /// <summary>The order in which a processor keeps it.</summary>
    public RepackedRows Repacked { get; init; }

    /// <summary>Its form for AMX.</summary>
    public TileForm Tile { get; init; }
}
