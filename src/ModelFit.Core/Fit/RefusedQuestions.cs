using System;
using ModelFit.Memory;
using ModelFit.Runtimes.Vllm;

namespace ModelFit.Fit;

/// <summary>Questions that the runtime would refuse to start with, whatever the memory.</summary>
internal static class RefusedQuestions
{
    /// <summary>Throws <see cref="ErrorIds.InvalidArgument"/> if the runtime would refuse the question.</summary>
    public static void Check(FitCase fit) => Throw(fit, ReasonOf(fit));

    /// <summary>The same where the memory is measured already.</summary>
    public static void Check(FitCase fit, MemoryMap map) => Throw(fit, OfSettings(fit) ?? OfGraph(fit, map));

    /// <summary>Why the runtime would refuse the question, and what to change; null if it would not.</summary>
    public static string? ReasonOf(FitCase fit) => OfSettings(fit) ?? OfGraph(fit, fit.Search.OnOneCard);

    private static string? OfSettings(FitCase fit) => Refusals.Of(fit.Definition, fit.Question.Options)
        ?? (fit.Question.Options.Runtime == ModelRuntime.Vllm ? OfVllm(fit) : null);

    // Ollama's runner makes its own contexts.
    private static string? OfGraph(FitCase fit, MemoryMap map) =>
        fit.Question.Options.Runtime == ModelRuntime.Ollama ? null : map.Refusal;

    private static void Throw(FitCase fit, string? reason)
    {
        if (reason is null) return;
        throw new ModelFitException(
            ErrorIds.InvalidArgument, FailureKind.InvalidArgument, reason, fit.Question.Model.Name);
    }

    private static string? OfVllm(FitCase fit)
    {
        var (asked, trained) = (fit.Question.Options.ContextLength, fit.Question.Model.TrainedContextLength);
        if (asked > trained)
        {
            return FormattableString.Invariant(
                $"vLLM refuses a context of {asked} tokens: the model was trained for {trained}.");
        }

        return fit.Question.CardCount is { } cards && !VllmMemory.CanShare(fit.Definition, cards)
            ? FormattableString.Invariant($"vLLM cannot split this model's attention heads over {cards} cards.")
            : null;
    }
}
