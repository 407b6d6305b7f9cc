using System.Management.Automation;
using System.Management.Automation.Runspaces;
using ModelFit.Fleet.Reports;

namespace ModelFit.Binding;

/// <summary>What both cmdlets of reports share: the answers that are piped to them.</summary>
public abstract class ReportCommand : ModelFitCommand
{
    private readonly ReportContent _content = new();

    /// <summary>Verdicts, plans, records of an audit, changes between audits; live, deserialized, or rows.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    private protected override object? Record => InputObject;

    /// <summary>The form of the report.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public ReportFormat Format { get; set; }

    /// <summary>The title of the report; default is what it is about.</summary>
    [Parameter]
    public string? Title { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        var answer = ArgumentText.Unwrap(InputObject);
        if (answer is null) return;
        if (answer is ModelFitResult result) _content.Results.Add(result);
        else if (answer is OffloadPlan plan) _content.Plans.Add(plan);
        else if (IsRow<AuditChange>(nameof(AuditChange.Change), nameof(AuditChange.Description)))
            _content.Changes.Add(Rehydration.Change(InputObject!));
        else if (IsRow<AuditRecord>(nameof(AuditRecord.SchemaVersion), nameof(AuditRecord.RunId)))
            _content.Records.Add(Rehydration.Audit(InputObject!));
        else if (IsRow<CapacityPlan>(nameof(CapacityPlan.Outcome), nameof(CapacityPlan.AnswerLength)))
            _content.Capacities.Add(PlanRows.Capacity(InputObject!));
        else if (IsRow<FleetPlacement>(nameof(FleetPlacement.IsPlaced), nameof(FleetPlacement.Replica)))
            _content.Placements.Add(PlanRows.Placement(InputObject!));
        else if (IsRow<UpgradePlan>(nameof(UpgradePlan.Action), nameof(UpgradePlan.ReachedShare)))
            _content.Records.Add(PlanRows.Upgrade(InputObject!));
        else if (IsRow<ModelFitResult>(nameof(ModelFitResult.Verdict), nameof(ModelFitResult.RequiredBytes)))
            AskAgain("Test-ModelFit");
        else if (IsRow<OffloadPlan>(nameof(OffloadPlan.Verdict), nameof(OffloadPlan.HostBytes)))
            AskAgain("Get-OffloadPlan");
        else WriteFailure(new ModelFitException(
            ErrorIds.InvalidArgument,
            "The input is not an answer: pipe the output of Test-ModelFit, Find-ModelFit, Get-OffloadPlan, " +
            "Get-ModelCapacityPlan, Get-ModelFleetPlan, Get-ModelUpgradePlan, Invoke-ModelFitAudit or " +
            "Compare-ModelFitAudit.", InputObject));
    }

    /// <summary>The whole report; null if nothing came.</summary>
    private protected string? Report()
    {
        if (_content.IsEmpty)
        {
            WriteFailure(new ModelFitException(
                ErrorIds.EmptyArgument, "No answer was piped, so there is nothing to report."));
            return null;
        }

        var content = _content with { Title = Title, MadeAt = DateTime.UtcNow };
        return AttemptLong(() => Fleet.Reports.Report.Write(Format, content), null, out var text) ? text : null;
    }

    private bool IsRow<T>(params string[] columns) => TypeNames.Is<T>(InputObject)
        || (TypeNames.Of(InputObject) is null
            && columns.All(column => RowReader.Column(InputObject!, column) is not null));

    /// <summary>An answer that came back as text: it says its question, and what the page shows is searched.</summary>
    private void AskAgain(string cmdlet)
    {
        foreach (var answer in InvokeCommand.InvokeScript(
            $"$args[0] | ModelFit\\{cmdlet} -ErrorAction Continue 2>&1",
            false, PipelineResultTypes.None, null, InputObject))
        {
            if (answer?.BaseObject is ModelFitResult result) _content.Results.Add(result);
            else if (answer?.BaseObject is OffloadPlan plan) _content.Plans.Add(plan);
            else if (answer?.BaseObject is ErrorRecord error) WriteError(error);
        }
    }
}
