namespace ModelFit;

/// <summary>
/// How many users a model serves on which hardware, how fast, and with which settings. Each machine is as the question
/// says; context, slots and batch are those of one replica.
/// </summary>
public sealed class CapacityPlan : HardwareAnswer
{
    internal CapacityPlan(FitQuestion question)
        : base(question)
    {
    }

    /// <summary>
    /// <c>Meets</c>: everything asked for is kept. <c>Misses</c>: an objective is not. <c>Saturated</c>: more arrives
    /// than is served, so the queue grows without end. <c>NoFit</c>: the model does not run there. <c>Unknown</c>: a
    /// size or a bandwidth is not known.
    /// </summary>
    public string Outcome { get; internal init; } = string.Empty;

    /// <summary>Users at the same time that were asked for; null if none were.</summary>
    public int? Users { get; internal init; }

    /// <summary>Requests a minute that were asked for; null if none were.</summary>
    public double? RequestsPerMinute { get; internal init; }

    /// <summary>Machines that there are, as was said; null if it was not.</summary>
    public int? MachineCount { get; internal init; }

    /// <summary>Tokens of an answer.</summary>
    public int? AnswerLength { get; internal init; }

    /// <summary>Seconds to the first token that were asked for; null if none were.</summary>
    public double? MaximumTimeToFirstToken { get; internal init; }

    /// <summary>Percent of requests that <see cref="TimeToFirstTokenSeconds"/> and the rate hold for.</summary>
    public double? Percentile { get; internal init; }

    /// <summary>Machines.</summary>
    public int? Machines { get; internal init; }

    /// <summary>Cards that take part on all machines.</summary>
    public int? Cards { get; internal init; }

    /// <summary>Copies of the model on all machines.</summary>
    public int? Replicas { get; internal init; }

    /// <summary>Copies of the model on a machine.</summary>
    public int? ReplicasPerMachine { get; internal init; }

    /// <summary>Cards of one copy; 0 is the processor alone.</summary>
    public int? CardsPerReplica { get; internal init; }

    /// <summary>Tokens a second of each user that the percentile gets at least.</summary>
    public double? TokensPerSecond { get; internal init; }

    /// <summary>One of ten machines is slower.</summary>
    public double? TokensPerSecondLow { get; internal init; }

    /// <summary>One of ten machines is faster.</summary>
    public double? TokensPerSecondHigh { get; internal init; }

    /// <summary>Requests that are completed in a minute on all machines.</summary>
    public double? CompletedRequestsPerMinute { get; internal init; }

    /// <summary>Tokens a second that are written on all machines.</summary>
    public double? TotalTokensPerSecond { get; internal init; }

    /// <summary>Seconds to the first token that the percentile keeps; null if the queue never ends.</summary>
    public double? TimeToFirstTokenSeconds { get; internal init; }

    /// <summary>One of ten machines is quicker.</summary>
    public double? TimeToFirstTokenSecondsLow { get; internal init; }

    /// <summary>One of ten machines is slower.</summary>
    public double? TimeToFirstTokenSecondsHigh { get; internal init; }

    /// <summary>Seconds that a request waits for a slot on average; null if the queue never ends.</summary>
    public double? WaitSeconds { get; internal init; }

    /// <summary>
    /// Load over the most that the machines carry: of a rate, requests over what is completed; of users, users over
    /// slots. More than 1 is saturated.
    /// </summary>
    public double? Utilization { get; internal init; }

    /// <summary>Users at the same time that these machines serve within what was asked.</summary>
    public int? MaximumUsers { get; internal init; }

    /// <summary>Requests a minute that these machines serve within what was asked.</summary>
    public double? MaximumRequestsPerMinute { get; internal init; }

    /// <summary>Joules for each written token, prompts included; null where a card's power is not known.</summary>
    public double? JoulesPerToken { get; internal init; }

    /// <summary>Price of the power of a million written tokens; null where power or its price is not known.</summary>
    public double? CostPerMillionTokens { get; internal init; }

    /// <summary>Price of a kilowatt-hour: that which was given, else the site's; null if neither says it.</summary>
    public double? PowerPrice { get; internal init; }

    /// <summary>
    /// Latency against users of one replica, parts joined by <c>; </c>, each the users, the seconds to the first token
    /// and the tokens a second of each user: <c>4 0.31 62.1</c>.
    /// </summary>
    public string? LoadCurve { get; internal init; }

    /// <summary>What the speed rests on, and how far predictions for several users were from measurements.</summary>
    public string? SpeedBasis { get; internal init; }

    /// <summary>The launch lines of the replicas of one machine, a line each.</summary>
    public string? CommandLine { get; internal init; }

    /// <summary>Variables that the runtime must have; null for none.</summary>
    public string? Environment { get; internal init; }

    /// <summary>What the runtime reads besides its arguments; null for none.</summary>
    public string? Configuration { get; internal init; }

    /// <summary>One or two sentences with the numbers.</summary>
    public string Reason { get; internal init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => Reason;
}
