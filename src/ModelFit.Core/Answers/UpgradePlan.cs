namespace ModelFit;

/// <summary>
/// What is changed on one machine, so that a share of the fleet runs a model at the least price. The question is that
/// before the change.
/// </summary>
public sealed class UpgradePlan : HardwareAnswer
{
    internal UpgradePlan(FitQuestion question)
        : base(question)
    {
    }

    /// <summary>
    /// <c>Passes</c>: nothing to do. <c>Change</c>: the change is part of the cheapest plan. <c>Spare</c>: a change
    /// would help, but the share is reached without it. <c>None</c>: no change that has a price helps.
    /// </summary>
    public string Action { get; internal init; } = string.Empty;

    /// <summary>
    /// The change in words, for example <c>add NVIDIA GeForce RTX 3090; take IQ4_XS</c>; null if there is none.
    /// </summary>
    public string? Change { get; internal init; }

    /// <summary>Price of the change; 0 for one that costs nothing, null if there is none.</summary>
    public double? Price { get; internal init; }

    /// <summary>Price of all changes of the plan.</summary>
    public double? TotalPrice { get; internal init; }

    /// <summary>The currency of the prices; null if it was not said.</summary>
    public string? Currency { get; internal init; }

    /// <summary>The cards after the change, as text that parses back.</summary>
    public string? NewGpu { get; internal init; }

    /// <summary>System memory after the change, in bytes.</summary>
    public long? NewSystemMemoryBytes { get; internal init; }

    /// <summary>Quantization after the change.</summary>
    public string? NewQuantization { get; internal init; }

    /// <summary>Part of the machines that must pass, from 0 to 1.</summary>
    public double? Share { get; internal init; }

    /// <summary>Part that passes once the plan's changes are made.</summary>
    public double? ReachedShare { get; internal init; }

    /// <summary>Predicted tokens a second of one sequence after the change; null if it does not pass.</summary>
    public double? DecodeTokensPerSecond { get; internal init; }

    /// <summary>Joules for each written token after the change; null where a card's power is not known.</summary>
    public double? JoulesPerToken { get; internal init; }

    /// <summary>Price of the power of a million written tokens; null where power or its price is not known.</summary>
    public double? CostPerMillionTokens { get; internal init; }

    /// <summary>One sentence with the numbers.</summary>
    public string Reason { get; internal init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => Reason;
}
