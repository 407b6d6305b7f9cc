using static ModelFit.ModelRuntime;

namespace ModelFit.Questions;

/// <summary>
/// The rest of the table of the question's parts: pins and settings that no column of a row says. Their names are those
/// in <see cref="SettingsText"/>, by which answers say them again.
/// </summary>
internal static class SettingParts
{
    public static readonly QuestionPart GpuLayers = Pin(
        "GpuLayers", question => question.GpuLayers,
        (LlamaCpp, "-ngl --gpu-layers --n-gpu-layers LLAMA_ARG_N_GPU_LAYERS"), (Ollama, "num_gpu"),
        (LMStudio, "--gpu"));
    public static readonly QuestionPart CpuMoeLayers = Pin(
        "CpuMoeLayers", question => question.CpuMoeLayers, (LlamaCpp, "--n-cpu-moe -ncmoe LLAMA_ARG_N_CPU_MOE"));
    public static readonly QuestionPart TensorOverrides = Pin(
        "TensorOverrides", question => question.TensorOverrides,
        (LlamaCpp, "-ot --override-tensor LLAMA_ARG_OVERRIDE_TENSOR"));
    public static readonly QuestionPart Devices = Pin(
        "Devices", question => question.Devices, (LlamaCpp, "-dev --device LLAMA_ARG_DEVICE"));
    public static readonly QuestionPart CardCount = Pin(
        "CardCount", question => question.CardCount,
        (Vllm, "--tensor-parallel-size -tp"), (SGLang, "--tp-size --tp --tensor-parallel-size"));
    public static readonly QuestionPart MemoryUtilization = Pin(
        "MemoryUtilization", question => question.MemoryUtilization,
        (Vllm, "--gpu-memory-utilization"), (SGLang, "--mem-fraction-static"));

    public static readonly QuestionPart KvUnified = Option(
        "KvUnified", o => o.KvUnified, (o, on) => o with { KvUnified = on },
        "-kvu --kv-unified LLAMA_ARG_KV_UNIFIED ! -no-kvu --no-kv-unified");
    public static readonly QuestionPart SwaFull = Option(
        "SwaFull", o => o.SwaFull, (o, on) => o with { SwaFull = on }, "--swa-full LLAMA_ARG_SWA_FULL");
    public static readonly QuestionPart OffloadKv = Option(
        "OffloadKv", o => o.OffloadKv, (o, on) => o with { OffloadKv = on },
        "-kvo --kv-offload LLAMA_ARG_KV_OFFLOAD ! -nkvo --no-kv-offload");
    public static readonly QuestionPart OffloadOperations = Option(
        "OffloadOperations", o => o.OffloadOperations, (o, on) => o with { OffloadOperations = on },
        "--op-offload LLAMA_ARG_OP_OFFLOAD ! --no-op-offload");
    public static readonly QuestionPart MemoryMap = Option(
        "MemoryMap", o => o.MemoryMap, (o, on) => o with { MemoryMap = on },
        "--mmap LLAMA_ARG_MMAP ! -lm=none --no-mmap LLAMA_ARG_NO_MMAP", (Ollama, "use_mmap"));
    public static readonly QuestionPart Repack = Option(
        "Repack", o => o.Repack, (o, on) => o with { Repack = on }, "--repack LLAMA_ARG_REPACK ! --no-repack -nr");
    public static readonly QuestionPart SplitMode = Option(
        "SplitMode", o => o.SplitMode, (o, mode) => o with { SplitMode = mode },
        "-sm --split-mode LLAMA_ARG_SPLIT_MODE");
    public static readonly QuestionPart TensorSplit = Option(
        "TensorSplit", o => o.TensorSplit, (o, shares) => o with { TensorSplit = shares },
        "-ts --tensor-split LLAMA_ARG_TENSOR_SPLIT");
    public static readonly QuestionPart MainGpu = Option(
        "MainGpu", o => o.MainGpu, (o, card) => o with { MainGpu = card }, "-mg --main-gpu LLAMA_ARG_MAIN_GPU",
        (Ollama, "main_gpu"));
    public static readonly QuestionPart Embeds = Option(
        "Embeds", o => o.Embeds, (o, on) => o with { Embeds = on }, "--embedding --embeddings LLAMA_ARG_EMBEDDINGS");
    public static readonly QuestionPart Pooling = Option(
        "Pooling", o => o.Pooling, (o, way) => o with { Pooling = way }, "--pooling LLAMA_ARG_POOLING");
    public static readonly QuestionPart YarnScale = Option(
        "YarnScale", o => o.YarnScale, (o, scale) => o with { YarnScale = scale }, "--rope-scale LLAMA_ARG_ROPE_SCALE");
    public static readonly QuestionPart YarnContext = Option(
        "YarnContext", o => o.YarnContext, (o, tokens) => o with { YarnContext = tokens },
        "--yarn-orig-ctx LLAMA_ARG_YARN_ORIG_CTX");

    public static readonly QuestionPart DraftGpuLayers = Drafting(
        "GpuLayers", draft => draft.GpuLayers, (LlamaCpp,
        "-ngld --gpu-layers-draft --n-gpu-layers-draft --spec-draft-ngl LLAMA_ARG_N_GPU_LAYERS_DRAFT"));
    public static readonly QuestionPart DraftDevices = Drafting(
        "Devices", draft => draft.Devices, (LlamaCpp, "-devd --device-draft --spec-draft-device"));
    public static readonly QuestionPart DraftTokens = Drafting(
        "Tokens", draft => draft.Tokens,
        (LlamaCpp, "--spec-draft-n-max --draft --draft-n --draft-max LLAMA_ARG_SPEC_DRAFT_N_MAX "
        + "LLAMA_ARG_DRAFT_MAX"),
        (Ollama, "draft_num_predict"));
    public static readonly QuestionPart DraftKeyCacheType = Drafting(
        "KeyCacheType", draft => draft.KeyCacheType,
        (LlamaCpp, "-ctkd --cache-type-k-draft --spec-draft-type-k LLAMA_ARG_SPEC_DRAFT_CACHE_TYPE_K"));
    public static readonly QuestionPart DraftValueCacheType = Drafting(
        "ValueCacheType", draft => draft.ValueCacheType,
        (LlamaCpp, "-ctvd --cache-type-v-draft --spec-draft-type-v LLAMA_ARG_SPEC_DRAFT_CACHE_TYPE_V"));

    public static readonly QuestionPart MaxSequences = Serving(
        "MaxSequences", told => told.MaxSequences, (Vllm, "--max-num-seqs"), (SGLang, "--max-running-requests"));
    public static readonly QuestionPart MaxBatchedTokens = Serving(
        "MaxBatchedTokens", told => told.MaxBatchedTokens,
        (Vllm, "--max-num-batched-tokens"), (SGLang, "--chunked-prefill-size"), (Mlx, "--prefill-step-size"));
    public static readonly QuestionPart PipelineParallel = Serving(
        "PipelineParallel", told => told.PipelineParallel,
        (Vllm, "--pipeline-parallel-size -pp"), (SGLang, "--pp-size --pp"));
    public static readonly QuestionPart DataParallel = Serving(
        "DataParallel", told => told.DataParallel, (Vllm, "--data-parallel-size -dp"), (SGLang, "--dp-size --dp"));
    public static readonly QuestionPart ContextParallel = Serving(
        "ContextParallel", told => told.ContextParallel, (Vllm, "--decode-context-parallel-size -dcp"));
    public static readonly QuestionPart ExpertParallel = Serving(
        "ExpertParallel", told => told.ExpertParallel, (Vllm, "--enable-expert-parallel -ep"));
    public static readonly QuestionPart Eager = Serving(
        "Eager", told => told.Eager, (Vllm, "--enforce-eager -O0"), (SGLang, "--disable-cuda-graph"));
    public static readonly QuestionPart CacheBytes = Serving(
        "CacheBytes", told => told.CacheBytes, (Vllm, "--kv-cache-memory-bytes --kv-cache-memory"));
    public static readonly QuestionPart BlockCount = Serving(
        "BlockCount", told => told.BlockCount, (Vllm, "--num-gpu-blocks-override"));
    public static readonly QuestionPart BlockSize = Serving(
        "BlockSize", told => told.BlockSize, (Vllm, "--block-size"));
    public static readonly QuestionPart CpuOffload = Serving(
        "CpuOffloadBytes", told => told.CpuOffloadBytes, (Vllm, "--cpu-offload-gb"));
    public static readonly QuestionPart Adapters = Serving("Adapters", told => told.Adapters, (Vllm, "--max-loras"));
    public static readonly QuestionPart AdapterRank = Serving(
        "AdapterRank", told => told.AdapterRank, (Vllm, "--max-lora-rank"));
    public static readonly QuestionPart DraftMethod = Serving(
        "DraftMethod", told => told.DraftMethod, (Vllm, "--speculative-config.method --spec-method"));
    public static readonly QuestionPart DraftModel = Serving(
        "DraftModel", told => told.DraftModel, (Vllm, "--speculative-config.model --speculative-model --spec-model"));
    public static readonly QuestionPart EngineDraftTokens = Serving(
        "DraftTokens", told => told.DraftTokens,
        (Vllm, "--speculative-config.num-speculative-tokens --num-speculative-tokens --spec-tokens"));
    public static readonly QuestionPart StateBytes = Serving(
        "StateBytes", told => told.StateBytes, (Vllm, "--mamba-ssm-cache-dtype"));
    public static readonly QuestionPart StateCaching = Serving(
        "StateCaching", told => told.StateCaching, (Vllm, "--mamba-cache-mode"));
    public static readonly QuestionPart LargestGraph = Serving(
        "LargestGraph", told => told.LargestGraph, (Vllm, "--max-cudagraph-capture-size"));
    public static readonly QuestionPart WholeEncoder = Serving(
        "WholeEncoder", told => told.WholeEncoder, (Vllm, "--mm-encoder-tp-mode"));
    public static readonly QuestionPart LanguageModelOnly = Serving(
        "LanguageModelOnly", told => told.LanguageModelOnly, (Vllm, "--language-model-only"));
    public static readonly QuestionPart SkipEncoderProfiling = Serving(
        "SkipEncoderProfiling", told => told.SkipEncoderProfiling, (Vllm, "--skip-mm-profiling"));
    public static readonly QuestionPart PrefixCaching = Serving(
        "PrefixCaching", told => told.PrefixCaching, (Vllm, "--enable-prefix-caching ! --no-enable-prefix-caching"));
    public static readonly QuestionPart WholeCaches = Serving(
        "WholeCaches", told => told.WholeCaches, (Vllm, "--disable-hybrid-kv-cache-manager"));
    public static readonly QuestionPart AllowsLonger = Serving(
        "AllowsLonger", told => told.AllowsLonger,
        (Vllm, "VLLM_ALLOW_LONG_MAX_MODEL_LEN"), (SGLang, "SGLANG_ALLOW_OVERWRITE_LONGER_CONTEXT_LEN"));

    /// <summary>Every row.</summary>
    public static readonly IReadOnlyList<QuestionPart> All = new[]
    {
        GpuLayers, CpuMoeLayers, TensorOverrides, Devices, CardCount, MemoryUtilization, KvUnified, SwaFull, OffloadKv,
        OffloadOperations, MemoryMap, Repack, SplitMode, TensorSplit, MainGpu, Embeds, Pooling, YarnScale, YarnContext,
        DraftGpuLayers, DraftDevices, DraftTokens, DraftKeyCacheType, DraftValueCacheType, MaxSequences,
        MaxBatchedTokens, PipelineParallel, DataParallel,
        ContextParallel, ExpertParallel, Eager, CacheBytes, BlockCount, BlockSize, CpuOffload, Adapters, AdapterRank,
        DraftMethod, DraftModel, EngineDraftTokens, StateBytes, StateCaching, LargestGraph, WholeEncoder,
        LanguageModelOnly, SkipEncoderProfiling, PrefixCaching, WholeCaches, AllowsLonger,
    };

    private static QuestionPart Pin(
        string name, Func<FitQuestion, object?> get, params (ModelRuntime Runtime, string Words)[] launch) =>
        new(name) { IsBoundByName = false, Get = get, Launch = QuestionPart.Words(launch) };

    private static QuestionPart Option<T>(
        string name,
        Func<RuntimeOptions, T> get,
        Func<RuntimeOptions, T, RuntimeOptions> set,
        string words,
        params (ModelRuntime Runtime, string Words)[] more) =>
        new(name)
        {
            Type = typeof(T),
            IsBoundByName = false,
            Get = question => get(question.Options),
            Set = (question, value) => question with { Options = set(question.Options, (T)value) },
            Launch = QuestionPart.Words(more.Append((LlamaCpp, words)).ToArray()),
        };

    private static QuestionPart Drafting(
        string name, Func<Speculation, object?> get, params (ModelRuntime Runtime, string Words)[] launch) =>
        Pin(
            "Speculation." + name,
            question => question.Options.Speculation is { } draft ? get(draft) : null,
            launch);

    private static QuestionPart Serving(
        string name, Func<ServingOptions, object?> get, params (ModelRuntime Runtime, string Words)[] launch) =>
        Pin("Serving." + name, question => get(question.Options.Serving), launch);
}
