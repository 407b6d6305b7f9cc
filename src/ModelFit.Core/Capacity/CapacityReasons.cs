using System.Globalization;
using ModelFit.Fit;
using static ModelFit.Common.NumberText;

namespace ModelFit.Capacity;

/// <summary>The sentences that say how a demand stands, and why.</summary>
internal static class CapacityReasons
{
    /// <summary>The sentences of a site.</summary>
    public static string Of(Site site, CapacityDemand demand, SiteFigures figures)
    {
        var (replica, fit) = (site.Replica, site.Replica.Fit);
        if (site.Outcome == Outcome.NoFit)
            return FitAnswer.Of(fit, replica.Decision, NullSink.Instance).Reason ?? string.Empty;
        if (site.State is not { } state)
            return $"{Name(fit)} cannot be planned: the memory or the bandwidth of a card is not known.";
        var gets = $"each user gets {Rate(figures.Rate!.Value.Expected)} tokens/s, and {Percent(demand)} % of first "
            + $"tokens come within {Seconds(state.FirstTokenSeconds)}";
        return site.Outcome switch
        {
            Outcome.Saturated => Saturated(site, demand, state),
            Outcome.Misses => $"{Served(site, demand)} misses the objectives: {gets}; "
                + $"the objectives are {Asked(site, demand)}.{Alone(site)}",
            _ => $"{Served(site, demand)}: {gets}. {Slots(site)}",
        };
    }

    private static string Served(Site site, CapacityDemand demand)
    {
        var load = demand.Users is { } users ? $"{Count(users, "user")} of {Name(site.Replica.Fit)}"
            : demand.RequestsPerMinute is { } rate ? $"{Number(rate, 2)} requests a minute to {Name(site.Replica.Fit)}"
            : $"{Count(site.MostUsers * site.Replicas, "user")} of {Name(site.Replica.Fit)} at most";
        return $"{load} on {Where(site)}";
    }

    private static string Where(Site site)
    {
        var cards = site.Partition.Machine.Gpus.Length == 0
            ? "without a GPU"
            : "with " + GpuText.Names(site.Partition.Machine.Gpus);
        var copies = site.Partition.PerMachine > 1 || site.Machines != site.Replicas
            ? $", {Count(site.Replicas, "replica")} in all" : string.Empty;
        return $"{Count(site.Machines, "machine")} {cards}{copies}";
    }

    private static string Slots(Site site)
    {
        var options = site.Replica.Fit.Question.Options;
        return $"Each replica has {Count(site.Replica.Slots, "slot")} of {Number(options.ContextLength, 2)} tokens and "
            + $"holds {Count(site.MostUsers, "user")} or {Rate(60 * site.MostArrivals)} requests a minute "
            + "within the objectives.";
    }

    private static string Saturated(Site site, CapacityDemand demand, QueueState state)
    {
        if (demand.Users is { } users)
        {
            return $"Saturated: {Count(users, "user")} share {Count(site.Replica.Slots * site.Replicas, "slot")} on "
                + $"{Where(site)}, so {Number(users - (site.Replica.Slots * site.Replicas), 2)} wait all the time, "
                + $"{Seconds(state.WaitSeconds)} for each request. {Enough(site, site.MostUsers, users)}";
        }

        var most = 60 * site.Replica.Curve!.RequestsPerSecond(site.Replica.Slots) * site.Replicas;
        return $"Saturated: {Number(demand.RequestsPerMinute!.Value, 2)} requests a minute arrive and at most "
            + $"{Rate(most)} are completed on {Where(site)}, so the queue grows without end. "
            + Enough(site, 60 * site.MostArrivals, demand.RequestsPerMinute.Value);
    }

    private static string Enough(Site site, double each, double all)
    {
        if (each <= 0) return "No number of these machines meets the objectives.";
        var machines = Math.Ceiling(Math.Ceiling((all / each) - 1e-9) / site.Partition.PerMachine);
        return $"{Count((long)machines, "such machine")} would serve them.";
    }

    private static string Asked(Site site, CapacityDemand demand) => string.Join(" and ", new[]
    {
        site.Replica.Fit.Question.Load.MinimumTokensPerSecond is { } least ? $"{Rate(least)} tokens/s" : null,
        demand.MaximumTimeToFirstToken is { } most ? Seconds(most) : null,
    }.Where(words => words is not null));

    private static string Alone(Site site) => site.MostUsers > 0
        ? $" A replica holds {Count(site.MostUsers, "user")} within them."
        : " One user alone misses them too: a faster card or a smaller model is needed.";

    private static string Name(FitCase fit) =>
        fit.Quantization is null ? fit.Question.Model.Name : $"{fit.Question.Model.Name} {fit.Quantization}";

    private static string Percent(CapacityDemand demand) => Number(demand.Percentile, 2);

    private static string Seconds(double seconds) => seconds.ToString(
        seconds < 1 ? "0.00" : seconds < 100 ? "0.0" : "0", CultureInfo.InvariantCulture) + " s";
}
