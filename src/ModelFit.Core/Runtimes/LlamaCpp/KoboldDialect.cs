using System.Globalization;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// The words of KoboldCpp 1.117 that matter to memory (koboldcpp.py): most are llama.cpp's under names of its own.
/// </summary>
internal sealed class KoboldDialect : LaunchDialect
{
    private const int MostLayers = 1000;

    private KoboldDialect()
        : base("Kobold", Words())
    {
    }

    public static KoboldDialect Instance { get; } = new();

    public override void Begin(LaunchLine line)
    {
        line.TotalContext = 12_288;
        line.Change(options => options with
        {
            BatchSize = 512, MicroBatchSize = 512, MemoryMap = false, FlashAttention = FlashAttentionMode.On,
        });
        line.Uncounted.Add("koboldcpp has its own copy of llama.cpp, whose buffers were not compared");
    }

    /// <summary>The model may stand alone, with the port behind it.</summary>
    protected override void ReadBare(LaunchLine line, string text, IMessageSink messages) =>
        line.SetModel(line.Model ?? text);

    private static IEnumerable<LaunchWord> Words() => new[]
    {
        As("-m", "--model"), As("-c", "--contextsize", "--ctx-size"),
        As("-ngl", "--gpulayers", "--gpu-layers", "--n-gpu-layers"),
        As("-ts", "--tensor_split", "--tensorsplit", "--tensor-split") with { IsList = true },
        As("-dev", "--device"), As("-mg", "--maingpu", "--main-gpu"), As("-sm", "--splitmode", "--split-mode"),
        As("-ot", "--overridetensors", "--override-tensor"), As("--mmproj"), As("--lora"),
        As("--no-mmproj-offload", "--mmprojcpu"), As("-md", "--draftmodel", "--model-draft"),
        As("--draft-max", "--draftamount", "--draft-n", "--spec-draft-n-max"),
        As("-ngld", "--draftgpulayers", "--gpu-layers-draft", "--n-gpu-layers-draft"),
        As("-nkvo", "--lowvram", "--no-kv-offload"), As("--swa-full", "--noswa"), As("-fitt", "--autofitpadding"),
        As("--mmap", "--usemmap"),
        Value(SetBatch, "--batchsize", "--blasbatchsize", "--batch-size", "-b"),
        Value(SetCache, "--quantkv"),
        Value(SetExperts, "--moecpu", "--n-cpu-moe", "-ncmoe") with
        {
            OptionalValues = Enumerable.Range(0, MostLayers)
                .Select(count => count.ToString(CultureInfo.InvariantCulture)).ToArray(),
        },
        Value(SetCards, "--usecuda", "--usecublas", "--usehipblas") with { IsList = true },
        Value((line, value) => SetCards(line, value, ComputeBackend.Vulkan), "--usevulkan") with { IsList = true },
        Switch((line, _) => line.Change(options => options with { Backend = ComputeBackend.Cpu }), "--usecpu"),
        Switch(
            (line, _) => line.Change(options => options with { FlashAttention = FlashAttentionMode.Off }),
            "--noflashattention", "--no-flash-attn", "-nofa"),
        Switch((line, _) => line.Draft.Use("draft-mtp"), "--usemtp"),
        new UncountedWord(new[] { "--enableguidance" }, null, TakesValue: false),
        new UncountedWord(
            new[]
            {
                "--config", "--sdmodel", "--sdvae", "--sdt5xxl", "--sdclip1", "--sdclip2", "--whispermodel",
                "--ttsmodel", "--embeddingsmodel", "--musicllm", "--musicdiffusion", "--parallelrequests",
                "--continuous-batching", "--draftgpusplit", "--overridekv", "--override-kv", "--moeexperts",
                "--overridenativecontext", "--swapadding", "--visionmaxtokens", "--image-max-tokens",
            },
            null),
        Shown(ModelRuntime.LlamaCpp),
    };

    private static LaunchWord As(string word, params string[] names) =>
        LlamaCppDialect.Instance.Renamed(word, names.Prepend(word).ToArray());

    private static LaunchWord Switch(Action<LaunchLine, string> apply, params string[] names) =>
        new(names, null, false, apply);

    private static void SetBatch(LaunchLine line, string value)
    {
        var size = Count(value, 1);
        line.Change(options => options with { BatchSize = size, MicroBatchSize = size });
    }

    private static void SetCache(LaunchLine line, string value)
    {
        var type = value switch
        {
            "0" => KvCacheType.F16,
            "1" => KvCacheType.Q8_0,
            "2" => KvCacheType.Q4_0,
            _ => Named<KvCacheType>(value),
        };
        line.Change(options => options with { KeyCacheType = type, ValueCacheType = type });
    }

    private static void SetExperts(LaunchLine line, string value) =>
        line.CpuMoeLayers = value == "on" ? int.MaxValue : Count(value, 0);

    private static void SetCards(LaunchLine line, string value) => SetCards(line, value, null);

    private static void SetCards(LaunchLine line, string value, ComputeBackend? backend)
    {
        var words = value.Split(new[] { ',' }, StringSplitOptions.RemoveEmptyEntries);
        var numbers = words.Where(word => word.All(char.IsDigit)).Select(word => Count(word, 0)).ToArray();
        if (numbers.Length > 0) line.Devices = numbers;
        line.Change(options => options with
        {
            Backend = backend ?? options.Backend, OffloadKv = options.OffloadKv && !words.Contains("lowvram"),
            SplitMode = words.Contains("rowsplit") ? GpuSplitMode.Row : options.SplitMode,
        });
    }
}
