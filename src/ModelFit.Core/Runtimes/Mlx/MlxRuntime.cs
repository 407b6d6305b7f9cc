using System.Globalization;
using ModelFit.Catalog;
using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Questions;
using ModelFit.Runtimes.Serving;

namespace ModelFit.Runtimes.Mlx;

/// <summary>MLX (<c>mlx_lm</c>) on a Mac.</summary>
internal sealed class MlxRuntime : ServedRuntime
{
    private static readonly KvCacheType[] Caches =
    {
        KvCacheType.F16, KvCacheType.BF16, KvCacheType.F32, KvCacheType.Q8_0, KvCacheType.Q4_0,
    };

    private static readonly string[] Published = { "BF16", "MLX-8bit", "MLX-6bit", "MLX-5bit", "MLX-4bit", "MLX-3bit" };

    public override ModelRuntime Kind => ModelRuntime.Mlx;

    public override string Name => "MLX";

    public override LaunchDialect Dialect => MlxDialect.Instance;

    public override string Assumption(FitQuestion question) =>
        "The peak of MLX is computed for a prompt as long as the context, in chunks of 2048 tokens. Above 0.9 of the " +
        "recommended working set, mlx_lm warns that it may be slow.";

    public override IReadOnlyList<string> Quantizations => Published;

    /// <summary>People run its 4-bit repositories.</summary>
    public override string DefaultQuantization(ModelSpec model) => "MLX-4bit";

    protected override bool RunsOn(ComputeBackend backend) => backend == ComputeBackend.Metal;

    /// <summary>
    /// It quantizes a cache in groups of 64 with a scale and a bias of 16 bits (<c>--kv-bits</c>), which take as many
    /// bytes as ggml's blocks.
    /// </summary>
    public override IReadOnlyList<KvCacheType> CacheTypes => Caches;


    /// <summary>It does not look at the trained length.</summary>
    protected override string? RefusalOfContext(FitQuestion question) => null;

    /// <summary>One chip runs the model.</summary>
    public override string? RefusalOfCards(ModelDefinition model, int cards) =>
        cards <= 1 ? null : "MLX runs a model on the GPU of one Mac.";

    public override ServedEstimate Estimate(ServedQuestion question) => new MlxEstimate(question);

    public override bool FillsCards => false;

    public override long TotalOf(CardBudget card) => card.AvailableBytes;

    public override double ShareOf(FitQuestion question, IReadOnlyList<CardBudget> cards, long neededBytes) => 1;

    /// <summary>The GPU's memory is the working set that macOS recommends, as it was counted.</summary>
    public override MachineBudget Budget(FitQuestion question, MachineBudget machine) => machine;

    public override RuntimeLaunch Launch(LaunchRequest request, IMessageSink messages)
    {
        var question = request.Question;
        if (question.Model.ModelPath is null && request.Quantization is { } planned && planned != "BF16"
            && planned != "F16" && planned != ModelCatalog.NativeQuantization(question.Model))
        {
            messages.Warning(
                $"MLX loads {question.Model.Name} as published: use a repository with {planned} instead.");
        }

        return new RuntimeLaunch("mlx_lm.generate", new List<string>
        {
            QuestionParts.Model.WordOf(Kind), question.Model.ModelPath ?? question.Model.Name,
            QuestionParts.ContextLength.WordOf(Kind),
                question.Options.ContextLength.ToString(CultureInfo.InvariantCulture),
        });
    }

    public override bool Owns(string program) => program.StartsWith("mlx_lm", StringComparison.Ordinal);
}
