using ModelFit.Graph.Backends;
using ModelFit.Models;
using ModelFit.Questions;

namespace ModelFit.Graph;

/// <summary>
/// The runtime's options after llama.cpp's own rounding (src/llama-context.cpp, constructor and sched_reserve).
/// </summary>
internal sealed record GraphSettings
{
    private const int Granule = 256;

    public GraphSettings(RuntimeOptions options)
    {
        Sequences = Slots = Math.Max(1, options.ParallelSequences);
        var context = options.TotalTokens;
        Batch = Math.Min(context, Math.Max(1, options.BatchSize));
        MicroBatch = Math.Min(Batch, Math.Max(1, options.MicroBatchSize));
        var padded = BackendRules.Align(context, Granule);
        Cells = options.KvUnified ? padded : BackendRules.Align(Math.Max(1, padded / Sequences), Granule);
        Streams = options.KvUnified ? 1 : Sequences;
        IsUnified = options.KvUnified;
        HasFullWindow = options.SwaFull;
        OffloadsKv = options.OffloadKv;
        CastsMask = options.CastsMask;
        KeyType = options.KeyCacheType.Numbers();
        ValueType = options.ValueCacheType.Numbers();
        var isFlash = options.FlashAttention != FlashAttentionMode.Off;
        Fused = isFlash ? FusedOps.All : FusedOps.All & ~FusedOps.FlashAttention;
        IsValueTransposed = !FlashAttention;
        Snapshots = 1 + Math.Max(0, options.Speculation?.Tokens ?? 0);

        var outputs = options.OutputCount ?? Sequences;
        if (outputs <= 0) outputs = (int)Math.Min(Batch, int.MaxValue);
        var tokens = Math.Min(Cells * Streams, MicroBatch);
        Outputs = Math.Min(tokens, outputs);
        Tokens = (tokens + Sequences - 1) / Sequences * Sequences;
    }

    /// <summary>Sequences of the batch.</summary>
    public int Sequences { get; private init; }

    /// <summary>Sequences that the caches have room for.</summary>
    public int Slots { get; }

    /// <summary>
    /// Recurrent states that are kept of each sequence: one, and one for each drafted token (n_rs_seq).
    /// </summary>
    public int Snapshots { get; init; }

    /// <summary>Caches side by side: one a sequence, or one for all.</summary>
    public int Streams { get; init; }

    public bool IsUnified { get; init; }

    public long Batch { get; }

    public long MicroBatch { get; }

    /// <summary>Cells of the cache of one stream (n_ctx_seq).</summary>
    public long Cells { get; }

    public bool HasFullWindow { get; }

    public bool OffloadsKv { get; }

    /// <summary>Whether a mask of 32 bits is cast for flash attention.</summary>
    public bool CastsMask { get; }

    public TensorType KeyType { get; }

    public TensorType ValueType { get; }

    /// <summary>What runs as one node; flash attention on "auto" is among it until a device refuses it.</summary>
    public FusedOps Fused { get; init; }

    public bool FlashAttention => Fuses(FusedOps.FlashAttention);

    /// <summary>
    /// Whether V is stored transposed: only if flash attention was asked off, not if it resolved to off.
    /// </summary>
    public bool IsValueTransposed { get; }

    /// <summary>Tokens of the reserved graph, a multiple of the sequences.</summary>
    public long Tokens { get; init; }

    /// <summary>Rows of logits that the reserved graph computes.</summary>
    public long Outputs { get; init; }

    public long TokensPerStream => Tokens / Streams;

    public long TokensPerSequence => Tokens / Sequences;

    /// <summary>Masks of the batch: one a sequence, or one for all that share a cache.</summary>
    public int Masks => IsUnified ? 1 : Sequences;

    /// <summary>Whether an operation runs as one node.</summary>
    public bool Fuses(FusedOps op) => (Fused & op) != 0;

    /// <summary>The settings after a device has refused an operation.</summary>
    public GraphSettings Without(FusedOps op) => this with { Fused = Fused & ~op };

    /// <summary>The same with a cache a sequence even where one for all was asked for.</summary>
    public GraphSettings WithStreamsApart() => this with { Streams = Slots, IsUnified = false };

    public GraphSettings ForOneToken() => this with { Tokens = Sequences, Outputs = Sequences };

    /// <summary>The same batch as tokens of one sequence, before caches for as many as there are.</summary>
    public GraphSettings ForOneSequence() => this with
    {
        Sequences = 1, Tokens = Math.Min(Cells * Streams, MicroBatch),
    };

    /// <summary>Cells of a sliding-window cache of one stream (src/llama-kv-cache-iswa.cpp).</summary>
    public long WindowCells(long window) => HasFullWindow
        ? Cells
        : BackendRules.Align(Math.Min(Cells, (window * (IsUnified ? Slots : 1)) + MicroBatch), Granule);
}
