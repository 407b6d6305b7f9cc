namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// llama.cpp's words and variables that change what a start allocates, and that nobody counts (common/arg.cpp, and the
/// variables that its backends read).
/// </summary>
internal static class UncountedWords
{
    /// <summary>How llama.cpp's variables begin.</summary>
    public static readonly string[] Prefixes = { "LLAMA_", "GGML_", "MTMD_" };

    private static readonly string[] Variables =
    {
        "GGML_CUDA_ENABLE_UNIFIED_MEMORY", "GGML_OP_OFFLOAD_MIN_BATCH", "LLAMA_ATTN_ROT_DISABLE",
        "GGML_VK_PREFER_HOST_MEMORY", "GGML_VK_ALLOW_SYSMEM_FALLBACK", "GGML_VK_DISABLE_HOST_VISIBLE_VIDMEM",
        "GGML_VK_FORCE_MAX_ALLOCATION_SIZE", "GGML_VK_FORCE_MAX_BUFFER_SIZE", "GGML_VK_SUBALLOCATION_BLOCK_SIZE",
        "GGML_METAL_SHARED_BUFFERS_ENABLE", "GGML_METAL_SHARED_BUFFERS_DISABLE", "GGML_METAL_DEVICES",
    };

    /// <summary>Every row.</summary>
    public static IEnumerable<LaunchWord> All => new LaunchWord[]
    {
        Value("LLAMA_ARG_MODELS_PRESET", "--models-preset"),
        Value("LLAMA_ARG_MODELS_DIR", "--models-dir"),
        Value(null, "--server-base"),
        Switch("LLAMA_ARG_BACKEND_SAMPLING", "-bs", "--backend-sampling"),
        Switch("LLAMA_ARG_NO_HOST", "--no-host"),
        Value("LLAMA_ARG_LAZY_MODE", "-lzm", "--lazy-mode") with { Matters = value => value == "on" },
        Value(null, "--override-kv") with { Matters = value => value.Split(',').Any(IsOfShape) },
        Value(null, "--attention"),
        Value("LLAMA_ARG_IMAGE_MAX_TOKENS", "--image-max-tokens") with { Beside = HasProjector },
        Value("LLAMA_ARG_MTMD_BATCH_MAX_TOKENS", "--mtmd-batch-max-tokens") with { Beside = HasProjector },
        Value(null, "--spec-draft-override-tensor", "-otd", "--override-tensor-draft") with { Beside = HasDraft },
        Switch("LLAMA_ARG_SPEC_DRAFT_CPU_MOE", "--spec-draft-cpu-moe", "-cmoed", "--cpu-moe-draft") with
        {
            Beside = HasDraft,
        },
        Value("LLAMA_ARG_SPEC_DRAFT_N_CPU_MOE", "--spec-draft-n-cpu-moe", "--spec-draft-ncmoe", "-ncmoed",
            "--n-cpu-moe-draft") with { Beside = HasDraft },
        Value(null, "--spec-ngram-size-m"),
    }.Concat(Variables.Select(name => Switch(name)));

    public static bool HasProjector(FitQuestion question) =>
        question.Companions?.Any(file => file.Kind == CompanionKind.Projector) == true;

    /// <summary>Whether another model drafts for the one of a question.</summary>
    public static bool HasDraft(FitQuestion question) => question.Draft is not null;

    /// <summary>Whether an override of a model's metadata is none of its words.</summary>
    private static bool IsOfShape(string item) => !item.StartsWith("tokenizer.", StringComparison.Ordinal);

    private static UncountedWord Value(string? variable, params string[] names) => new(names, variable);

    private static UncountedWord Switch(string variable, params string[] names) =>
        new(names, variable, TakesValue: false);
}
