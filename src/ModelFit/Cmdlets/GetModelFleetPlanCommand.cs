using System.Collections;
using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Common;
using ModelFit.Fleet.Placing;

namespace ModelFit.Cmdlets;

/// <summary>Emits where each replica of each model goes in a fleet, or why it goes nowhere.</summary>
[Cmdlet(VerbsCommon.Get, "ModelFleetPlan", HelpUri = ProjectAddress.Pages + "Get-ModelFleetPlan.md")]
[OutputType(typeof(FleetPlacement))]
public sealed class GetModelFleetPlanCommand : FleetCommand
{
    private static readonly char[] Separators = { ';', ',' };

    private readonly List<FleetDemand> _demands = new();
    private int _row;

    /// <summary>
    /// Rows, a model each, whose columns are named as the parameters: Model, Replicas, Pin, Quantization, ContextLength
    /// and every other setting.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public PSObject[]? Demand { get; set; }

    /// <summary>Replicas of each model: one number for all, or one for each in their order; default is 1.</summary>
    [Parameter]
    [CountArgument(1, array: true)]
    public int[]? Replicas { get; set; }

    /// <summary>A table of models by name, with wildcards, and the machines that may carry each.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Pin { get; set; }

    /// <summary>Rack, room or site of the machine.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Rack", "Zone")]
    [TextArgument]
    public string? Label { get; set; }

    /// <summary>What the replicas of a model are kept apart on; default is nothing.</summary>
    [Parameter]
    [ChoiceArgument(typeof(FleetSpread))]
    public FleetSpread SpreadBy { get; set; }

    /// <summary>What is made the least of once all that can be placed is; default is FewestMachines.</summary>
    [Parameter]
    [ChoiceArgument(typeof(FleetObjective))]
    public FleetObjective Objective { get; set; }

    private protected override string? LabelOfRecord => Label;

    private protected override IEnumerable<PSObject?> AskingRows => Demand is null ? base.AskingRows : DemandRows();

    private protected override string RowName => _row > 0 ? $"-Demand, row {_row}" : base.RowName;

    /// <inheritdoc/>
    protected override void OnBegin()
    {
        if (Demand is not null && Model is not null) ThrowTerminatingError(ErrorRecords.From(
            new(ErrorIds.InvalidArgument, "Give -Model or -Demand, not both."), Demand));
        base.OnBegin();
        _row = 0;
    }

    private protected override void Ask(FitQuestion question, object? row)
    {
        if (!Attempt(() => DemandOf(question, row), row, out var demand)) return;
        base.Ask(question, row);
        _demands.Add(demand);
    }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        if (Asked.Count == 0) return;
        if (!Attempt(Demands, Replicas, out var demands)) return;
        var machines = Machines();
        if (!AttemptLong(
            () => FleetPlanner.Plan(machines, demands, Objective, SpreadBy, Messages, Cancellation), null,
            out var lines))
            return;
        foreach (var line in lines) AnswerWriter.WriteRow(this, line);
    }

    /// <summary>The rows of -Demand, a table each, so that every column is read by its name.</summary>
    private IEnumerable<PSObject?> DemandRows()
    {
        foreach (var row in Demand!)
        {
            _row++;
            var isPlain = row?.BaseObject is PSCustomObject && TypeNames.Of(row) is null;
            yield return isPlain ? PSObject.AsPSObject(new Hashtable(row!.Properties.ToDictionary(
                column => column.Name, column => column.Value))) : row;
        }
    }

    private FleetDemand DemandOf(FitQuestion question, object? row) => new()
    {
        Question = question,
        Replicas = row is null ? 1 : ArgumentText.Count(RowReader.Column(row, nameof(Replicas)), 1) ?? 1,
        Pins = PinsOf(question.Model.Name).Concat(row is null
            ? Array.Empty<string>() : Names(RowReader.Column(row, nameof(Pin)))).ToArray(),
    };

    private IReadOnlyList<FleetDemand> Demands()
    {
        if (Replicas is not { } counts) return _demands;
        if (counts.Length > 1 && counts.Length != _demands.Count) throw new ModelFitException(
            ErrorIds.InvalidArgument,
            $"-Replicas has {counts.Length} numbers for {_demands.Count} models: give one for all, or one for each.",
            counts);
        return _demands.Select(
            (demand, i) => demand with { Replicas = counts[Math.Min(i, counts.Length - 1)] }).ToArray();
    }

    private IEnumerable<string> PinsOf(string model)
    {
        var name = model.Substring(model.LastIndexOf('/') + 1);
        return Pin is null ? Array.Empty<string>() : Pin.Keys.Cast<object>()
            .Where(key => new Wildcard(key.ToString()!) is var pattern
                && (pattern.IsMatch(model) || pattern.IsMatch(name)))
            .SelectMany(key => Names(Pin[key]));
    }

    private static IEnumerable<string> Names(object? value) => ArgumentText.Unwrap(value) is IList list
        ? list.Cast<object?>().SelectMany(Names)
        : (ArgumentText.Text(value) ?? string.Empty).Split(Separators)
            .Select(name => name.Trim()).Where(name => name.Length > 0);
}
