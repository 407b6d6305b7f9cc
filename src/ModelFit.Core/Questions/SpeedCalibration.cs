namespace ModelFit;

/// <summary>
/// How far measurements of one machine were from what was predicted. Given to a question about the same cards, it
/// corrects the prediction.
/// </summary>
public sealed record SpeedCalibration
{
    /// <summary>The cards that were measured, as text that parses back; null for a processor alone.</summary>
    public string? Gpu { get; internal set; }

    /// <summary>The backend that was measured.</summary>
    public string? Backend { get; internal set; }

    /// <summary>The runtime that was measured.</summary>
    public string? Runtime { get; internal set; }

    /// <summary>What expected decode is multiplied with.</summary>
    public double DecodeFactor { get; internal set; } = 1;

    /// <summary>What expected prefill is multiplied with.</summary>
    public double PrefillFactor { get; internal set; } = 1;

    /// <summary>Rows of decode that were used.</summary>
    public int DecodeRows { get; internal set; }

    /// <summary>Rows of prefill that were used.</summary>
    public int PrefillRows { get; internal set; }

    /// <summary>Median of |predicted / measured - 1| of decode before, in percent; null without rows.</summary>
    public double? DecodeErrorPercent { get; internal set; }

    /// <summary>The same of prefill.</summary>
    public double? PrefillErrorPercent { get; internal set; }

    /// <summary>The same of decode with the correction.</summary>
    public double? CorrectedDecodeErrorPercent { get; internal set; }

    /// <summary>The same of prefill with the correction.</summary>
    public double? CorrectedPrefillErrorPercent { get; internal set; }

    /// <summary>
    /// Half width of the interval of four in five after the correction, in percent; null is the class's own.
    /// </summary>
    public double? DecodeSpreadPercent { get; internal set; }

    /// <summary>The same of prefill.</summary>
    public double? PrefillSpreadPercent { get; internal set; }

    /// <summary>Rows that were passed over: their model or cards are not known, or they do not run there.</summary>
    public int SkippedRows { get; internal set; }

    /// <summary>When it was made, UTC.</summary>
    public DateTime? CreatedAt { get; internal set; }

    /// <summary>The files that it was made from, joined by <c>; </c>; null for what was piped.</summary>
    public string? Source { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{Gpu ?? "processor"}: decode x{DecodeFactor:0.00} ({DecodeRows} rows), ")
        + FormattableString.Invariant($"prefill x{PrefillFactor:0.00} ({PrefillRows} rows)");
}
