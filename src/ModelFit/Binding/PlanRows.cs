using System.Globalization;
using System.Management.Automation;
using ModelFit.Fleet.Reports;

namespace ModelFit.Binding;

/// <summary>What a report needs of plans for users, fleets and purchases, read of their columns.</summary>
internal static class PlanRows
{
    /// <summary>A capacity plan.</summary>
    public static CapacityFacts Capacity(PSObject plan) => new(
        $"{Text(plan, "Model")} {Text(plan, "Quantization")}".TrimEnd(),
        Text(plan, "Gpu"),
        Text(plan, "Outcome") ?? "Unknown",
        Text(plan, "Reason") ?? string.Empty, Text(plan, "LoadCurve"), Text(plan, "CommandLine"));

    /// <summary>A line of a fleet's plan.</summary>
    public static PlacementFacts Placement(PSObject line) => new(
        Text(line, "Model") ?? string.Empty,
        (int)Number(line, "Replica"),
        Text(line, "ComputerName"),
        Text(line, "Label"),
        Text(line, "Gpu"), Text(line, "Cards"), Number(line, "RequiredBytes"), Number(line, "HeadroomBytes"),
        Text(line, "Reason") ?? string.Empty);

    /// <summary>A line of an upgrade plan.</summary>
    public static AuditRecord Upgrade(PSObject line) => AnswerRecords.OfUpgrade(
        Text(line, "ComputerName"), Text(line, "Gpu"), Text(line, "Model"), Text(line, "Action"), Text(line, "Change"),
        Text(line, "Reason"));

    private static string? Text(PSObject row, string column) => ArgumentText.Text(RowReader.Column(row, column));

    private static long Number(PSObject row, string column) =>
        long.TryParse(Text(row, column), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number : 0;
}
