namespace ModelFit.Fleet.Reports;

/// <summary>What a report is about: what was piped to it, sorted by kind.</summary>
internal sealed record ReportContent
{
    /// <summary>Answers to single questions.</summary>
    public List<ModelFitResult> Results { get; } = [];

    /// <summary>Plans.</summary>
    public List<OffloadPlan> Plans { get; } = [];

    /// <summary>Records of audits.</summary>
    public List<AuditRecord> Records { get; } = [];

    /// <summary>Changes between audits.</summary>
    public List<AuditChange> Changes { get; } = [];

    /// <summary>Capacity plans.</summary>
    public List<CapacityFacts> Capacities { get; } = [];

    /// <summary>Replicas of fleet plans.</summary>
    public List<PlacementFacts> Placements { get; } = [];

    /// <summary>The title that somebody gave; null for the report's own.</summary>
    public string? Title { get; init; }

    /// <summary>When the report is made, UTC.</summary>
    public DateTime MadeAt { get; init; } = DateTime.UtcNow;

    /// <summary>Whether there is nothing to report.</summary>
    public bool IsEmpty => Answers + Capacities.Count + Placements.Count == 0;

    /// <summary>Whether it is about one question alone, whose page goes into it.</summary>
    public bool IsOneQuestion => Records.Count + Changes.Count == 0 && Results.Count <= 1 && Plans.Count <= 1;

    /// <summary>Whether it is about plans for users or for a fleet, and nothing else.</summary>
    public bool IsPlanning => Answers == 0 && !IsEmpty;

    private int Answers => Results.Count + Plans.Count + Records.Count + Changes.Count;

    /// <summary>Every answer as a record of an audit.</summary>
    public IReadOnlyList<AuditRecord> AllRecords => Records
        .Concat(Results.Select(AnswerRecords.Of)).Concat(Plans.Select(AnswerRecords.Of))
        .Concat(Capacities.Select(plan => plan.ToRecord()))
        .Concat(Placements.Select(line => line.ToRecord())).ToArray();
}
