using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Runtimes.Serving;
using ModelFit.Runtimes.Vllm;

namespace ModelFit.Testing.Truth;

/// <summary>An error of one log: what was compared, of which kind, by how much of what was printed.</summary>
internal sealed record ServingError(ServingRow Row, string Figure, string Kind, double Share);

/// <summary>
/// vLLM's load logs asked of the estimator by name: weights, cache of a request, activations, concurrency.
/// </summary>
internal sealed class VllmComparison
{
    private const double GiB = 1L << 30;

    public VllmComparison()
    {
        foreach (var row in ServingRow.Read("vllm", "logs.tsv")) Compare(row);
    }

    /// <summary>The errors of the logs without a note.</summary>
    public IEnumerable<ServingError> Errors => All.Where(error => error.Row.Note is null);

    /// <summary>The errors of all logs.</summary>
    public List<ServingError> All { get; } = [];

    /// <summary>Logs that ran although the verdict is NoFit.</summary>
    public List<ServingRow> Refused { get; } = [];

    /// <summary>Logs of which a verdict was asked.</summary>
    public int Judged { get; private set; }

    /// <summary>The question of a log.</summary>
    internal static FitQuestion QuestionOf(ServingRow row)
    {
        var model = ModelCatalog.Resolve(row.Model, NullSink.Instance);
        var cards = row.Tensor * row.Pipeline;
        var draft = row.Flags.FirstOrDefault(flag => flag.StartsWith("draft=", StringComparison.Ordinal));
        return new FitQuestion
        {
            Model = model,
            Quantization = row.Format ?? "BF16",
            Machine = row.Gpu is null ? null : new MachineSpec
            {
                Gpus = Enumerable.Repeat(GpuCatalog.Resolve(row.Gpu, null, NullSink.Instance), cards).ToArray(),
            },
            CardCount = row.Tensor,
            MemoryUtilization = row.Share ?? 0.9,
            Options = new RuntimeOptions
            {
                Runtime = ModelRuntime.Vllm,
                RuntimeVersion = row.Version,
                ContextLength = row.Length ?? model.TrainedContextLength ?? 8192,
                KeyCacheType = row.IsEightBitCache ? KvCacheType.FP8 : KvCacheType.F16,
                ValueCacheType = row.IsEightBitCache ? KvCacheType.FP8 : KvCacheType.F16,
                Serving = new ServingOptions
                {
                    MaxSequences = row.Sequences,
                    MaxBatchedTokens = row.BatchedTokens,
                    PipelineParallel = row.Pipeline,
                    ContextParallel = row.Count("dcp") ?? 1,
                    ExpertParallel = row.Flags.Contains("ep"),
                    Eager = row.Flags.Contains("eager"),
                    LanguageModelOnly = row.Flags.Contains("text"),
                    DraftMethod = draft?.Split('=', ':')[1],
                    DraftTokens = row.Count("draft") ?? 0,
                    AllowsLonger = true,
                },
            },
        };
    }

    private void Compare(ServingRow row)
    {
        var question = QuestionOf(row);
        var definition = question.Model.Layout!.Define("BF16", []);
        var card = question.Machine?.Gpus[0];
        var estimate = VllmEstimate.Of(new ServedQuestion(
            definition, question.Quantization, question.Model.ParameterCount, question.Options, card,
            Parallelism.Of(question.Options.Serving, row.Tensor)));
        var stage = estimate.Stages[0];
        var isSeeing = VllmTower.Parameters(definition, question.Model.ParameterCount) > 0;
        var cacheKind = KindOf(estimate.Caches);
        Add(row, "weights", WeightKind(row.Format, isSeeing), stage.WeightBytes / GiB, row.Weights);
        if (VllmVersion.Parse(row.Version).IsAtLeast(VllmVersion.LeanSampler))
            Add(row, "activations", isSeeing ? "multimodal" : "text", stage.ActivationBytes / GiB, row.Activation);
        if (row.Cache is { } cache && row.Pipeline == 1)
        {
            var pages = Math.Floor(cache * GiB / stage.Cache.PageBytes);
            Add(row, "cache of a request", cacheKind, stage.RequestPages / pages, 1 / row.Concurrency);
        }

        if (card is null || row.Concurrency is null) return;
        var (fit, decision) = FitEngine.Decide(question, new PlanOptions());
        Judged++;
        if (decision.Verdict == Verdict.NoFit) Refused.Add(row);
        Add(row, "concurrency", cacheKind, decision.Placed.Capacity!.Concurrency, row.Concurrency);
    }

    private void Add(ServingRow row, string figure, string kind, double ours, double? printed)
    {
        if (printed is > 0) All.Add(new ServingError(row, figure, kind, Math.Abs((ours / printed.Value) - 1)));
    }

    private static string WeightKind(string? format, bool isSeeing) => format switch
    {
        null => isSeeing ? "16 bit, multimodal" : "16 bit, text",
        "FP8" or "INT8" => "8 bit",
        "MXFP4" or "NVFP4" => format,
        _ => "4-bit integer",
    };

    private static string KindOf(IReadOnlyList<VllmLayer> layers) =>
        layers.Any(layer => layer.Kind == CacheKind.State) ? "hybrid"
        : layers.Any(layer => layer.Kind == CacheKind.Window) ? "sliding"
        : layers.Any(layer => layer.IsLatent) ? "latent"
        : "full";
}
