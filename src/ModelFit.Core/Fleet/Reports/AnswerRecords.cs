namespace ModelFit.Fleet.Reports;

/// <summary>Answers to single questions as records of an audit, whose demand is that the model fits.</summary>
internal static class AnswerRecords
{
    /// <summary>A verdict as a record.</summary>
    public static AuditRecord Of(ModelFitResult answer) => new()
    {
        ComputerName = answer.ComputerName,
        Gpu = answer.Gpu,
        GpuCount = answer.GpuCount,
        TotalGpuMemoryBytes = answer.GpuMemoryBytes * answer.GpuCount,
        SystemMemoryBytes = answer.SystemMemoryBytes,
        Model = answer.Model,
        Repository = answer.Repository,
        Quantization = answer.Quantization,
        ContextLength = answer.ContextLength,
        ParallelSequences = answer.ParallelSequences,
        Runtime = answer.Runtime,
        CatalogVersion = CatalogVersion.Current,
        Verdict = answer.Verdict,
        RequiredBytes = answer.RequiredBytes,
        HeadroomBytes = answer.HeadroomBytes,
        DecodeTokensPerSecond = answer.DecodeTokensPerSecond,
        DecodeTokensPerSecondLow = answer.DecodeTokensPerSecondLow,
        Accuracy = answer.Accuracy,
        Assumptions = answer.Assumptions,
        Compliance = ComplianceOf(answer.Verdict),
        Reason = answer.Reason,
    };

    /// <summary>A plan as a record.</summary>
    public static AuditRecord Of(OffloadPlan plan) => new()
    {
        ComputerName = plan.ComputerName,
        Gpu = plan.Gpu,
        GpuCount = plan.GpuCount,
        TotalGpuMemoryBytes = plan.GpuMemoryBytes * plan.GpuCount,
        SystemMemoryBytes = plan.SystemMemoryBytes,
        Model = plan.Model,
        Repository = plan.Repository,
        Quantization = plan.Quantization,
        ContextLength = plan.ContextLength,
        ParallelSequences = plan.ParallelSequences,
        Runtime = plan.Runtime,
        CatalogVersion = CatalogVersion.Current,
        Verdict = plan.Verdict,
        DecodeTokensPerSecond = plan.DecodeTokensPerSecond,
        Accuracy = plan.Accuracy,
        Assumptions = plan.Assumptions,
        Compliance = plan.Verdict == "NoFit" ? nameof(Compliance.Violated) : ComplianceOf("Fits"),
        Reason = plan.Reason,
    };

    private static string ComplianceOf(string verdict) => (Demands.Accepts("Fits", verdict) switch
    {
        true => Compliance.Compliant,
        false => Compliance.Violated,
        null => Compliance.Unknown,
    }).ToString();
}
