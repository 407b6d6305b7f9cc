using ModelFit.Models;
using ModelFit.Questions;

namespace ModelFit;

/// <summary>The program that runs the model.</summary>
public enum ModelRuntime
{
    /// <summary>llama.cpp (llama-server, llama-cli).</summary>
    LlamaCpp,

    /// <summary>Ollama.</summary>
    Ollama,

    /// <summary>LM Studio.</summary>
    LMStudio,

    /// <summary>vLLM.</summary>
    Vllm,

    /// <summary>SGLang.</summary>
    SGLang,

    /// <summary>MLX, on a Mac.</summary>
    Mlx,
}

/// <summary>llama.cpp's <c>--flash-attn</c>.</summary>
public enum FlashAttentionMode
{
    /// <summary>On where every layer's device can run it.</summary>
    Auto,

    /// <summary>On.</summary>
    On,

    /// <summary>Off.</summary>
    Off,
}

/// <summary>The backend of llama.cpp that drives the GPUs.</summary>
public enum ComputeBackend
{
    /// <summary>The processor alone.</summary>
    Cpu,

    /// <summary>NVIDIA.</summary>
    Cuda,

    /// <summary>AMD; the CUDA backend's code compiled for ROCm.</summary>
    Hip,

    /// <summary>Any GPU with a Vulkan driver.</summary>
    Vulkan,

    /// <summary>Apple.</summary>
    Metal,
}

/// <summary>How a model is spread over several GPUs, llama.cpp's <c>--split-mode</c>.</summary>
public enum GpuSplitMode
{
    /// <summary>Whole layers.</summary>
    Layer,

    /// <summary>Rows of the weights.</summary>
    Row,

    /// <summary>One GPU only.</summary>
    None,

    /// <summary>A share of every tensor, computed together.</summary>
    Tensor,
}

/// <summary>
/// Element type of a KV cache: those of llama.cpp's <c>--cache-type-k</c>, then those of engines, by vLLM's names. Which
/// of them a runtime has is the runtime's to say.
/// </summary>
public enum KvCacheType
{
#pragma warning disable CS1591 // The names are ggml's own and say all there is.
    F16 = TensorType.F16,
    BF16 = TensorType.BF16,
    F32 = TensorType.F32,
    Q8_0 = TensorType.Q8_0,
    Q5_1 = TensorType.Q5_1,
    Q5_0 = TensorType.Q5_0,
    Q4_1 = TensorType.Q4_1,
    Q4_0 = TensorType.Q4_0,
    IQ4_NL = TensorType.IQ4_NL,
#pragma warning restore CS1591

    /// <summary>Floating point of 8 bits, in either form (<c>fp8_e4m3</c>, <c>fp8_e5m2</c>).</summary>
    FP8 = TensorType.I8,

    /// <summary>Floating point of 4 bits, with a scale for 16 of them.</summary>
    NVFP4 = TensorType.NVFP4,

    /// <summary>Whole numbers of 8 bits, with a scale for each head of a token.</summary>
    INT8_PER_TOKEN_HEAD = KvCacheTypes.WithHeadScale | TensorType.I8,

    /// <summary>Floating point of 8 bits, with a scale for each head of a token.</summary>
    FP8_PER_TOKEN_HEAD = KvCacheTypes.WithHeadScale | KvCacheTypes.Other | TensorType.I8,

    /// <summary>Whole numbers of 4 bits, with a scale for each head of a token.</summary>
    INT4_PER_TOKEN_HEAD = KvCacheTypes.WithHeadScale | TensorType.B4,
}

/// <summary>
/// How the runtime is configured, apart from where layers go: everything that changes what is allocated.
/// Defaults are llama-server's.
/// </summary>
public sealed record RuntimeOptions
{
    private const int UsualContextLength = 8192;

    /// <summary>Tokens each sequence can hold. Setting it leaves <see cref="CacheTokens"/> to follow from it.</summary>
    public int ContextLength
    {
        get;
        init => (field, CacheTokens) = (value, null);
    } = UsualContextLength;

    /// <summary>Sequences served at once (<c>-np</c>). Setting it leaves <see cref="CacheTokens"/> to follow.</summary>
    public int ParallelSequences
    {
        get;
        init => (field, CacheTokens) = (value, null);
    } = 1;

    /// <summary>
    /// Tokens of all caches together (<c>-c</c>) where they are not what the sequences can hold: a server caps a
    /// sequence at the length that the model was trained for. Null where it follows from the length.
    /// </summary>
    public long? CacheTokens { get; init; }

    /// <summary>
    /// Tokens of all caches together, llama.cpp's <c>-c</c>: those of one sequence where all share one cache, else
    /// those of each.
    /// </summary>
    public long TotalTokens => CacheTokens
        ?? Math.Max(1L, ContextLength) * (KvUnified ? 1 : Math.Max(1, ParallelSequences));

    /// <summary>Logical batch in tokens (<c>-b</c>).</summary>
    public int BatchSize { get; init; } = 2048;

    /// <summary>Micro-batch in tokens (<c>-ub</c>).</summary>
    public int MicroBatchSize { get; init; } = 512;

    /// <summary>Rows of logits kept; null is llama-server's one a sequence, 0 is one a token of the batch.</summary>
    public int? OutputCount { get; init; }

    /// <summary>Element type of the K cache.</summary>
    public KvCacheType KeyCacheType { get; init; } = KvCacheType.F16;

    /// <summary>Element type of the V cache.</summary>
    public KvCacheType ValueCacheType { get; init; } = KvCacheType.F16;

    /// <summary>Flash attention.</summary>
    public FlashAttentionMode FlashAttention { get; init; }

    /// <summary>The runtime.</summary>
    public ModelRuntime Runtime { get; init; }

    /// <summary>One cache shared by all sequences (<c>--kv-unified</c>).</summary>
    public bool KvUnified
    {
        get;
        init => (field, CacheTokens) = (value, null);
    }

    /// <summary>A full-size cache for sliding-window layers too (<c>--swa-full</c>).</summary>
    public bool SwaFull { get; init; }

    /// <summary>The KV cache lies with its layers on the GPU; false is <c>--no-kv-offload</c>.</summary>
    public bool OffloadKv { get; init; } = true;

    /// <summary>Large host operations may be computed on the GPU; false is <c>--no-op-offload</c>.</summary>
    public bool OffloadOperations { get; init; } = true;

    /// <summary>The file is mapped; false is <c>--no-mmap</c>.</summary>
    public bool MemoryMap { get; init; } = true;

    /// <summary>Host weights may be repacked for the processor; false is <c>--no-repack</c>.</summary>
    public bool Repack { get; init; } = true;

    /// <summary>How several GPUs share the model.</summary>
    public GpuSplitMode SplitMode { get; init; }

    /// <summary>Share of each GPU (<c>-ts</c>); null lets the planner choose.</summary>
    public EquatableArray<double>? TensorSplit { get; init; }

    /// <summary>The GPU that is used with <see cref="GpuSplitMode.None"/>.</summary>
    public int MainGpu { get; init; }

    /// <summary>Only embeddings are served (<c>--embedding</c>): a batch is one micro-batch.</summary>
    public bool Embeds { get; init; }

    /// <summary>How embeddings are pooled (<c>--pooling</c>), for which all rows are kept; null as the model.</summary>
    public string? Pooling { get; init; }

    /// <summary>What drafts from the text itself (<c>--spec-type ngram-mod</c>); null for nothing.</summary>
    public string? TextDrafter { get; init; }

    /// <summary>Tokens that it drafts at most; null is usual.</summary>
    public int? TextTokens { get; init; }

    /// <summary>How far YaRN scales the trained length (<c>--rope-scale</c>); null for no scaling.</summary>
    public double? YarnScale { get; init; }

    /// <summary>The length that is scaled (<c>--yarn-orig-ctx</c>); null is the trained one.</summary>
    public int? YarnContext { get; init; }

    /// <summary>The backend; null follows the vendor of the GPUs.</summary>
    public ComputeBackend? Backend { get; init; }

    /// <summary>Load the multi-token-prediction layers too; <see cref="Speculation"/> runs them.</summary>
    public bool LoadMtp { get; init; }

    /// <summary>Drafting by those layers; null for none.</summary>
    public Speculation? Speculation { get; init; }

    /// <summary>How <see cref="FitQuestion.Draft"/> drafts; null is as usual, or without one.</summary>
    public Speculation? Drafting { get; init; }

    /// <summary>What an engine with a paged cache is told.</summary>
    public ServingOptions Serving { get; init; } = ServingOptions.Default;

    /// <summary>The version of the runtime; null is the newest that is followed.</summary>
    public string? RuntimeVersion { get; init; }

    /// <summary>Whether masks are filled in 32 bits and cast for flash attention.</summary>
    internal bool CastsMask { get; init; }

    /// <summary>Tokens a sequence can hold where nobody says: 8192, or the model's maximum if that is less.</summary>
    public static int DefaultContextLength(ModelSpec model) =>
        Math.Min(UsualContextLength, model.TrainedContextLength ?? UsualContextLength);
}
