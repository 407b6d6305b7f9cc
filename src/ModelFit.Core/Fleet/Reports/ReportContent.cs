namespace ModelFit.Fleet.Reports;

/// <summary>What a report is about: what was piped to it, sorted by kind.</summary>
internal sealed record ReportContent
{
    /// <summary>Answers to single questions.</summary>
    public IReadOnlyList<ModelFitResult> Results { get; init; } = [];

    /// <summary>Plans.</summary>
    public IReadOnlyList<OffloadPlan> Plans { get; init; } = [];

    /// <summary>Records of audits.</summary>
    public IReadOnlyList<AuditRecord> Records { get; init; } = [];

    /// <summary>Changes between audits.</summary>
    public IReadOnlyList<AuditChange> Changes { get; init; } = [];

    /// <summary>Capacity plans.</summary>
    public IReadOnlyList<CapacityFacts> Capacities { get; init; } = [];

    /// <summary>Replicas of fleet plans.</summary>
    public IReadOnlyList<PlacementFacts> Placements { get; init; } = [];

    /// <summary>The title that somebody gave; null for the report's own.</summary>
    public string? Title { get; init; }

    /// <summary>When the report is made, UTC.</summary>
    public DateTime MadeAt { get; init; } = DateTime.UtcNow;

    /// <summary>Whether it is about one question alone, whose page goes into it.</summary>
    public bool IsOneQuestion => Records.Count + Changes.Count == 0 && Results.Count <= 1 && Plans.Count <= 1;

    /// <summary>Whether it is about plans for users or for a fleet, and nothing else.</summary>
    public bool IsPlanning => Capacities.Count + Placements.Count > 0
        && Results.Count + Plans.Count + Records.Count + Changes.Count == 0;

    /// <summary>Every answer as a record of an audit.</summary>
    public IReadOnlyList<AuditRecord> AllRecords => Records
        .Concat(Results.Select(AnswerRecords.Of)).Concat(Plans.Select(AnswerRecords.Of))
        .Concat(Capacities.Select(plan => plan.ToRecord()))
        .Concat(Placements.Select(line => line.ToRecord())).ToArray();
}
