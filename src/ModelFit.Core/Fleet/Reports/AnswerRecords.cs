namespace ModelFit.Fleet.Reports;

/// <summary>Answers to single questions as records of an audit, with what each demands.</summary>
internal static class AnswerRecords
{
    /// <summary>A verdict as a record, whose demand is that the model fits.</summary>
    public static AuditRecord Of(ModelFitResult answer) =>
        Of(answer, answer.Verdict, ComplianceOf(answer.Verdict), answer.Reason, answer);

    /// <summary>A plan as a record, whose demand is that there is one.</summary>
    public static AuditRecord Of(OffloadPlan plan) =>
        Of(plan, plan.Verdict, ComplianceOf(plan.Verdict == "NoFit" ? plan.Verdict : "Fits"), plan.Reason, null, plan);

    /// <summary>The record of a line of an upgrade plan: the machine passes as it is, or the change is the remedy.
    /// </summary>
    public static AuditRecord OfUpgrade(
        string? computer, string? gpu, string? model, string? action, string? change, string? reason) => new()
        {
            ComputerName = computer,
            Gpu = gpu,
            Model = model,
            CatalogVersion = CatalogVersion.Current,
            Compliance = (action == "Passes" ? Compliance.Compliant : Compliance.Violated).ToString(),
            Rule = "upgrade",
            Reason = reason,
            Remedy = change,
        };

    private static AuditRecord Of(
        HardwareAnswer answer, string verdict, string compliance, string reason, ModelFitResult? result,
        OffloadPlan? plan = null) => new()
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
            RequiredBytes = result?.RequiredBytes,
            HeadroomBytes = result?.HeadroomBytes,
            DecodeTokensPerSecond = result?.DecodeTokensPerSecond ?? plan?.DecodeTokensPerSecond,
            DecodeTokensPerSecondLow = result?.DecodeTokensPerSecondLow,
            Accuracy = answer.Accuracy,
            Assumptions = answer.Assumptions,
            Compliance = compliance,
            Reason = reason,
        };

    private static string ComplianceOf(string verdict) => (Demands.Accepts("Fits", verdict) switch
    {
        true => Compliance.Compliant,
        false => Compliance.Violated,
        null => Compliance.Unknown,
    }).ToString();
}
