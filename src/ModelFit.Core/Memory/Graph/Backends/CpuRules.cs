using ModelFit.Models;

namespace ModelFit.Memory.Graph.Backends;

/// <summary>
/// The processor: computes everything and reads all system memory. With a GPU present its buffers are that backend's
/// pinned ones, whose alignment and chunk size then hold.
/// </summary>
internal sealed class CpuRules : BackendRules
{
    public const int TensorAlignment = 32;

    private const int RepackedRows = 8;

    public CpuRules(BufferType buffer, int alignment = TensorAlignment, long maxChunk = long.MaxValue)
        : base(buffer, alignment, maxChunk)
    {
    }

    public override bool Reads(BufferType buffer) => buffer.IsHost;

    /// <summary>
    /// Whether products with a matrix run over a copy of another order, in a buffer of its own, where the processor has
    /// AVX2 (ggml/src/ggml-cpu/repack.cpp, ggml_repack_get_optimal_repack_type).
    /// </summary>
    public static bool Repacks(TensorInfo weight) => weight.N1 % RepackedRows == 0
        && weight.Type is (TensorType.Q4_0 or TensorType.Q4_K or TensorType.IQ4_NL or TensorType.MXFP4);
}
