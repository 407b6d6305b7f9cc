using System.Collections;
using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Fleet.Buying;

namespace ModelFit.Cmdlets;

/// <summary>Emits the cheapest changes with which a share of a fleet runs a model.</summary>
[Cmdlet(VerbsCommon.Get, "ModelUpgradePlan", HelpUri = ProjectAddress.Pages + "Get-ModelUpgradePlan.md")]
[OutputType(typeof(UpgradePlan))]
public sealed class GetModelUpgradePlanCommand : FleetCommand
{
    /// <summary>Part of the machines that must pass, from 0 to 1; default is 1.</summary>
    [Parameter]
    [NumberArgument]
    public double? Share { get; set; }

    /// <summary>The least verdict that passes; default is Fits.</summary>
    [Parameter]
    public FitAcceptance Accept { get; set; }

    /// <summary>Prices of cards by name, of <c>SystemMemory</c> a GiB and of <c>Power</c> a kWh.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Price { get; set; }

    /// <summary>Quantizations that may be taken instead, the best first.</summary>
    [Parameter]
    [TextArgument(array: true)]
    [ArgumentCompleter(typeof(QuantizationNameCompleter))]
    public string[]? AllowQuantization { get; set; }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        if (Asked.Count == 0) return;
        var machines = Machines().Select(machine => machine.Machine).ToArray();
        if (machines.Length == 0)
        {
            WriteFailure(new ModelFitException(
                ErrorIds.EmptyArgument,
                "No machine was piped. Pipe machines of Get-MachineSpec, or the rows of an inventory."));
            return;
        }

        foreach (var question in Asked)
        {
            if (!AttemptLong(() => UpgradePlanner.Plan(machines, Demand(question), Messages, Cancellation), Price,
                out var lines))
                continue;
            foreach (var line in lines) AnswerWriter.WriteRow(this, line);
        }
    }

    private UpgradeDemand Demand(FitQuestion question) => new()
    {
        Question = question,
        Share = Share ?? 1,
        Accept = Accept.ToString(),
        Quantizations = (AllowQuantization ?? Array.Empty<string>())
            .SelectMany(name => Catalog.QuantizationCatalog.Resolve(name)).Select(found => found.Name).ToArray(),
        Prices = Prices(),
    };

    private Dictionary<string, double> Prices()
    {
        var prices = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach (var key in Price?.Keys ?? Array.Empty<object>())
        {
            var name = key.ToString()!;
            prices[name] = ArgumentText.Number(Price![key]) ?? throw new ModelFitException(
                ErrorIds.InvalidArgument, $"The price of {name} is empty.", name);
        }

        return prices;
    }
}
