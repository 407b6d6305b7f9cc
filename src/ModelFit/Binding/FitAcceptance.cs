namespace ModelFit.Binding;

/// <summary>The least verdict that counts as a yes.</summary>
public enum FitAcceptance
{
    /// <summary>All of it in GPU memory with the reserve kept.</summary>
    Fits,

    /// <summary>All of it in GPU memory, even inside the reserve.</summary>
    Tight,

    /// <summary>With layers or experts in system memory too.</summary>
    Offload,
}

/// <summary>Compares verdicts with what is accepted.</summary>
internal static class FitAcceptances
{
    /// <summary>
    /// Whether the answer's verdict is at least the accepted one, and the answer no slower than asked.
    /// </summary>
    public static bool Accepts(this FitAcceptance accepted, ModelFitResult result) =>
        (result.MinimumTokensPerSecond is null || result.MeetsSpeed == true)
        && Enum.TryParse<FitAcceptance>(result.Verdict, out var verdict) && verdict <= accepted;
}
