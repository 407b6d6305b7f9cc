using System.Collections.Concurrent;

namespace ModelFit.Graph.Backends;

/// <summary>
/// What CUDA takes of a card. Its context grows with the streaming multiprocessors: 107 MiB for the 34 of an RTX 4060
/// Ti, 555 MiB for the 188 of an RTX PRO 6000, which with cuBLAS's workspace gives the 451 MiB that were measured for
/// the 128 of an RTX 4090. The workspace is made with the first product (ggml-cuda/common.cuh, cublas_handle): an RTX
/// 3090 has 23,858 of its 24,124 MiB free when a model is loaded.
/// </summary>
internal static class CudaOverhead
{
    private const long MiB = 1L << 20;
    private const long BlasWorkspace = 67 * MiB;
    private const string Context = "https://github.com/ggml-org/llama.cpp/pull/23604";
    private const string Breakdown = "https://github.com/ggml-org/llama.cpp/pull/15860";
    private const string Blas = "https://github.com/dogkeeper886/ollama37/pull/184";

    private static readonly ConcurrentDictionary<int, RuntimeOverhead> ByMultiprocessors = new();

    /// <summary>Of a card of which nothing is known.</summary>
    public static RuntimeOverhead OfAny { get; } = new(
        174 * MiB, 450 * MiB, 753 * MiB,
        $"{BackendProfiles.Breakdown}: 451 to 456 MiB on an RTX 4090 ({Breakdown}), 753 MiB on an RTX PRO 6000; the "
        + $"context alone is 107 MiB on an RTX 4060 Ti ({Context}), a cuBLAS workspace 67 MiB ({Blas})")
    {
        LaterBytes = BlasWorkspace,
    };

    /// <summary>Of a card with so many multiprocessors.</summary>
    public static RuntimeOverhead Of(int multiprocessors) => ByMultiprocessors.GetOrAdd(multiprocessors, Computed);

    private static RuntimeOverhead Computed(int count)
    {
        const double least = 2.9;
        const double typical = 3.0;
        const double most = 4.0;
        long Bytes(double mibEach) => (long)Math.Round(mibEach * count) * MiB;
        return new RuntimeOverhead(
            Bytes(least), Bytes(typical) + BlasWorkspace, Bytes(most) + BlasWorkspace,
            $"3 MiB for each of {count} multiprocessors ({Context}) and a cuBLAS workspace of 67 MiB ({Blas}), "
            + $"as measured on an RTX 4090 ({Breakdown})")
        {
            LaterBytes = BlasWorkspace,
        };
    }
}
