namespace ModelFit.Fit;

/// <summary>Whether a question's answer is a yes: the verdict, and the speed where one is asked for.</summary>
internal static class Acceptance
{
    /// <summary>
    /// Whether the verdict is at least the accepted one and each sequence as fast as is asked; quicker than the answer.
    /// A speed that is not known is no yes.
    /// </summary>
    public static bool Passes(FitQuestion question, Verdict accepted)
    {
        var fit = FitCase.Of(question, NullSink.Instance);
        if (fit.UnknownCard is not null || !Decision.Reaches(fit, accepted)) return false;
        if (question.Load.MinimumTokensPerSecond is not { } least) return true;
        var decision = Decision.Judge(fit);
        return decision.Verdict >= accepted && PlacementSpeed.Decode(fit, decision.Placed) >= least;
    }
}
