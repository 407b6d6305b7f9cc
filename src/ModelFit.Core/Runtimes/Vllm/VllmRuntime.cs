using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Runtimes.Serving;
using ModelFit.Speed;

namespace ModelFit.Runtimes.Vllm;

/// <summary>vLLM.</summary>
internal sealed class VllmRuntime : ServedRuntime
{
    private static readonly string[] Published = { "BF16", "FP8", "AWQ" };

    public override ModelRuntime Kind => ModelRuntime.Vllm;

    public override string Name => "vLLM";

    /// <summary>vllm/entrypoints/openai/cli_args.py.</summary>
    public override int Port => 8000;

    public override LaunchDialect Dialect => VllmDialect.Instance;

    public override string Assumption(FitQuestion question) =>
        "vLLM's activations, graphs and communication are modelled from its logs; it fills the rest of its share " +
        "of each card with cache.";

    public override IReadOnlyList<string> Quantizations => Published;

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
