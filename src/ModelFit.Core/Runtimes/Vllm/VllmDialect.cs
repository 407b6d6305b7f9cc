using ModelFit.Questions;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ModelFit.Runtimes.Vllm;

/// <summary>vLLM's words that matter to memory (its engine arguments), of <c>vllm serve</c> and the module.</summary>
internal sealed class VllmDialect : LaunchDialect
{
    private const ModelRuntime Own = ModelRuntime.Vllm;
    private const long GiB = 1L << 30;

    private VllmDialect()
        : base("Vllm", Words())
    {
    }

    public static VllmDialect Instance { get; } = new();

    /// <summary>Hyphens and underscores are the same in a name (vllm/utils, FlexibleArgumentParser).</summary>
    protected override string Spelled(string text)
    {
        if (!text.StartsWith("--", StringComparison.Ordinal)) return text;
        var end = text.IndexOf('=');
        var name = end < 0 ? text : text.Substring(0, end);
        return name.Replace('_', '-') + (end < 0 ? string.Empty : text.Substring(end));
    }

    protected override void ReadBare(LaunchLine line, string text, IMessageSink messages)
    {
        if (text is "vllm" or "serve" or "bench" or "chat") return;
        line.SetModel(line.Model ?? text);
    }

    /// <summary>A switch may be denied, and a part of an object of JSON stands behind a point.</summary>
    protected override string Root(string option)
    {
        var name = Spelled(option).Split('.')[0];
        return name.StartsWith("--no-", StringComparison.Ordinal) ? "--" + name.Substring("--no-".Length) : name;
    }

    protected override string[] OwnPrefixes => new[] { "VLLM_" };

    private static IEnumerable<LaunchWord> Words() => new LaunchWord[]
    {
        Value(Own, QuestionParts.Model, (line, value) => line.SetModel(value)),
        Value(Own, QuestionParts.ContextLength, SetLength),
        Value(Own, SettingParts.CardCount, (line, value) => line.TensorParallel = Count(value, 1)),
        Value(Own, SettingParts.MemoryUtilization, (line, value) => line.MemoryUtilization = Utilization(value)),
        Value(Own, QuestionParts.KeyCacheType, SetCache),
        Value(Own, QuestionParts.Quantization, SetQuantization),
        new(new[] { "--dtype" }, null, true, SetPrecision),
        Serving(SettingParts.MaxSequences, (told, value) => told with { MaxSequences = Count(value, 1) }),
        Serving(SettingParts.MaxBatchedTokens, (told, value) => told with { MaxBatchedTokens = Whole(Tokens(value)) }),
        Serving(SettingParts.PipelineParallel, (told, value) => told with { PipelineParallel = Count(value, 1) }),
        Serving(SettingParts.DataParallel, (told, value) => told with { DataParallel = Count(value, 1) }),
        Serving(SettingParts.ContextParallel, (told, value) => told with { ContextParallel = Count(value, 1) }),
        Serving(SettingParts.CacheBytes, (told, value) => told with { CacheBytes = Tokens(value) }),
        Serving(SettingParts.BlockCount, (told, value) => told with { BlockCount = Count(value, 1) }),
        Serving(SettingParts.BlockSize, (told, value) => told with { BlockSize = Count(value, 1) }),
        Serving(SettingParts.CpuOffload, (told, value) => told with { CpuOffloadBytes = (long)(Number(value) * GiB) }),
        Serving(SettingParts.Adapters, (told, value) => told with { Adapters = Count(value, 1) }),
        Serving(SettingParts.AdapterRank, (told, value) => told with { AdapterRank = Count(value, 1) }),
        Serving(new[] { "--speculative-config", "-sc" }, Drafted),
        Serving(SettingParts.DraftMethod, (told, value) => told with { DraftMethod = value }),
        Serving(SettingParts.DraftModel, (told, value) => told with
        {
            DraftModel = value, DraftMethod = told.DraftMethod ?? "draft_model",
        }),
        Serving(SettingParts.EngineDraftTokens, (told, value) => told with { DraftTokens = Count(value, 1) }),
        Serving(SettingParts.StateBytes, (told, value) => told with { StateBytes = NumberBytes(value) }),
        Serving(SettingParts.StateCaching, (told, value) => told with { StateCaching = Named<StateCaching>(value) }),
        Serving(SettingParts.LargestGraph, (told, value) => told with { LargestGraph = Count(value, 0) }),
        Serving(new[] { "--optimization-level", "-O" }, SetLevel),
        Serving(SettingParts.WholeEncoder, (told, value) => told with { WholeEncoder = value == "data" }),
        Serving(new[] { "--limit-mm-per-prompt" }, SetInputs),
        Uncounted("--config", "--compilation-config", "-cc", "--kv-transfer-config", "--kv-offloading-size"),
        Uncounted("--kv-offloading-backend", "--eplb-config", "--cudagraph-capture-sizes", "--mamba-cache-dtype"),
        Uncounted("--runner", "--task", "--convert", "--hf-overrides"),
        Uncounted("--lora-dtype", "--attention-backend", "--mamba-block-size", "--mamba-backend"),
        Uncounted("--kernel-config", "--additional-config", "--lora-extra-vocab-size", "--rope-scaling"),
        Uncounted("--num-redundant-experts", "--num-lookahead-slots", "--cuda-graph-sizes", "--cpu-offload-params"),
        Uncounted("--attention-config", "--quantization-config", "--kv-cache-dtype-skip-layers", "--ubatch-size"),
        Uncounted("--offload-backend", "--offload-group-size", "--offload-num-in-group", "--offload-params"),
        Uncounted("--offload-prefetch-step", "--prefill-context-parallel-size", "-pcp", "--mm-encoder-attn-dtype"),
        Uncounted("--gdn-prefill-backend", "--linear-backend", "--moe-backend", "--lora-target-modules"),
        UncountedSwitch("--enable-cumem-allocator", "--enable-elastic-ep", "--enable-mixed-moe-lora-format"),
        UncountedSwitch("--enable-return-routed-experts", "--enable-tower-connector-lora", "--mm-encoder-only"),
        UncountedSwitch("--specialize-active-lora"),
        UncountedSwitch("--disable-sliding-window", "--enable-dbo", "--enable-eplb", "--fully-sharded-loras"),
        UncountedSwitch("--enable-multimodal-encoder-data-parallel"),
        Switch(Names(FileParts.TakesAdapters), told => told with { Adapters = Math.Max(1, told.Adapters) }),
        Switch(Names(SettingParts.ExpertParallel), told => told with { ExpertParallel = true }),
        Switch(Names(SettingParts.Eager), told => told with { Eager = true }),
        Switch(new[] { "-O1", "-O2", "-O3" }, told => told),
        Switch(Names(SettingParts.LanguageModelOnly), told => told with { LanguageModelOnly = true }),
        Switch(Names(SettingParts.SkipEncoderProfiling), told => told with { SkipEncoderProfiling = true }),
        Switch(Names(SettingParts.PrefixCaching), told => told with { PrefixCaching = true }),
        Switch(
            SettingParts.PrefixCaching.Launch[Own].Opposites, told => told with { PrefixCaching = false }),
        Switch(Names(SettingParts.WholeCaches), told => told with { WholeCaches = true }),
        Serving(SettingParts.AllowsLonger, (told, value) => told with { AllowsLonger = value is "1" or "true" }),
        Shown(Own),
    };

    private static string[] Names(QuestionPart part) => part.Launch[Own].Names;

    private static LaunchWord Serving(QuestionPart part, Func<ServingOptions, string, ServingOptions> change) =>
        Value(Own, part, (line, value) => line.Serving = change(line.Serving, value));

    private static LaunchWord Serving(string[] names, Func<ServingOptions, string, ServingOptions> change) =>
        new(names, null, true, (line, value) => line.Serving = change(line.Serving, value));

    private static LaunchWord Switch(string[] names, Func<ServingOptions, ServingOptions> change) =>
        new(names, null, false, (line, _) => line.Serving = change(line.Serving));

    private static UncountedWord Uncounted(params string[] names) => new(names, null);

    private static UncountedWord UncountedSwitch(params string[] names) => new(names, null, TakesValue: false);

    /// <summary>Level 0 neither compiles nor makes graphs (vllm/config/vllm.py, OptimizationLevel).</summary>
    private static ServingOptions SetLevel(ServingOptions told, string value) =>
        told with { Eager = told.Eager || value.TrimStart('O') == "0" };

    /// <summary>A model that may be given no image, sound or video is loaded without its encoders.</summary>
    private static ServingOptions SetInputs(ServingOptions told, string value)
    {
        var counts = value.TrimStart().StartsWith("{", StringComparison.Ordinal)
            ? Parsed(value).Properties().Select(input => input.Value.ToString())
            : value.Split(',').Select(input => input.Substring(input.IndexOf('=') + 1));
        return told with { LanguageModelOnly = told.LanguageModelOnly || counts.All(count => count.Trim() == "0") };
    }

    private static int NumberBytes(string value) => value switch
    {
        "auto" or "float32" => 4,
        "float16" or "bfloat16" => 2,
        _ => throw new FormatException("auto, float16, bfloat16 or float32"),
    };

    private static JObject Parsed(string value)
    {
        try
        {
            return JObject.Parse(value);
        }
        catch (JsonException)
        {
            throw new FormatException("an object of JSON");
        }
    }

    /// <summary>A length; <c>auto</c> and -1 are the longest that fits.</summary>
    private static void SetLength(LaunchLine line, string value)
    {
        var longest = value is "auto" or "-1";
        line.Serving = line.Serving with { LongestContext = longest };
        line.SequenceContext = longest ? null : Tokens(value);
    }

    /// <summary>The methods that name a format; others read it from the files.</summary>
    internal static void SetQuantization(LaunchLine line, string value) => line.Quantization = value switch
    {
        "awq" or "awq_marlin" => "AWQ",
        "gptq" or "gptq_marlin" => "GPTQ-Int4",
        "fp8" => "FP8",
        "mxfp4" => "MXFP4",
        "bitsandbytes" => "NF4",
        _ => null,
    };

    internal static void SetPrecision(LaunchLine line, string value) => line.Serving = line.Serving with
    {
        ComputesInBfloat16 = value == "bfloat16",
        FullPrecision = value switch
        {
            "float32" or "float" => true,
            "auto" or "half" or "float16" or "bfloat16" => false,
            _ => throw new FormatException("auto, half, float16, bfloat16, float or float32"),
        },
    };

    /// <summary>A type of the cache; those that turn vectors before they are cut have rows of their own.</summary>
    private static void SetCache(LaunchLine line, string value)
    {
        var isTurned = value.StartsWith("turboquant_", StringComparison.Ordinal);
        var type = isTurned ? value.Contains("k8") ? KvCacheType.FP8 : KvCacheType.NVFP4
            : KvCacheTypes.Named(value) ?? Named<KvCacheType>(value);
        if (isTurned) line.Uncounted.Add($"the cache of type {value} is counted as {type}");
        line.Change(options => options with { KeyCacheType = type, ValueCacheType = type });
    }

    private static ServingOptions Drafted(ServingOptions told, string value)
    {
        var said = Parsed(value);
        try
        {
            return told with
            {
                DraftMethod = (string?)said["method"] ?? (said["model"] is null ? told.DraftMethod : "draft_model"),
                DraftModel = (string?)said["model"] ?? told.DraftModel,
                DraftTokens = (int?)said["num_speculative_tokens"] ?? told.DraftTokens,
            };
        }
        catch (Exception error) when (error is JsonException or ArgumentException or OverflowException)
        {
            throw new FormatException("an object of JSON with texts and a number");
        }
    }

    /// <summary>A count with vLLM's suffixes: k is 1000, K is 1024 (and so m, M, g, G; vllm/utils).</summary>
    private static long Tokens(string value)
    {
        const string suffixes = "kKmMgG";
        var suffix = value.Length > 0 ? suffixes.IndexOf(value[value.Length - 1]) : -1;
        if (suffix < 0)
            return Integer(value) is > 0 and var count ? count : throw new FormatException("a whole number from 1");
        var step = suffix % 2 == 0 ? 1000 : 1024;
        return (long)(Number(value.Substring(0, value.Length - 1)) * Math.Pow(step, (suffix / 2) + 1));
    }

    private static int Whole(long count) =>
        count is > 0 and <= int.MaxValue ? (int)count : throw new FormatException("a whole number from 1");

    private static double Number(string value) => Decimal(value, "a number");
}
