using ModelFit.Memory;

namespace ModelFit.Fit;

/// <summary>Questions that the runtime would refuse to start with, whatever the memory.</summary>
internal static class Refusals
{
    /// <summary>
    /// Throws <see cref="ErrorIds.InvalidArgument"/> if the runtime would refuse the question, or does not load the
    /// model's format.
    /// </summary>
    public static void Check(FitCase fit) => Throw(fit, ReasonOf(fit));

    /// <summary>The same where the memory is measured already.</summary>
    public static void Check(FitCase fit, MemoryEstimate memory) =>
        Throw(fit, OfSettings(fit) ?? fit.Runtime.Refusal(memory));

    /// <summary>Why the runtime would refuse the question, and what to change; null if it would not.</summary>
    public static string? ReasonOf(FitCase fit) =>
        fit.NotLoaded() ?? OfSettings(fit) ?? fit.Runtime.Refusal(fit.Search.OnOneCard);

    private static string? OfSettings(FitCase fit) => fit.Runtime.Refusal(fit.Question, fit.Definition);

    private static void Throw(FitCase fit, string? reason)
    {
        if (reason is null) return;
        throw new ModelFitException(
            ErrorIds.InvalidArgument, FailureKind.InvalidArgument, reason, fit.Question.Model.Name);
    }
}
