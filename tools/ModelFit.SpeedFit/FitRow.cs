using System.Globalization;
using System.IO;
using ModelFit.Catalog;
using ModelFit.Graph;
using ModelFit.Models;
using ModelFit.Speed;

namespace ModelFit.SpeedFit;

/// <summary>A measured row whose model, cards and program are known here, ready to be predicted.</summary>
internal sealed class FitRow
{
    private const int LlamaBenchBatch = 2048;

    /// <summary>
    /// Means over LocalScore's nine tests (prompt/answer 1024/16, 4096/256, 2048/256, 2048/768, 1024/1024, 1280/3072,
    /// 384/1152, 64/1024, 16/1536), of which it reports the mean rate.
    /// </summary>
    private const int LocalScoreDepth = 1837, LocalScorePrompt = 1332;

    private static readonly Dictionary<string, ComputeBackend> Backends = new()
    {
        ["CUDA"] = ComputeBackend.Cuda,
        ["ROCm"] = ComputeBackend.Hip,
        ["Vulkan"] = ComputeBackend.Vulkan,
        ["SYCL"] = ComputeBackend.Vulkan,
        ["Metal"] = ComputeBackend.Metal,
        ["vLLM"] = ComputeBackend.Cuda,
        ["CPU"] = ComputeBackend.Cpu,
    };

    private FitRow(MeasuredRow row, ModelDefinition definition, IReadOnlyList<GpuSpec> cards)
    {
        Row = row;
        Definition = definition;
        Cards = cards;
        Backend = Backends[row.Backend];
        Runtime = row.Backend == "vLLM" ? ModelRuntime.Vllm : ModelRuntime.LlamaCpp;
        Work = WorkOf();
        var isDecode = IsDecode;
        Options = new RuntimeOptions
        {
            MicroBatchSize = row.MicroBatch > 0 ? Math.Min(row.MicroBatch, LlamaBenchBatch) : 512,
            FlashAttention = row.FlashAttention == false ? FlashAttentionMode.Off : FlashAttentionMode.On,
            Runtime = Runtime,
        };
        Load = new ServingLoad
        {
            ActiveSequences = Math.Max(1, row.Users / Copies),
            UsedContext = Depth + (isDecode ? row.Length / 2 : 0),
            PromptLength = PromptLength,
            PowerLimit = row.PowerLimit > 0 ? row.PowerLimit : null,
        };
    }

    public MeasuredRow Row { get; }

    public ModelDefinition Definition { get; }

    public IReadOnlyList<GpuSpec> Cards { get; }

    public ComputeBackend Backend { get; }

    public ModelRuntime Runtime { get; }

    public TokenWork[] Work { get; }

    public RuntimeOptions Options { get; }

    public ServingLoad Load { get; }

    /// <summary>Weight among the rows: many rows of one card count less each.</summary>
    public double Weight { get; set; } = 1;

    public bool IsDecode => Row.Kind is "tg" or "gen" or "batch" or "ls-tg";

    /// <summary>The first card, or the processor where there is none.</summary>
    public string Name => Cards.Count > 0 ? Cards[0].Name : Row.Cpu;

    /// <summary>The card or processor and its engine.</summary>
    public string Device => $"{Name}/{Row.Backend}";

    /// <summary>The class and its engine.</summary>
    public (string Class, string Engine) Class => Cards.Count > 0
        ? (SpeedClass.Of(Cards[0]), Runtime == ModelRuntime.Vllm ? "Vllm" : Backend.ToString())
        : (ProcessorKind.Of(Row.Cpu)!.Class, nameof(ComputeBackend.Cpu));

    /// <summary>Tokens that are in the cache before: LocalScore writes after prompts of its own.</summary>
    private int Depth => Row.Kind switch
    {
        "ls-tg" => LocalScoreDepth,
        "ls-pp" or "gen-pp" => 0,
        _ => Row.Depth + Row.Prompt,
    };

    private int PromptLength => Row.Kind switch
    {
        "ls-pp" => LocalScorePrompt,
        "gen-pp" when Row.Depth > 0 => Row.Depth,
        _ when Row.Prompt > 0 => Row.Prompt,
        _ when IsDecode || Row.Length <= 0 => ServingLoad.DefaultPromptLength,
        _ => Row.Length,
    };

    /// <summary>Copies of the model that serve side by side.</summary>
    public int Copies => Row.Copies;

    /// <summary>Cards that share each layer.</summary>
    public int Shared => Runtime == ModelRuntime.Vllm || Row.Tool == "field" ? Row.SplitCards : 1;

    /// <summary>Whether all of it can lie on the cards.</summary>
    public bool FitsCards => Row.HostExperts > 0 || Cards.Count == 0
        || Definition.WeightBytes <= Cards.Sum(card => card.MemoryBytes ?? long.MaxValue / 64);

    /// <summary>The case under constants; null where a card's bandwidth is not known.</summary>
    public SpeedCase? Case(SpeedTable table, double oldLayerSeconds)
    {
        var engine = table.EngineOf(Backend, Runtime);
        if (Row.IsOld && Backend == ComputeBackend.Cuda)
            engine = engine with { SecondsPerLayer = engine.SecondsPerLayer + oldLayerSeconds };
        var devices = new List<DeviceSpeed>();
        var machine = HostOf(Row);
        var system = HostSpeed.Bandwidth(machine, NullSink.Instance);
        foreach (var card in Cards)
        {
            if (CardSpeed.Of(card, engine, table, system, Load.PowerLimit) is not { } device) return null;
            devices.Add(device);
        }

        devices.Add(Work[^1].AllBytes > 0 ? HostSpeed.Of(machine, system, table) : devices[0]);
        var work = ModelWork.Of(Definition);
        return new SpeedCase(
            Work,
            devices.ToArray(),
            StepLoad.Of(work, Options, Load),
            Options,
            Load,
            Cards.Count > 0 ? HostSpeed.CopyBandwidth(Cards[0], table.Terms) : 0,
            Shared > 1);
    }

    /// <summary>The prediction under constants in the unit of the measurement; null where there is none.</summary>
    public SpeedPrediction? Predict(SpeedTable table, double oldLayerSeconds) =>
        Case(table, oldLayerSeconds) is { } question ? SpeedModel.Predict(question) : null;

    /// <summary>Measured over predicted as a logarithm; null where there is no prediction.</summary>
    public double? Miss(SpeedTable table, double oldLayerSeconds) =>
        Case(table, oldLayerSeconds) is { } question ? Math.Log(Row.TokensPerSecond / Rate(question)) : null;

    /// <summary>
    /// Tokens a second as the row counts them: the time of several users includes reading their prompts; llama-benchy
    /// counts from the first token of the first.
    /// </summary>
    private double Rate(SpeedCase question)
    {
        if (!IsDecode) return Load.PromptLength / PrefillModel.Seconds(question).Sum();
        var step = DecodeModel.Times(question).Sum(time => time.Sum);
        var users = Load.ActiveSequences;
        var prompts = Row.Kind == "batch" ? users : users - 1;
        if (Row.Prompt == 0 || prompts == 0) return Row.Users / step;
        var reading = prompts * (double)Row.Prompt / Load.PromptLength * PrefillModel.Seconds(question).Sum();
        return Row.Users * Row.Length / (reading + (Row.Length * step));
    }

    /// <summary>The row, if its model, type and cards are known.</summary>
    public static FitRow? Of(MeasuredRow row)
    {
        if (!Backends.TryGetValue(row.Backend, out var backend)) return null;
        if (backend == ComputeBackend.Cpu ? !Cores.Value.ContainsKey(row.Cpu) : row.Card.Length == 0) return null;
        if ((backend == ComputeBackend.Cpu ? [] : CardsOf(row)) is not { } cards) return null;
        if (DefinitionOf(row) is not { } definition) return null;
        return new FitRow(row, definition, cards);
    }

    private static MachineSpec? HostOf(MeasuredRow row) => Cores.Value.TryGetValue(row.Cpu, out var cores)
        ? new MachineSpec
        {
            Cpu = row.Cpu,
            CoreCount = cores,
            MemorySpeed = row.Memory.StartsWith("DDR5-5600", StringComparison.Ordinal) ? 5600 : null,
        }
        : null;

    /// <summary>Cores of the processors that were measured, from memory.</summary>
    private static readonly Lazy<Dictionary<string, int>> Cores = new(() => File
        .ReadLines(Path.Combine(Repository.Root, "tests", "data", "speed", "processors.tsv")).Skip(1)
        .Select(line => line.Split('\t'))
        .ToDictionary(cells => cells[0], cells => int.Parse(cells[1], CultureInfo.InvariantCulture)));

    private TokenWork[] WorkOf()
    {
        var layout = new DeviceLayout
        {
            Backend = Backend,
            GpuCount = Cards.Count,
            CpuMoeLayers = Row.HostExperts > 0 ? int.MaxValue : 0,
        };
        var work = (TokenWork[])ModelWork.Of(Definition).ByDevice(layout).Clone();
        var scale = Row.FileBytes > 0 ? Row.FileBytes / Definition.Tensors.Sum(tensor => (double)tensor.Bytes) : 1;
        for (var i = 0; i < work.Length; i++)
        {
            work[i] = work[i] with
            {
                Bytes = work[i].Bytes * scale,
                ExpertBytes = work[i].ExpertBytes * scale,
                AllBytes = work[i].AllBytes * scale,
            };
        }

        return work;
    }

    private static readonly Dictionary<string, IReadOnlyList<GpuSpec>?> KnownCards = new();

    private static IReadOnlyList<GpuSpec>? CardsOf(MeasuredRow row)
    {
        var cards = row.Split.Length > 0 ? row.SplitCards : row.Count;
        var name = row.Card.Contains(" + ", StringComparison.Ordinal) ? row.Card : $"{cards}x {row.Card}";
        if (KnownCards.TryGetValue(name, out var known)) return known;
        try
        {
            known = GpuCatalog.ResolveMany(name, null, NullSink.Instance).ToArray();
        }
        catch (ModelFitException)
        {
            known = null;
        }

        return KnownCards[name] = known;
    }

    private static readonly Dictionary<(string, string), ModelDefinition?> KnownModels = new();

    private static ModelDefinition? DefinitionOf(MeasuredRow row)
    {
        var key = (row.Model, row.Quantization);
        if (KnownModels.TryGetValue(key, out var known)) return known;
        try
        {
            known = ModelCatalog.Resolve(row.Model, NullSink.Instance).Layout?
                .Define(TypeOf(row), new List<string>());
        }
        catch (ModelFitException)
        {
            known = null;
        }

        return KnownModels[key] = known;
    }

    /// <summary>
    /// The nearest type of llama.cpp of what was printed; the printed size of the file then scales it.
    /// </summary>
    private static string TypeOf(MeasuredRow row)
    {
        if (row.Model.Contains("gpt-oss", StringComparison.Ordinal)) return "MXFP4_MOE";
        var text = row.Quantization.ToUpperInvariant()
            .Replace("GGUF-", string.Empty, StringComparison.Ordinal)
            .Replace("UD-", string.Empty, StringComparison.Ordinal);
        return text switch
        {
            "" => row.Backend == "vLLM" ? "BF16" : "Q4_K_M",
            "FP8" or "FP8-DYNAMIC" or "FP8-STATIC" or "INT8-W8A8" or "Q8_K_XL" => "Q8_0",
            "NVFP4" or "NVFP4-V23" or "AWQ-INT4" or "AUTOROUND-INT4" or "GPTQ" or "AWQ" => "Q4_0",
            "BF16-V23" or "BF16-SPEC" => "BF16",
            "MXFP4" => "MXFP4_MOE",
            "Q6_K_XL" => "Q6_K",
            "Q5_K_XL" => "Q5_K_M",
            "Q4_K_XL" => "Q4_K_M",
            "Q3_K_XL" => "Q3_K_M",
            "Q2_K_XL" or "Q2_K_L" or "Q2_K_M" => "Q2_K",
            _ => text,
        };
    }
}
