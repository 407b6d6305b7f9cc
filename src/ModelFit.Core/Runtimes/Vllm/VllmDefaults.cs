namespace ModelFit.Runtimes.Vllm;

/// <summary>What a server takes where nobody says (vllm/engine/arg_utils.py, get_batch_defaults).</summary>
internal static class VllmDefaults
{
    private const long GiB = 1L << 30;
    private const long LargeCard = 70 * GiB;

    /// <summary>Most sequences of a batch: 1024 on large cards that are no A100, else 256.</summary>
    public static int Sequences(GpuSpec? card, ServingOptions told) =>
        told.MaxSequences ?? (IsLarge(card) ? 1024 : 256);

    /// <summary>Most tokens of a batch: 8192 on such cards, else 2048; never fewer than sequences.</summary>
    public static int BatchedTokens(GpuSpec? card, RuntimeOptions options) => options.Serving.MaxBatchedTokens
        ?? (options.BatchSize != UsualBatch
            ? options.BatchSize
            : Math.Max(IsLarge(card) ? 8192 : 2048, options.Serving.MaxSequences ?? 0));

    /// <summary>The batch of a question in which nobody said one.</summary>
    private static readonly int UsualBatch = new RuntimeOptions().BatchSize;

    // A card that shares the system's memory (GB10) is none of the large ones.
    private static bool IsLarge(GpuSpec? card) => card is { IsUnifiedMemory: false, MemoryBytes: >= LargeCard }
        && card.Name.IndexOf("A100", StringComparison.OrdinalIgnoreCase) < 0;
}
