namespace ModelFit.Speed;

/// <summary>How fast a placement is predicted to be: always <see cref="ModelFit.Accuracy.Approximate"/>.</summary>
/// <param name="DecodeTokensPerSecond">Tokens a second that one sequence is written with.</param>
/// <param name="PrefillTokensPerSecond">Tokens a second that a prompt of one micro-batch is read with.</param>
/// <param name="Bottleneck">What most of the time of a written token is spent on.</param>
internal sealed record SpeedEstimate(
    double DecodeTokensPerSecond, double PrefillTokensPerSecond, string Bottleneck)
{
    /// <summary>How the figures are known.</summary>
    public Accuracy Accuracy => Accuracy.Approximate;
}
