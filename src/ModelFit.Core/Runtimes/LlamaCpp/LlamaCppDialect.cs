using System.Globalization;
using System.IO;
using ModelFit.Questions;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// llama.cpp's words that matter to memory, long, short and as variables (common/arg.cpp), older spellings included.
/// </summary>
internal sealed class LlamaCppDialect : LaunchDialect
{
    private const ModelRuntime Own = ModelRuntime.LlamaCpp;

    private const string DenseFeedForward = "\\.ffn_(up|down|gate)\\.";

    private LlamaCppDialect()
        : base("LlamaCpp", Words().Concat(ModelWords.All).Concat(UncountedWords.All))
    {
    }

    public static LlamaCppDialect Instance { get; } = new();

    /// <summary>The parts that stand alone in a line.</summary>
    private static QuestionPart[] Switches => new[]
    {
        SettingParts.KvUnified, SettingParts.SwaFull, SettingParts.OffloadKv, SettingParts.OffloadOperations,
        SettingParts.Repack, SettingParts.MemoryMap,
    };

    protected override string[] OwnPrefixes => UncountedWords.Prefixes;

    /// <summary>A switch is off where such a variable is, whatever it says (common_arg::get_value_from_env).</summary>
    protected override string? Denied(string variable) => variable.StartsWith("LLAMA_ARG_NO_", StringComparison.Ordinal)
        ? "LLAMA_ARG_" + variable.Substring("LLAMA_ARG_NO_".Length)
        : null;

    protected override void ReadBare(LaunchLine line, string text, IMessageSink messages) =>
        messages.Warning("A word of the command line is not an option and is ignored.");

    private static IEnumerable<LaunchWord> Words() => new[]
    {
        Value(Own, QuestionParts.Model, SetPath),
        Value(Own, FileParts.Url, SetUrl),
        Value(Own, FileParts.Repository, SetRepository),
        Value(Own, FileParts.Image, SetImage),
        Value(Own, QuestionParts.ContextLength, (line, value) => line.TotalContext = Count(value, 0)),
        Value(Own, QuestionParts.ParallelSequences, SetSequences),
        Option(Own, QuestionParts.BatchSize, value => Count(value, 1)),
        Option(Own, QuestionParts.MicroBatchSize, value => Count(value, 1)),
        Option(Own, QuestionParts.KeyCacheType, Named<KvCacheType>),
        Option(Own, QuestionParts.ValueCacheType, Named<KvCacheType>),
        Option(Own, QuestionParts.FlashAttention, Attention)
            with
            {
                OptionalValues = new[]
                {
                    "on", "off", "auto", "1", "0", "-1", "true", "false", "enabled", "disabled",
                },
                Lacking = "has no value (on, off or auto), without which llama.cpp does not start since September "
                    + "2025; it is read as on.",
            },
        Value(Own, SettingParts.GpuLayers, SetGpuLayers),
        Value(Own, SettingParts.CpuMoeLayers, (line, value) => line.CpuMoeLayers = Count(value, 0)),
        Value("LLAMA_ARG_N_CPU_FFN", AddDenseOverrides, "-ncffn", "--n-cpu-ffn"),
        Value(Own, SettingParts.TensorOverrides, AddOverrides),
        Option(Own, SettingParts.TensorSplit, Shares),
        Option(Own, SettingParts.SplitMode, Named<GpuSplitMode>),
        Option(Own, SettingParts.MainGpu, value => Count(value, 0)),
        Value(Own, SettingParts.Devices, SetDevices),
        Shown(Own),
        Value(Own, FileParts.FitTargets, SetTargets),
        Value(Own, FileParts.Fit, (line, value) => line.IsFit = Flag(value)),
        Value(Own, FileParts.FitContext, (line, value) => line.FitContext = Count(value, 0)),
        Value("LLAMA_ARG_KV_UNIFIED_PER_SLOT", (line, value) => line.UnifiedPerSlot = Count(value, 0),
            "--kv-unified-per-slot"),
        Value(null, (line, value) => line.Tests.Sequences = BenchTests.Numbers(value).Max(), "-npl"),
        Embedding(SettingParts.Embeds.Launch[Own].Variables[0], null, SettingParts.Embeds.Launch[Own].Names),
        Embedding("LLAMA_ARG_RERANKING", "rank", "--rerank", "--reranking"),
        Value(Own, SettingParts.Pooling, SetPooling),
        Value(Own, FileParts.RepositoryFile, (line, value) => line.Quantization = null),
        Value(Own, FileParts.Projector, (line, value) => AddFile(line, value, CompanionKind.Projector)),
        Value(Own, FileParts.ProjectorUrl,
            (line, value) => AddFile(line, value.Split('/').Last(), CompanionKind.Projector)),
        Value(Own, FileParts.Adapter, (line, value) => AddFile(line, value, CompanionKind.Adapter)),
        Value("LLAMA_ARG_LOAD_MODE", SetLoadMode, "-lm", "--load-mode"),
        Value(Own, FileParts.Draft, SetDraftModel),
        Value(Own, FileParts.DraftRepository, SetDraftModel),
        Drafting(SettingParts.DraftGpuLayers, (own, v) => own with { GpuLayers = LayersOf(v) }),
        Value(Own, SettingParts.DraftDevices, SetDraftDevices),
        Value("LLAMA_ARG_RPC", (line, value) => line.Workers = value.Split(','), "--rpc"),
        Value(Own, FileParts.ControlVectors, (line, value) => AddVectors(line, value, false)),
        Value(Own, FileParts.ScaledControlVectors, (line, value) => AddVectors(line, value, true)),
        Value(Own, FileParts.ScaledAdapters, AddScaled),
        Drafting(SettingParts.DraftTokens, (own, v) => own with { Tokens = Count(v, 0) }),
        Drafting(SettingParts.DraftKeyCacheType, (own, v) => own with { KeyCacheType = Named<KvCacheType>(v) }),
        Drafting(SettingParts.DraftValueCacheType, (own, v) => own with { ValueCacheType = Named<KvCacheType>(v) }),
        Value("MTMD_BACKEND_DEVICE", SetProjectorDevice, "-mmdev", "--mmproj-device"),
        Value(Own, FileParts.Drafters, SetSpeculation),
        Value(Own, FileParts.RopeScaling, (line, value) => line.IsYarn = value == "yarn"),
        Value(Own, SettingParts.YarnScale, (line, value) => line.RopeScale = Share(value)),
        Value("LLAMA_ARG_ROPE_FREQ_SCALE", (line, value) => line.RopeScale = Share(value) is > 0 and var share
            ? 1 / share : null, "--rope-freq-scale"),
        Value(Own, SettingParts.YarnContext, (line, value) => line.YarnContext = Count(value, 0)),
        new(new[] { "--spec-default" }, null, false, (line, _) => line.Draft.Use("ngram-mod")),
    }
        .Concat(Switches.SelectMany(part => Switch(Own, part)))
        .Concat(DraftWords.Sizes.Select(pair =>
            Value(null, (line, value) => line.Draft.SetMost(pair.Key, Count(value, 1)), pair.Value)))
        .Concat(Switch(Own, FileParts.TakesProjector, (line, on) => line.TakesProjector = on))
        .Concat(Switch(Own, FileParts.OffloadProjector, (line, on) => line.IsProjectorOnHost = !on))
        .Concat(Switch(Own, FileParts.AllExperts, (line, on) =>
        {
            if (on) line.CpuMoeLayers = int.MaxValue;
        }));

    private static LaunchWord Value(string? variable, Action<LaunchLine, string> apply, params string[] names) =>
        new(names, variable, true, apply);

    private static void SetLoadMode(LaunchLine line, string value)
    {
        var isMapped = value is "auto" or "mmap" or "mmap+mlock";
        line.Change(options => options with { MemoryMap = isMapped });
    }

    private static void SetPath(LaunchLine line, string value)
    {
        line.Model = value;
        line.ModelIsPath = true;
    }

    private static void SetUrl(LaunchLine line, string value)
    {
        line.Model = Path.GetFileNameWithoutExtension(value.Split('?')[0]);
        line.ModelIsPath = false;
    }

    private static void SetRepository(LaunchLine line, string value)
    {
        var split = value.LastIndexOf(':');
        line.Model = split < 0 ? value : value.Substring(0, split);
        line.ModelIsPath = false;
        line.IsFetched = true;
        if (split >= 0) line.Quantization = value.Substring(split + 1);
    }

    /// <summary>A model of Docker's hub, whose tag says size and type (<c>ai/gemma3:4B-Q4_K_M</c>).</summary>
    private static void SetImage(LaunchLine line, string value)
    {
        line.Model = value.Split('/').Last();
        line.ModelIsPath = false;
        line.Quantization = LaunchLine.QuantizationIn(value);
    }

    /// <summary>-1 leaves the number to the server (tools/server/server.cpp).</summary>
    private static void SetSequences(LaunchLine line, string value)
    {
        var count = Integer(value);
        if (count == 0) throw new FormatException("a whole number other than 0");
        line.ParallelSequences = count < 0 ? null : Count(value, 1);
    }

    /// <summary>Every row is kept (tools/server/server-context.cpp, server_output_limits).</summary>
    private static LaunchWord Embedding(string variable, string? pooling, params string[] names) =>
        new(names, variable, false, (line, value) =>
        {
            if (Flag(value)) line.Change(options => options with
            {
                Embeds = true, OutputCount = 0, Pooling = pooling ?? options.Pooling,
            });
        });

    private static void SetPooling(LaunchLine line, string value)
    {
        if (value is not ("mean" or "cls" or "last" or "rank" or "none"))
            throw new FormatException("none, mean, cls, last or rank");
        if (value != "none") line.Change(options => options with { OutputCount = 0, Pooling = value });
    }

    private static void SetSpeculation(LaunchLine line, string value)
    {
        foreach (var type in line.Draft.Use(value))
            line.Uncounted.Add($"the memory of --spec-type {type} is not counted");
    }

    private static LaunchWord Drafting(QuestionPart part, Func<Speculation, string, Speculation> change) =>
        Value(Own, part, (line, value) => line.Draft.Own = change(line.Draft.Own, value));

    private static void SetDraftModel(LaunchLine line, string value)
    {
        line.Draft.HasModel = true;
        line.DraftModel = value;
    }

    /// <summary>A drafter is on the cards of the model unless it is told of others.</summary>
    private static void SetDraftDevices(LaunchLine line, string value)
    {
        line.Draft.Own = value == "none"
            ? line.Draft.Own with { GpuLayers = 0 }
            : line.Draft.Own with { Devices = new EquatableArray<int>(NumbersOf(value)) };
    }

    /// <summary>A projector is on the first card unless it is told of another.</summary>
    private static void SetProjectorDevice(LaunchLine line, string value)
    {
        line.IsProjectorOnHost = value == "none";
        if (value != "none" && IndexOf(value) > 0)
            line.UncountedWhere.Add((
                UncountedWords.HasProjector, $"the projector is counted on the first card, not on {value}"));
    }

    private static void SetGpuLayers(LaunchLine line, string value) => line.GpuLayers = LayersOf(value);

    private static int? LayersOf(string value) => value switch
    {
        "auto" or "-1" => null,
        "all" => int.MaxValue,
        _ => Integer(value) < 0 ? int.MaxValue : Count(value, 0),
    };

    private static void AddVectors(LaunchLine line, string value, bool isScaled)
    {
        foreach (var item in value.Split(','))
            AddFile(line, isScaled ? Unscaled(item) : item, CompanionKind.ControlVector);
    }

    private static void AddScaled(LaunchLine line, string value)
    {
        foreach (var item in value.Split(',')) AddFile(line, Unscaled(item), CompanionKind.Adapter);
    }

    /// <summary>A file's name without the factor behind its last colon.</summary>
    private static string Unscaled(string item) =>
        item.LastIndexOf(':') is > 1 and var split ? item.Substring(0, split) : item;

    private static void AddFile(LaunchLine line, string path, CompanionKind kind) =>
        line.Companions = line.Companions.Append((path, kind)).ToArray();

    /// <summary>Devices by the digits at the end of their names (<c>CUDA0,CUDA1</c>), or none.</summary>
    private static void SetDevices(LaunchLine line, string value) => line.Devices = NumbersOf(value).ToArray();

    private static IEnumerable<int> NumbersOf(string value) => value == "none"
        ? Array.Empty<int>()
        : value.Split(',').Select(name => name.Trim()).Where(name => name.Length > 0 && !IsWorker(name))
            .Select(IndexOf);

    private static bool IsWorker(string device) => device.StartsWith("RPC", StringComparison.OrdinalIgnoreCase);

    private static int IndexOf(string device)
    {
        var digits = device.Length;
        while (digits > 0 && char.IsDigit(device[digits - 1])) digits--;
        return int.TryParse(device.Substring(digits), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : throw new FormatException("devices by number, such as CUDA0,CUDA1, or none");
    }

    /// <summary>MiB a device; one stands for all.</summary>
    internal static void SetTargets(LaunchLine line, string value) => line.FitTargets = new EquatableArray<long>(
        value.Split(new[] { ',', '/' }, StringSplitOptions.RemoveEmptyEntries)
            .Select(text => (long)Count(text, 0) << 20));

    private static void AddOverrides(LaunchLine line, string value)
    {
        var parts = value.Split(',');
        if (parts.Any(part => part.IndexOf('=') <= 0)) throw new FormatException("patterns with =, then a buffer type");
        line.TensorOverrides = line.TensorOverrides.Concat(parts).ToArray();
    }

    private static void AddDenseOverrides(LaunchLine line, string value)
    {
        const int mostLayers = 1000;
        var layers = Enumerable.Range(0, Math.Min(Count(value, 0), mostLayers));
        line.TensorOverrides = line.TensorOverrides
            .Concat(layers.Select(layer =>
                "blk\\." + layer.ToString(CultureInfo.InvariantCulture) + DenseFeedForward + "=CPU"))
            .ToArray();
    }

    private static FlashAttentionMode Attention(string value) =>
        value.ToLowerInvariant() is "auto" or "-1" ? FlashAttentionMode.Auto
        : Flag(value) ? FlashAttentionMode.On
        : FlashAttentionMode.Off;

    private static EquatableArray<double> Shares(string value)
    {
        var shares = value.Split(new[] { ',', '/' }, StringSplitOptions.RemoveEmptyEntries).Select(Share).ToArray();
        return shares.Length == 0 ? throw new FormatException("shares, such as 3,1") : new(shares);
    }

    private static double Share(string text) => Decimal(text, "shares, such as 3,1");
}
