using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Runtimes.Serving;
using ModelFit.Speed;

namespace ModelFit.Runtimes.Vllm;

/// <summary>vLLM.</summary>
internal sealed class VllmRuntime : ServedRuntime
{
    private static readonly string[] Published = { "BF16", "FP8", "AWQ" };

    /// <summary>Types of weights whose kernels need more of a card than the rest.</summary>
    private static readonly (string Prefix, double Least)[] Capabilities =
    {
        ("MXFP4", 8.0), ("FP8", 7.5), ("AWQ", 7.5), ("W8A8", 7.5),
    };

    private const double LeastOfBfloat16 = 8.0;

    private static readonly KvCacheType[] Caches =
    {
        KvCacheType.F16, KvCacheType.BF16, KvCacheType.FP8, KvCacheType.FP8_PER_TOKEN_HEAD,
        KvCacheType.INT8_PER_TOKEN_HEAD, KvCacheType.INT4_PER_TOKEN_HEAD, KvCacheType.NVFP4,
    };

    public override ModelRuntime Kind => ModelRuntime.Vllm;

    public override string Name => "vLLM";

    /// <summary>vllm/entrypoints/openai/cli_args.py.</summary>
    public override int Port => 8000;

    public override LaunchDialect Dialect => VllmDialect.Instance;

    public override string Assumption(FitQuestion question) =>
        "vLLM's activations, graphs and communication are modelled from its logs; it fills the rest of its share " +
        "of each card with cache.";

    public override IReadOnlyList<string> Quantizations => Published;

    public override IReadOnlyList<KvCacheType> CacheTypes => Caches;

    /// <summary>
    /// What its binaries are built for (CMakeLists.txt, CUDA_SUPPORTED_ARCHS), and more where the type of the weights
    /// does (get_min_capability of vllm/model_executor/layers/quantization). Its documents say 7.5 since 0.23; which
    /// release dropped 7.0 is not known. What is told to compute in bfloat16 needs 8.0 (vllm/platforms/cuda.py,
    /// check_if_supports_dtype); untold, older cards compute in float16.
    /// </summary>
    protected override (double Least, string? Format) LeastCapability(FitQuestion question)
    {
        var least = VllmVersion.Parse(question.Options.RuntimeVersion).IsAtLeast(VllmVersion.DropsVolta) ? 7.5 : 7.0;
        var name = question.Quantization ?? string.Empty;
        least = Math.Max(least, Capabilities.FirstOrDefault(
            row => name.StartsWith(row.Prefix, StringComparison.OrdinalIgnoreCase)).Least);
        return least < LeastOfBfloat16 && question.Options.Serving.ComputesInBfloat16
            ? (LeastOfBfloat16, "bfloat16")
            : (least, question.Quantization);
    }

    public override Drafter? DrafterOf(FitQuestion question, ModelDefinition model) =>
        VllmDrafter.Of(question.Options.Serving).DrafterOf(question.Options);

    public override ServedEstimate Estimate(ServedQuestion question) => VllmEstimate.Of(question);

    public override string? RefusalOfBudget(
        FitQuestion question, IReadOnlyList<CardBudget> cards, ServedEstimate estimate, ServedCapacity capacity) =>
        VllmRefusals.OfBudget(question, ShareSaid(question), cards, estimate, capacity);

    /// <summary>A launch line without a share has its version's (vllm/config/cache.py).</summary>
    public override double? ShareSaid(FitQuestion question) => question.MemoryUtilization
        ?? (question.Options.Serving.EngineChooses ? VllmLaunch.DefaultShare(question.Options.RuntimeVersion) : null);

    public override double ShareOf(FitQuestion question, IReadOnlyList<CardBudget> cards, long neededBytes) =>
        ServedBudget.Share(cards, neededBytes, VllmLaunch.DefaultShare(question.Options.RuntimeVersion));

    /// <summary>A line without a length has the model's own (vllm/config/model.py, max_model_len).</summary>
    public override FitQuestion Complete(LaunchLine line, FitQuestion question) => question with
    {
        Quantization = line.Quantization ?? question.Quantization,
        Options = question.Options with
        {
            Serving = question.Options.Serving with { EngineChooses = true },
            ContextLength = line.SequenceContext is null
                ? question.Model.TrainedContextLength ?? question.Options.ContextLength
                : question.Options.ContextLength,
        },
    };

    public override RuntimeLaunch Launch(LaunchRequest request, IMessageSink messages)
    {
        if (!VllmLaunch.LoadsAsPlanned(request.Question, request.Quantization))
        {
            messages.Warning(
                $"vLLM loads {request.Question.Model.Name} as published: " +
                $"use one with {request.Quantization} instead.");
        }

        return VllmLaunch.Of(request);
    }

    public override bool Owns(string program) =>
        program == "vllm" || program.StartsWith("vllm.", StringComparison.Ordinal);
}
