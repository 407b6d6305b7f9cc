using static ModelFit.ModelRuntime;

namespace ModelFit.Questions;

/// <summary>
/// The table of the question's parts. A new part is a row here, a parameter and a property of the answers.
/// </summary>
internal static class QuestionParts
{
    public static readonly QuestionPart Model = new("Model")
    {
        IsList = true, Get = question => question.Model.Name,
        Launch = QuestionPart.Words(new[]
        {
            (LlamaCpp, "-m --model LLAMA_ARG_MODEL"), (Ollama, "FROM"), (Vllm, "--model"),
            (SGLang, "--model-path --model"), (Mlx, "--model"),
        }),
    };

    public static readonly QuestionPart Gpu = new("Gpu")
    {
        IsList = true, IsHardware = true, Get = question => question.Machine?.Gpu,
    };

    public static readonly QuestionPart GpuCount = new("GpuCount", Count(0))
    {
        Type = typeof(int), IsList = true, IsHardware = true, Get = question => question.Machine?.GpuCount,
    };

    public static readonly QuestionPart GpuMemory = new("GpuMemory", Size(allowZero: false))
    {
        Aliases = new[] { "Vram", "GpuMemoryBytes" }, Echo = "GpuMemoryBytes", Type = typeof(long), IsHardware = true,
        Get = question => question.Machine?.GpuMemoryBytes,
    };

    public static readonly QuestionPart SystemMemory = new("SystemMemory", Size(allowZero: true))
    {
        Aliases = new[] { "SystemMemoryBytes" }, Echo = "SystemMemoryBytes", Type = typeof(long), IsHardware = true,
        Get = question => question.Machine?.SystemMemoryBytes,
    };

    public static readonly QuestionPart MemoryBandwidth = new("MemoryBandwidth", PartText.Rate)
    {
        Type = typeof(long), IsHardware = true, Get = question => question.Machine?.MemoryBandwidth,
    };

    public static readonly QuestionPart Machine = new("Machine")
    {
        IsList = true, IsHardware = true, IsBoundByName = false, Echo = null,
    };

    public static readonly QuestionPart Quantization = new("Quantization", PartText.Text)
    {
        Type = typeof(string), IsList = true, Get = question => question.Quantization,
        Launch = QuestionPart.Words(new[] { (Vllm, "--quantization -q") }),
    };

    public static readonly QuestionPart ContextLength = Option(
        "ContextLength", Count(1), isList: true, o => o.ContextLength, (o, value) => o with { ContextLength = value },
        (LlamaCpp, "-c --ctx-size LLAMA_ARG_CTX_SIZE"), (Ollama, "num_ctx OLLAMA_CONTEXT_LENGTH"),
        (LMStudio, "--context-length -c"), (Vllm, "--max-model-len"), (SGLang, "--context-length"),
        (Mlx, "--max-kv-size"));

    public static readonly QuestionPart ParallelSequences = Option(
        "ParallelSequences", Count(1), o => o.ParallelSequences, (o, value) => o with { ParallelSequences = value },
        (LlamaCpp, "-np --parallel LLAMA_ARG_N_PARALLEL"), (Ollama, "OLLAMA_NUM_PARALLEL"), (LMStudio, "--parallel"));

    public static readonly QuestionPart BatchSize = Option(
        "BatchSize", Count(1), o => o.BatchSize, (o, value) => o with { BatchSize = value },
        (LlamaCpp, "-b --batch-size LLAMA_ARG_BATCH"));

    public static readonly QuestionPart MicroBatchSize = Option(
        "MicroBatchSize", Count(1), o => o.MicroBatchSize, (o, value) => o with { MicroBatchSize = value },
        (LlamaCpp, "-ub --ubatch-size LLAMA_ARG_UBATCH"), (Ollama, "num_batch"));

    public static readonly QuestionPart KeyCacheType = Option(
        "KeyCacheType", PartText.CacheType, o => o.KeyCacheType, (o, value) => o with { KeyCacheType = value },
        (LlamaCpp, "-ctk --cache-type-k LLAMA_ARG_CACHE_TYPE_K"), (Ollama, "OLLAMA_KV_CACHE_TYPE"),
        (Vllm, "--kv-cache-dtype"), (SGLang, "--kv-cache-dtype"), (Mlx, "--kv-bits"));

    public static readonly QuestionPart ValueCacheType = Option(
        "ValueCacheType", PartText.CacheType, o => o.ValueCacheType, (o, value) => o with { ValueCacheType = value },
        (LlamaCpp, "-ctv --cache-type-v LLAMA_ARG_CACHE_TYPE_V"));

    public static readonly QuestionPart FlashAttention = Option(
        "FlashAttention", Choice<FlashAttentionMode>(), o => o.FlashAttention,
        (o, value) => o with { FlashAttention = value },
        (LlamaCpp, "-fa --flash-attn LLAMA_ARG_FLASH_ATTN"), (Ollama, "OLLAMA_FLASH_ATTENTION"));

    public static readonly QuestionPart Runtime = Option(
        "Runtime", Choice<ModelRuntime>(), o => o.Runtime, (o, value) => o with { Runtime = value });

    public static readonly QuestionPart RuntimeVersion = Option(
        "RuntimeVersion", PartText.Text, o => o.RuntimeVersion, (o, value) => o with { RuntimeVersion = value });

    public static readonly QuestionPart ActiveSequences = Load<int>(
        "ActiveSequences", Count(1), load => load.ActiveSequences,
        (load, value) => load with { ActiveSequences = value });

    public static readonly QuestionPart UsedContext = Load<int>(
        "UsedContext", Count(0), load => load.UsedContext, (load, value) => load with { UsedContext = value });

    public static readonly QuestionPart PromptLength = Load<int>(
        "PromptLength", Count(1), load => load.PromptLength, (load, value) => load with { PromptLength = value });

    public static readonly QuestionPart MinimumTokensPerSecond = Load<double>(
        "MinimumTokensPerSecond", PartText.TokensPerSecond, load => load.MinimumTokensPerSecond,
        (load, value) => load with { MinimumTokensPerSecond = value });

    public static readonly QuestionPart PowerLimit = Load<int>(
        "PowerLimit", PartText.Watts, load => load.PowerLimit, (load, value) => load with { PowerLimit = value });

    public static readonly QuestionPart DiskBandwidth = Load<long>(
        "DiskBandwidth", PartText.Rate, load => load.DiskBandwidth,
        (load, value) => load with { DiskBandwidth = value });

    public static readonly QuestionPart CommandLine = new("CommandLine", PartText.Text)
    {
        Type = typeof(string), Echo = null,
    };

    public static readonly QuestionPart Reserve = new("Reserve", Size(allowZero: true))
    {
        Aliases = new[] { "ReserveBytes" }, Echo = "ReserveBytes", Type = typeof(long),
        Get = question => question.ReserveBytes,
        Set = (question, value) => question with { ReserveBytes = (long)value },
    };

    /// <summary>Every part, in the order of the contract.</summary>
    public static readonly IReadOnlyList<QuestionPart> All = Numbered(
        Model, Gpu, GpuCount, GpuMemory, SystemMemory, MemoryBandwidth, Machine, Quantization, ContextLength,
        ParallelSequences, ActiveSequences, UsedContext, PromptLength, MinimumTokensPerSecond, PowerLimit,
        DiskBandwidth, BatchSize, MicroBatchSize, KeyCacheType, ValueCacheType, FlashAttention, Runtime, RuntimeVersion,
        CommandLine, Reserve);

    /// <summary>The parts of the machine.</summary>
    public static readonly IReadOnlyList<QuestionPart> Hardware = All.Where(part => part.IsHardware).ToArray();

    private static readonly Dictionary<string, QuestionPart> ByName = All.ToDictionary(part => part.Name);

    /// <summary>The part whose parameter has the name; null if there is none.</summary>
    public static QuestionPart? Named(string name) => ByName.TryGetValue(name, out var part) ? part : null;

    private static QuestionPart Option<T>(
        string name,
        Func<object?, object?> read,
        Func<RuntimeOptions, T> get,
        Func<RuntimeOptions, T, RuntimeOptions> set,
        params (ModelRuntime Runtime, string Words)[] launch) => Option(name, read, isList: false, get, set, launch);

    private static QuestionPart Option<T>(
        string name,
        Func<object?, object?> read,
        bool isList,
        Func<RuntimeOptions, T> get,
        Func<RuntimeOptions, T, RuntimeOptions> set,
        params (ModelRuntime Runtime, string Words)[] launch) => new(name, read)
        {
            Type = typeof(T),
            Launch = QuestionPart.Words(launch),
            IsList = isList,
            Get = question => get(question.Options),
            Set = (question, value) => question with { Options = set(question.Options, (T)value) },
        };

    private static QuestionPart Load<T>(
        string name,
        Func<object?, object?> read,
        Func<ServingLoad, T?> get,
        Func<ServingLoad, T, ServingLoad> set)
        where T : struct => new(name, read)
        {
            Type = typeof(T),
            Get = question => get(question.Load),
            Set = (question, value) => question with { Load = set(question.Load, (T)value) },
        };

    private static Func<object?, object?> Count(int least) => value => PartText.Count(value, least);

    private static Func<object?, object?> Size(bool allowZero) => value => PartText.Size(value, allowZero);

    private static Func<object?, object?> Choice<T>() => value => PartText.Choice(value, typeof(T));

    private static QuestionPart[] Numbered(params QuestionPart[] parts)
    {
        for (var index = 0; index < parts.Length; index++) parts[index].Index = index;
        return parts;
    }
}
