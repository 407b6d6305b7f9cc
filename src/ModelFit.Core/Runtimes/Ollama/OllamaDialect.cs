using ModelFit.Questions;
using ModelFit.Runtimes.LlamaCpp;

namespace ModelFit.Runtimes.Ollama;

/// <summary>Ollama's words: its variables (envconfig/config.go of Ollama) and the model of <c>ollama run</c>.</summary>
internal sealed class OllamaDialect : LaunchDialect
{
    private const ModelRuntime Own = ModelRuntime.Ollama;

    /// <summary>
    /// Tokens that a tag for drafting has drafted. A file that is not told drafts nothing, whatever layers it has
    /// (server/routes.go, modelOptions).
    /// </summary>
    private const int UsualDraft = 4;

    private OllamaDialect()
        : base("Ollama", Words())
    {
    }

    public static OllamaDialect Instance { get; } = new();

    /// <summary>llama-server is started with the variables of its parent.</summary>
    protected override string[] OwnPrefixes => new[] { "OLLAMA_", "LLAMA_", "GGML_" };

    protected override void ReadBare(LaunchLine line, string text, IMessageSink messages)
    {
        if (text is "run" or "serve" or "show" or "pull" or "ps" or "create" || line.Model is not null) return;
        SetModel(line, text);
    }

    /// <summary>A name with its tag, a path, or a repository of Hugging Face behind <c>hf.co/</c>.</summary>
    private static void SetModel(LaunchLine line, string text)
    {
        line.SetModel(text);
        if (line.ModelIsPath) return;
        var host = new[] { "hf.co/", "huggingface.co/" }
            .FirstOrDefault(prefix => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
        if (host is not null)
        {
            var split = text.LastIndexOf(':');
            line.Model = split < 0 ? text.Substring(host.Length) : text.Substring(host.Length, split - host.Length);
            line.Quantization = split < 0 ? null : text.Substring(split + 1);
            return;
        }

        var tag = text.Substring(text.IndexOf(':') + 1);
        line.Quantization = LaunchLine.QuantizationIn(tag);
        if (!tag.ToLowerInvariant().Split('-').Contains("mtp")) return;
        SetDraft(line, UsualDraft);
        line.Model = text.Substring(0, text.Length - tag.Length)
            + string.Join("-", tag.Split('-').Where(part => !part.Equals("mtp", StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Tokens that the model's own layers draft; 0 is none (llm/llama_server.go, appendDraftArgs).</summary>
    private static void SetDraft(LaunchLine line, int tokens) => line.Change(options => options with
    {
        LoadMtp = tokens > 0, Speculation = new Speculation { Tokens = tokens },
    });

    /// <summary>One card alone (llm/llama_server.go, appendMainGPUArgs).</summary>
    private static void SetMainGpu(LaunchLine line, string value)
    {
        var card = Count(value, 0);
        line.Change(options => options with { SplitMode = GpuSplitMode.None, MainGpu = card });
    }

    private static UncountedWord Uncounted(string variable) =>
        new(Array.Empty<string>(), variable, TakesValue: false);

    /// <summary>The variable of llama.cpp's server, which Ollama starts.</summary>
    private static string LlamaVariable(QuestionPart part) => part.Launch[ModelRuntime.LlamaCpp].Variables[0];

    private static IEnumerable<LaunchWord> Words() => new LaunchWord[]
    {
        Value(Own, QuestionParts.ContextLength, (line, value) => line.SequenceContext = Count(value, 1)),
        Value(Own, QuestionParts.ParallelSequences, (line, value) => line.ParallelSequences = Count(value, 1)),
        Option(
            Own, QuestionParts.FlashAttention, value => Flag(value) ? FlashAttentionMode.On : FlashAttentionMode.Off),
        Value(Own, QuestionParts.KeyCacheType, (line, value) =>
        {
            var type = Named<KvCacheType>(value);
            line.Change(options => options with { KeyCacheType = type, ValueCacheType = type });
        }),
        Value(Own, QuestionParts.Model, SetModel),
        new(new[] { "PARAMETER", "parameter", "/set" }, null, false, (_, _) => { }),
        Value(Own, SettingParts.GpuLayers, (line, value) =>
            line.GpuLayers = Integer(value) < 0 ? null : Count(value, 0)),
        Value(Own, QuestionParts.MicroBatchSize, (line, value) =>
        {
            var tokens = Count(value, 1);
            line.Change(options => options with { BatchSize = tokens, MicroBatchSize = tokens });
        }),
        Option(Own, SettingParts.MemoryMap, Flag),
        Value(Own, SettingParts.DraftTokens, (line, value) => SetDraft(line, Count(value, 0))),
        Shown(Own),
        Value(Own, SettingParts.MainGpu, SetMainGpu),
        new(new[] { "ADAPTER" }, null, true, (line, value) =>
            line.Companions = line.Companions.Append((value, CompanionKind.Adapter)).ToArray()),
        new(Array.Empty<string>(), LlamaVariable(FileParts.FitTargets), true, LlamaCppDialect.SetTargets),
        new UncountedWord(Array.Empty<string>(), LlamaVariable(FileParts.Fit)) { Matters = value => !Flag(value) },
        Variable("OLLAMA_GPU_OVERHEAD", (line, value) => line.WithheldBytes = Integer(value)),
        Variable("OLLAMA_SCHED_SPREAD", (line, value) => line.Spreads = IsYes(value)),
        Variable("OLLAMA_IGPU_ENABLE", (line, value) => Change(line, q => q with { TakesIntegrated = IsYes(value) })),
        Variable("OLLAMA_VULKAN", (line, value) =>
        {
            if (!IsYes(value)) Change(line, q => q with { CardLibrary = q.CardLibrary ?? OllamaCards.NoVulkan });
        }),
        Variable("OLLAMA_LLM_LIBRARY", (line, value) =>
            Change(line, q => q with { CardLibrary = value.Trim().ToLowerInvariant() })),
        Uncounted("OLLAMA_INTEL_GPU"), Uncounted("OLLAMA_NEW_ENGINE"), Uncounted("OLLAMA_NEW_ESTIMATES"),
    };

    /// <summary>A variable of the server; a blank one says nothing.</summary>
    private static LaunchWord Variable(string name, Action<LaunchLine, string> apply) =>
        new(Array.Empty<string>(), name, true, (line, value) =>
        {
            if (value.Trim().Length > 0) apply(line, value);
        });

    private static void Change(LaunchLine line, Func<FitQuestion, FitQuestion> change) => line.Changes.Add(change);

    /// <summary>What is no truth value means yes (envconfig/config.go, BoolWithDefault; strconv.ParseBool).</summary>
    private static bool IsYes(string value) => value is not ("0" or "f" or "F" or "false" or "False" or "FALSE");
}
