namespace ModelFit.Speed;

/// <summary>
/// Speculation in a decoding step: tokens are drafted one after another, then the model checks all of them at once.
/// </summary>
/// <param name="Tokens">Tokens that are drafted for each sequence.</param>
/// <param name="Acceptance">Chance that a drafted token is accepted where those before it were.</param>
/// <param name="Work">What drafting one token costs each device, the host last.</param>
/// <param name="Step">The step of what drafts.</param>
internal sealed record Drafting(int Tokens, double Acceptance, TokenWork[] Work, StepLoad Step)
{
    /// <summary>
    /// Tokens that a sequence gets in a step: those accepted, and the one that the model adds (Leviathan and others
    /// 2023, equation 1).
    /// </summary>
    public double TokensPerStep => Acceptance >= 1
        ? Tokens + 1
        : (1 - Math.Pow(Acceptance, Tokens + 1)) / (1 - Acceptance);
}
