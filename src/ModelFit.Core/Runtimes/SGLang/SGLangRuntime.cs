using System.Globalization;
using ModelFit.Placement;
using ModelFit.Questions;
using ModelFit.Runtimes.Serving;

namespace ModelFit.Runtimes.SGLang;

/// <summary>SGLang.</summary>
internal sealed class SGLangRuntime : ServedRuntime
{
    private const long MiB = 1L << 20;
    private const long GiB = 1L << 30;

    private static readonly string[] Published = { "BF16", "FP8", "AWQ" };

    private static readonly KvCacheType[] Caches =
    {
        KvCacheType.F16, KvCacheType.BF16, KvCacheType.FP8, KvCacheType.NVFP4,
    };

    public override ModelRuntime Kind => ModelRuntime.SGLang;

    public override string Name => "SGLang";

    public override LaunchDialect Dialect => SGLangDialect.Instance;

    public override string Assumption(FitQuestion question) =>
        "SGLang's pool is its static share less the weights; activations and graphs use the rest of the memory, " +
        "which is not counted.";

    public override IReadOnlyList<string> Quantizations => Published;

    public override IReadOnlyList<KvCacheType> CacheTypes => Caches;

    /// <summary>It stops on older cards (srt/model_executor/model_runner.py, "only supports sm75 and above").</summary>
    protected override (double Least, string? Format) LeastCapability(FitQuestion question) =>
        (7.5, question.Quantization);

    public override ServedEstimate Estimate(ServedQuestion question) => new SGLangEstimate(question);

    /// <summary>
    /// The default share (srt/server_args.py, mem_fraction_static): all but 512 MiB, one and a half of a chunk's tokens
    /// and two of the largest graph's batch in MiB, an eighth of a GiB a card of a group; from 60 GiB at least 10 GiB
    /// stay free.
    /// </summary>
    public static double DefaultShare(GpuSpec? card, ServingOptions told, int tensor)
    {
        var total = card is null ? 80 * GiB : ReportedMemory.Of(card) ?? 80 * GiB;
        var chunk = Math.Max(SGLangEstimate.ChunkOf(told, total), 2048);
        var graphs = total < 35 * GiB ? 8 : total < 60 * GiB ? 160 : 256;
        var reserve = (512 + (1.5 * chunk) + (2 * graphs) + (tensor * told.PipelineParallel / 8.0 * 1024)) * MiB;
        if (total > 60 * GiB) reserve = Math.Max(reserve, 10.0 * GiB);
        return Math.Round((total - reserve) / total, 3);
    }

    public override double? ShareSaid(FitQuestion question) => question.MemoryUtilization
        ?? (question.Options.Serving.EngineChooses ? Default(question) : null);

    /// <summary>The default share, or as much more as the model needs and the reserve leaves.</summary>
    public override double ShareOf(FitQuestion question, IReadOnlyList<CardBudget> cards, long neededBytes) =>
        ServedBudget.Share(cards, neededBytes, Default(question));

    public override RuntimeLaunch Launch(LaunchRequest request, IMessageSink messages)
    {
        var question = request.Question;
        var words = new List<string>
        {
            "-m", "sglang.launch_server", Word(QuestionParts.Model), question.Model.ModelPath ?? question.Model.Name,
            Word(SettingParts.CardCount), (request.Placed.Cards.Count / question.Options.Serving.DataParallel)
                .ToString(CultureInfo.InvariantCulture),
            Word(QuestionParts.ContextLength), question.Options.ContextLength.ToString(CultureInfo.InvariantCulture),
        };
        if (request.Placed.Capacity is { } capacity)
        {
            words.Add(Word(SettingParts.MemoryUtilization));
            words.Add(capacity.Share.ToString("0.###", CultureInfo.InvariantCulture));
        }

        if (question.Options.KeyCacheType is KvCacheType.FP8 or KvCacheType.NVFP4)
        {
            var type = question.Options.KeyCacheType == KvCacheType.FP8 ? "fp8_e4m3" : "fp4_e2m1";
            words.AddRange(new[] { Word(QuestionParts.KeyCacheType), type });
        }

        return new RuntimeLaunch("python", words);
    }

    private static string Word(QuestionPart part) => part.WordOf(ModelRuntime.SGLang);

    public override bool Owns(string program) => program == "sglang";

    /// <summary>It starts with less than the model's length if the pool is smaller.</summary>
    public override FitQuestion Complete(LaunchLine line, FitQuestion question) => question with
    {
        Options = question.Options with
        {
            Serving = question.Options.Serving with
            {
                EngineChooses = true,
                LongestContext = line.SequenceContext is null,
            },
        },
    };

    private static double Default(FitQuestion question) => DefaultShare(
        question.Machine?.Gpus.FirstOrDefault(), question.Options.Serving, question.CardCount ?? 1);
}
