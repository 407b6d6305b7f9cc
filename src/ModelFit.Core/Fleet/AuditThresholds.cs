namespace ModelFit.Fleet;

/// <summary>Which differences of figures count as changes.</summary>
internal sealed record AuditThresholds
{
    /// <summary>Free GPU memory that comes and goes without anybody caring, in bytes.</summary>
    public long FreeMemoryBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Share of system memory by which reports of one machine differ: kernels keep more or less for themselves.
    /// </summary>
    public double SystemMemoryShare { get; init; } = 0.02;

    /// <summary>Share of a requirement that counts as another requirement.</summary>
    public double RequirementShare { get; init; } = 0.01;
}
