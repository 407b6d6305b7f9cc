namespace ModelFit;

/// <summary>
/// How long one device takes for one term of the speed model, in a phase; or, with the term <c>Total</c>, how fast the
/// whole is.
/// </summary>
public sealed class SpeedEstimate : HardwareAnswer
{
    internal SpeedEstimate(FitQuestion question)
        : base(question)
    {
    }

    /// <summary><c>Decode</c>: one step of all active sequences. <c>Prefill</c>: one prompt.</summary>
    public string Phase { get; internal init; } = string.Empty;

    /// <summary>The card, or <c>System memory</c>; <c>All</c> for the total.</summary>
    public string Device { get; internal init; } = string.Empty;

    /// <summary>
    /// <c>Bandwidth</c>, <c>Compute</c>, <c>Cache</c>, <c>Launch</c>, <c>Link</c>, <c>Queue</c>, <c>Prompt</c> or
    /// <c>Total</c>.
    /// </summary>
    public string Term { get; internal init; } = string.Empty;

    /// <summary>Expected seconds.</summary>
    public double Seconds { get; internal init; }

    /// <summary>Part of the phase, from 0 to 1.</summary>
    public double Share { get; internal init; }

    /// <summary>
    /// Expected tokens a second of each active sequence (decode) or of the prompt; null but for the total.
    /// </summary>
    public double? TokensPerSecond { get; internal init; }

    /// <summary>One of ten measurements is slower.</summary>
    public double? TokensPerSecondLow { get; internal init; }

    /// <summary>One of ten measurements is faster.</summary>
    public double? TokensPerSecondHigh { get; internal init; }

    /// <summary>What the speed rests on: how many cards and rows of each class were measured.</summary>
    public string? SpeedBasis { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Phase} {Device} {Term}";
}
