namespace ModelFit.Fleet.Reports;

/// <summary>Lines of an upgrade plan as records, whose demand is that the machine passes as it is.</summary>
internal static class UpgradeRecords
{
    /// <summary>The record of a line; the change is the remedy.</summary>
    public static AuditRecord Of(
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
}
