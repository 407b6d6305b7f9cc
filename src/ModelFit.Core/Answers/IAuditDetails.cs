namespace ModelFit.Answers;

/// <summary>What of an audit's record is found only when it is read.</summary>
internal interface IAuditDetails
{
    /// <summary>The answer of which the record is; null if there was none.</summary>
    ModelFitResult? Answer { get; }

    /// <summary>Why the compliance is as it is.</summary>
    string? Reason { get; }

    /// <summary>The closest remedy of a violation.</summary>
    string? Remedy { get; }
}
