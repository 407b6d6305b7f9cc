using System.Threading;
using ModelFit.Catalog.Sites;
using ModelFit.Common;
using ModelFit.Fit;

namespace ModelFit.Fleet.Buying;

/// <summary>
/// Finds the cheapest changes with which a share of a fleet passes. Machines do not depend on one another: of each the
/// cheapest change that passes is found, and the cheapest of these are taken until the share is reached.
/// </summary>
public static class UpgradePlanner
{
    /// <summary>A line for each machine, in order.</summary>
    public static IReadOnlyList<UpgradePlan> Plan(
        IReadOnlyList<MachineSpec> machines,
        UpgradeDemand demand,
        IMessageSink messages,
        CancellationToken stop = default)
    {
        if (demand.Share is not (> 0 and <= 1)) throw new ModelFitException(
            ErrorIds.InvalidArgument, "The share must be between 0 and 1.", demand.Share);
        if (!Enum.TryParse<Verdict>(demand.Accept, out var accepted)) throw new ModelFitException(
            ErrorIds.InvalidArgument, $"'{demand.Accept}' is not a verdict.", demand.Accept);
        var prices = UpgradePrices.Of(demand);
        var known = new Dictionary<string, UpgradeChange?>(StringComparer.Ordinal);
        var changes = machines.Until(stop)
            .Select(machine => Cheapest(machine, demand, accepted, prices, known)).ToArray();
        var needed = (int)Math.Ceiling((demand.Share * machines.Count) - 1e-9);
        var taken = Enumerable.Range(0, machines.Count).Where(i => changes[i] is not null)
            .OrderBy(i => changes[i]!.Price).ThenBy(i => changes[i]!.Loss).ThenBy(i => changes[i]!.Words.Count)
            .ThenBy(i => i)
            .Take(needed).ToArray();
        var passing = changes.Count(change => change is { Words.Count: 0 });
        var total = new UpgradeTotal(
            taken.Sum(i => changes[i]!.Price),
            Math.Max(passing, taken.Length) / (double)Math.Max(1, machines.Count),
            prices);
        if (taken.Length < needed) messages.Warning(FormattableString.Invariant(
            $"No change with a known price helps {needed - taken.Length} of the {needed} machines that must pass."));
        var isTaken = new HashSet<int>(taken);
        return machines.Until(stop).Select((machine, i) =>
            UpgradeAnswers.Of(machine, demand, changes[i], isTaken.Contains(i), total)).ToArray();
    }

    /// <summary>The cheapest change of a machine that passes, no change at all among them; null if none does.</summary>
    internal static UpgradeChange? Cheapest(
        MachineSpec machine,
        UpgradeDemand demand,
        Verdict accepted,
        PriceList prices,
        IDictionary<string, UpgradeChange?> known)
    {
        var likeness = Likeness(machine);
        if (known.TryGetValue(likeness, out var before)) return before is null ? null : Moved(before, machine);
        var found = UpgradeChange.Of(machine, prices, demand.Quantizations, accepted == Verdict.Offload)
            .FirstOrDefault(change => Passes(change, demand, accepted));
        known[likeness] = found;
        return found;
    }

    private static bool Passes(UpgradeChange change, UpgradeDemand demand, Verdict accepted)
    {
        try
        {
            return Decision.Accepts(UpgradeAnswers.After(demand, change), accepted);
        }
        catch (ModelFitException)
        {
            return false;
        }
    }

    /// <summary>Machines with the same text pass alike.</summary>
    private static string Likeness(MachineSpec machine) => FormattableString.Invariant(
        $"{machine.Gpu}|{string.Join(",", machine.Gpus.Select(card => $"{card.MemoryBytes}/{card.MemoryFreeBytes}"))}|")
        + FormattableString.Invariant($"{machine.SystemMemoryBytes}|{machine.SystemMemoryFreeBytes}|")
        + FormattableString.Invariant($"{machine.CpuFeatures}|{machine.MemoryBandwidth}|{machine.MemoryChannels}|")
        + FormattableString.Invariant($"{machine.MemorySpeed}|{machine.CoreCount}");

    private static UpgradeChange Moved(UpgradeChange change, MachineSpec machine) => change with
    {
        Machine = change.Machine with { ComputerName = machine.ComputerName },
    };
}

/// <summary>What all changes of a plan come to.</summary>
/// <param name="Price">Their price.</param>
/// <param name="ReachedShare">Part of the machines that pass then.</param>
/// <param name="Prices">The prices.</param>
internal sealed record UpgradeTotal(double Price, double ReachedShare, PriceList Prices);
