namespace ModelFit.Runtimes.Vllm;

/// <summary>
/// What a tensor takes of PyTorch's caching allocator, which counts whole blocks (c10/cuda/CUDACachingAllocator.cpp:
/// round_size, get_allocation_size, should_split).
/// </summary>
internal static class TorchAllocation
{
    private const long MiB = 1L << 20;
    private const long Smallest = 512;
    private const long Large = 10 * MiB;
    private const long Rounding = 2 * MiB;

    /// <summary>
    /// Bytes that stay taken: a large block is a multiple of 2 MiB, and what remains of it is split off only if it is
    /// more than 1 MiB.
    /// </summary>
    public static long Of(long bytes)
    {
        if (bytes <= 0) return 0;
        var rounded = (bytes + Smallest - 1) / Smallest * Smallest;
        if (rounded < Large) return rounded;
        var block = (rounded + Rounding - 1) / Rounding * Rounding;
        return block - rounded <= MiB ? block : rounded;
    }
}
