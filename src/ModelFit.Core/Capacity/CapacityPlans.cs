using ModelFit.Catalog.Sites;
using ModelFit.Fit;
using ModelFit.Placement;

namespace ModelFit.Capacity;

/// <summary>Makes capacity plans.</summary>
internal static class CapacityPlans
{
    /// <summary>Stands between the parts of texts that hold several.</summary>
    private const string Separator = "; ";

    internal const double JoulesPerKilowattHour = 3.6e6;

    public static CapacityPlan Of(Site best, CapacityDemand demand, Objectives objectives, IMessageSink messages)
    {
        var site = best with { Replica = best.Replica.AsPlaced(demand.AnswerLength) };
        var (replica, fit) = (site.Replica, site.Replica.Fit);
        var placed = replica.Decision.Placed;
        var question = fit.Answered with { Machine = site.Partition.Machine };
        var runs = site.State is not null;
        var launches = runs ? Launches(site, question, messages) : Array.Empty<PlannedLaunch>();
        var figures = runs ? SiteFigures.Of(site) : new SiteFigures();
        var power = demand.PowerPrice ?? SiteCatalogs.Current.Prices.PowerPerKwh;
        var joules = Joules(site);
        return new CapacityPlan(question)
        {
            Backend = fit.Machine.Backend.ToString(),
            Outcome = site.Outcome.ToString(),
            Users = demand.Users,
            RequestsPerMinute = demand.RequestsPerMinute,
            MachineCount = demand.MachineCount,
            AnswerLength = demand.AnswerLength,
            MaximumTimeToFirstToken = demand.MaximumTimeToFirstToken,
            Percentile = demand.Percentile,
            Machines = runs ? site.Machines : null,
            Cards = runs ? site.Cards : null,
            Replicas = runs ? site.Replicas : null,
            ReplicasPerMachine = runs ? site.Partition.PerMachine : null,
            CardsPerReplica = runs ? placed.Cards.Count : null,
            TokensPerSecond = figures.Rate?.Expected,
            TokensPerSecondLow = figures.Rate?.Low,
            TokensPerSecondHigh = figures.Rate?.High,
            CompletedRequestsPerMinute = figures.RequestsPerMinute,
            TotalTokensPerSecond = figures.TotalTokensPerSecond,
            TimeToFirstTokenSeconds = figures.FirstToken?.Expected,
            TimeToFirstTokenSecondsLow = figures.FirstToken?.Low,
            TimeToFirstTokenSecondsHigh = figures.FirstToken?.High,
            WaitSeconds = Finite(site.State?.WaitSeconds),
            Utilization = site.State?.Utilization,
            MaximumUsers = runs ? site.MostUsers * site.Replicas : null,
            MaximumRequestsPerMinute = runs ? 60 * site.MostArrivals * site.Replicas : null,
            JoulesPerToken = joules,
            CostPerMillionTokens = joules * 1e6 / JoulesPerKilowattHour * power,
            PowerPrice = power,
            LoadCurve = runs ? Curve(site, objectives) : null,
            SpeedBasis = runs ? PlacementSpeed.Basis(fit, placed) + Separator + MeasuredUsers.Of(fit) : null,
            Known = Known(site, demand, Knowledge.Later(fit, placed.Memory)),
            CommandLine = Joined(launches.Select(launch => launch.CommandLine), "\n"),
            Environment = Joined(launches.Select(launch => launch.Told.Environment), "\n"),
            Configuration = launches.FirstOrDefault()?.Told.Configuration,
            Reason = CapacityReasons.Of(site, demand, figures),
        };
    }

    /// <summary>The launches of the copies on one machine, each on cards and at a port of its own.</summary>
    private static PlannedLaunch[] Launches(Site site, FitQuestion question, IMessageSink messages) =>
        Enumerable.Range(0, Math.Min(site.Partition.PerMachine, site.Replicas)).Select(copy =>
        {
            var placed = site.Replica.Decision.Placed;
            var devices = site.Partition.Devices(copy, placed.Backend);
            var fit = FitCase.Of(
                devices is null ? question : question with { Devices = devices }, NullSink.Instance);
            var options = new PlanOptions { PortOffset = copy };
            return PlannedLaunch.Of(
                fit, On(devices, placed), options, copy == 0 ? messages : NullSink.Instance);
        }).ToArray();

    /// <summary>The placement of a copy on the cards that are its own, by the numbers of the machine.</summary>
    private static PlacedModel On(EquatableArray<int>? devices, PlacedModel placed) => devices is not { } numbers
        ? placed
        : placed with { Cards = placed.Cards.Select(card => card with { Index = numbers[card.Index] }).ToArray() };

    private static double? Joules(Site site)
    {
        if (site.State is not { } state || site.Replica.Curve is not { } curve) return null;
        var seconds = curve.Times(state.Requests);
        return PlacementSpeed.Joules(site.Replica.Fit, site.Replica.Decision.Placed, seconds) / curve.AnswerLength;
    }

    /// <summary>Doublings of users up to twice the slots, where half of them wait.</summary>
    private static string Curve(Site site, Objectives objectives)
    {
        var (curve, slots) = (site.Replica.Curve!, site.Replica.Slots);
        var users = new SortedSet<int> { slots };
        for (var count = 1; count <= 2 * slots; count *= 2) users.Add(count);
        return string.Join(Separator, users.Select(count =>
        {
            var state = ClosedQueue.Of(curve, slots, count, objectives.Percentile);
            return FormattableString.Invariant(
                $"{count} {state.FirstTokenSeconds:0.###} {curve.TokensPerSecond(state.Requests):0.##}");
        }));
    }

    /// <summary>What the memory rests on, and what was supposed of the load.</summary>
    private static Lazy<(Accuracy Accuracy, string? Assumptions)> Known(
        Site site, CapacityDemand demand, Lazy<(Accuracy Accuracy, string? Assumptions)> memory) => new(() =>
    {
        var supposed = new List<string>();
        if (demand.RequestsPerMinute is not null)
            supposed.Add("default: requests arrive at random, and answers have random lengths");
        if (demand is { RequestsPerMinute: not null, MaximumTimeToFirstToken: null, MachineCount: null })
            supposed.Add(FormattableString.Invariant(
                $"default: at most {Objectives.UsualUtilization:0%} of the greatest throughput is used"));
        if (demand.Users is not null) supposed.Add("default: each user sends the next request at once");
        if (site.Partition is { Cards: > 1 } partition && demand.MostCards is not null)
            supposed.Add(FormattableString.Invariant($"default: {partition.Cards} of the cards in each machine"));
        if (site.State is not null && site.Partition.Idle.ToArray() is { Length: > 0 } idle)
            supposed.Add($"default: all replicas are alike, which leaves {GpuText.Names(idle)} idle");
        var text = string.Join(Separator, supposed.Prepend(memory.Value.Assumptions).OfType<string>());
        return (memory.Value.Accuracy, text.Length == 0 ? null : text);
    });

    private static string? Joined(IEnumerable<string?> texts, string separator)
    {
        var all = texts.OfType<string>().ToArray();
        return all.Length == 0 ? null : string.Join(separator, all);
    }

    private static double? Finite(double? seconds) => seconds is { } known && !double.IsInfinity(known) ? known : null;
}
