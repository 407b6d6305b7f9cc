namespace ModelFit.Fleet.Reports;

/// <summary>Answers to single questions as records of an audit, whose demand is that the model fits.</summary>
internal static class AnswerRecords
{
    /// <summary>A verdict as a record.</summary>
    public static AuditRecord Of(ModelFitResult answer) => Of(
        answer, answer.Verdict, answer.Reason,
        Demands.Accepts("Fits", answer.Verdict) switch
        {
            true => Compliance.Compliant,
            false => Compliance.Violated,
            null => Compliance.Unknown,
        },
        answer.DecodeTokensPerSecond, answer.DecodeTokensPerSecondLow, answer.RequiredBytes, answer.HeadroomBytes);

    /// <summary>A plan as a record.</summary>
    public static AuditRecord Of(OffloadPlan plan) => Of(
        plan, plan.Verdict, plan.Reason,
        plan.Verdict == "NoFit" ? Compliance.Violated : Compliance.Compliant, plan.DecodeTokensPerSecond);

    private static AuditRecord Of(
        HardwareAnswer answer, string verdict, string reason, Compliance compliance, double? speed,
        double? slow = null, long? required = null, long? headroom = null) => new()
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
            Verdict = verdict,
            RequiredBytes = required,
            HeadroomBytes = headroom,
            DecodeTokensPerSecond = speed,
            DecodeTokensPerSecondLow = slow,
            Accuracy = answer.Accuracy,
            Assumptions = answer.Assumptions,
            Compliance = compliance.ToString(),
            Reason = reason,
        };
}
