using System;
using System.Collections.Concurrent;
using System.Collections.Generic;

namespace ModelFit.Memory;

/// <summary>
/// Memory that a runtime takes on a device outside llama.cpp's own books, as a measured range in bytes.
/// </summary>
/// <param name="LowBytes">Least that was measured.</param>
/// <param name="TypicalBytes">What is counted.</param>
/// <param name="HighBytes">Most that was measured.</param>
/// <param name="Source">Where the range comes from.</param>
public sealed record RuntimeOverhead(long LowBytes, long TypicalBytes, long HighBytes, string Source)
{
    private const long MiB = 1L << 20;
    private const long BlasWorkspace = 67 * MiB;
    private const string Breakdown = "'unaccounted' in llama.cpp's memory breakdown at exit";
    private const string CudaContext = "https://github.com/ggml-org/llama.cpp/pull/23604";
    private const string CudaBreakdown = "https://github.com/ggml-org/llama.cpp/pull/15860";
    private const string CudaBlas = "https://github.com/dogkeeper886/ollama37/pull/184";
    private const string VulkanBreakdown = "https://github.com/ggml-org/llama.cpp/pull/20858";
    private const string MetalBreakdown = "https://github.com/ggml-org/llama.cpp/discussions/19759";

    private static readonly RuntimeOverhead None = new(0, 0, 0, "none");

    private static readonly Dictionary<ComputeBackend, RuntimeOverhead> ByBackend = new()
    {
        [ComputeBackend.Cpu] = None,
        [ComputeBackend.Cuda] = new(
            174 * MiB, 450 * MiB, 753 * MiB,
            $"{Breakdown}: 451 to 456 MiB on an RTX 4090 ({CudaBreakdown}), 753 MiB on an RTX PRO 6000; the context "
            + $"alone is 107 MiB on an RTX 4060 Ti ({CudaContext}), a cuBLAS workspace 67 MiB ({CudaBlas})"),
        [ComputeBackend.Hip] = new(
            253 * MiB, 300 * MiB, 313 * MiB, $"{Breakdown}: 253 MiB on an MI50, 313 MiB on a Radeon of 16 GiB"),
        [ComputeBackend.Vulkan] = new(
            3 * MiB, 250 * MiB, 828 * MiB,
            $"{Breakdown}: 17 MiB on an RX 9060 XT ({VulkanBreakdown}), 3 MiB on an RX 5700 XT, "
            + "828 MiB on an RTX 5090"),
        [ComputeBackend.Metal] = new(
            0, 0, 495 * MiB, $"{Breakdown}: none on an M4 Pro and an M5 ({MetalBreakdown}), at most 495 MiB on an M5"),
    };

    private static readonly ConcurrentDictionary<int, RuntimeOverhead> CudaByMultiprocessors = new();

    /// <summary>
    /// The overhead of one device of a backend (context, driver reserve, library workspace): how well it is known is
    /// always <see cref="Accuracy.Modelled"/>.
    /// </summary>
    public static RuntimeOverhead For(ComputeBackend backend) =>
        ByBackend.TryGetValue(backend, out var known) ? known : None;

    /// <summary>
    /// The overhead of one device whose number of streaming multiprocessors is known. A CUDA context grows with them:
    /// 107 MiB for the 34 of an RTX 4060 Ti, 555 MiB for the 188 of an RTX PRO 6000, which with cuBLAS's workspace
    /// gives the 451 MiB that were measured for the 128 of an RTX 4090. Other backends are as without.
    /// </summary>
    public static RuntimeOverhead For(ComputeBackend backend, int? multiprocessors) =>
        backend == ComputeBackend.Cuda && multiprocessors is > 0 and < 1024 and var count
            ? CudaByMultiprocessors.GetOrAdd(count, OfMultiprocessors)
            : For(backend);

    private static RuntimeOverhead OfMultiprocessors(int count)
    {
        const double least = 2.9;
        const double typical = 3.0;
        const double most = 4.0;
        long Context(double mibEach) => (long)Math.Round(mibEach * count) * MiB;
        return new RuntimeOverhead(
            Context(least), Context(typical) + BlasWorkspace, Context(most) + BlasWorkspace,
            $"3 MiB for each of {count} multiprocessors ({CudaContext}) and a cuBLAS workspace of 67 MiB ({CudaBlas}), "
            + $"as measured on an RTX 4090 ({CudaBreakdown})");
    }
}
