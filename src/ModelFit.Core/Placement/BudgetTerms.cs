namespace ModelFit.Placement;

/// <summary>All of a question, but its machine, that what a machine offers depends on.</summary>
internal readonly record struct BudgetTerms(
    ComputeBackend? Backend,
    GpuSplitMode SplitMode,
    int MainGpu,
    EquatableArray<int>? Devices,
    long? OverheadBytes,
    long ReserveBytes,
    long CompanionBytes,
    bool IgnoreUsage)
{
    public static BudgetTerms Of(FitQuestion question) => new(
        question.Options.Backend,
        question.Options.SplitMode,
        question.Options.MainGpu,
        question.Devices,
        question.OverheadBytes,
        question.ReserveBytes,
        question.CompanionBytes,
        question.IgnoreUsage);
}
