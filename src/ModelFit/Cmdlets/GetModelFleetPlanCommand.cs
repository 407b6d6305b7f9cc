using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
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

    /// <inheritdoc/>
    private protected override string? LabelOfRecord => Label;

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        if (Asked.Count == 0) return;
        if (!Attempt(Demands, Replicas, out var demands)) return;
        var machines = Machines();
        if (!AttemptLong(
            () => FleetPlanner.Plan(machines, demands, Objective, SpreadBy, Messages), null, out var lines))
            return;
        foreach (var line in lines) AnswerWriter.WriteRow(this, line);
    }

    private IReadOnlyList<FleetDemand> Demands()
    {
        if (Replicas is { Length: > 1 } counts && counts.Length != Asked.Count) throw new ModelFitException(
            ErrorIds.InvalidArgument, FailureKind.InvalidArgument,
            $"-Replicas has {counts.Length} numbers for {Asked.Count} models: give one for all, or one for each.",
            counts);
        return Asked.Select((question, i) => new FleetDemand
        {
            Question = question,
            Replicas = Replicas is null ? 1 : Replicas[Math.Min(i, Replicas.Length - 1)],
            Pins = PinsOf(question.Model.Name),
        }).ToArray();
    }

    private IReadOnlyList<string> PinsOf(string model)
    {
        var name = model.Substring(model.LastIndexOf('/') + 1);
        return Pin is null ? Array.Empty<string>() : Pin.Keys.Cast<object>()
            .Where(key => new Wildcard(key.ToString()!) is var pattern
                && (pattern.IsMatch(model) || pattern.IsMatch(name)))
            .SelectMany(key => Names(Pin[key])).ToArray();
    }

    private static IEnumerable<string> Names(object? value) => ArgumentText.Unwrap(value) is IList list
        ? list.Cast<object?>().SelectMany(Names)
        : ArgumentText.Text(value) is { } name ? new[] { name } : Array.Empty<string>();
}
