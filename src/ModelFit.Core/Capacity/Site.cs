namespace ModelFit.Capacity;

/// <summary>How a demand stands, the better first.</summary>
internal enum Outcome
{
    /// <summary>Everything asked for is kept.</summary>
    Meets,

    /// <summary>An objective is not.</summary>
    Misses,

    /// <summary>More arrives than is served.</summary>
    Saturated,

    /// <summary>A size or a bandwidth is not known.</summary>
    Unknown,

    /// <summary>The model does not run there.</summary>
    NoFit,
}

/// <summary>All copies of a model that serve a demand, each with an equal part of it.</summary>
/// <param name="Partition">How machines are cut.</param>
/// <param name="Replica">One copy.</param>
/// <param name="Replicas">Copies.</param>
/// <param name="Outcome">How the demand stands.</param>
/// <param name="State">How each copy stands; null if it does not run, or nothing is predicted.</param>
/// <param name="MostUsers">Users of one copy at most within the objectives.</param>
/// <param name="MostArrivals">Requests a second of one copy at most within the objectives.</param>
internal sealed record Site(
    MachinePartition Partition,
    Replica Replica,
    int Replicas,
    Outcome Outcome,
    QueueState? State,
    int MostUsers,
    double MostArrivals)
{
    /// <summary>More copies, or machines that are there, than any site has.</summary>
    public const int MostReplicas = 1_000_000;

    /// <summary>Utilization of a copy that hardly anybody asks.</summary>
    private const double Few = 1e-3;

    /// <summary>Machines that the copies need.</summary>
    public int Machines => (Replicas + Partition.PerMachine - 1) / Partition.PerMachine;

    /// <summary>Cards of all copies.</summary>
    public int Cards => Replicas * Partition.Cards;

    /// <summary>What a demand takes on machines that are cut in one way.</summary>
    public static Site Of(
        MachinePartition partition, FitQuestion question, CapacityDemand demand, Objectives objectives,
        IMessageSink messages)
    {
        var replica = Replica.Of(
            question with { Machine = partition.Own }, Part(partition, demand), objectives, messages);
        if (replica.Curve is not { } curve)
        {
            var lacks = replica.Decision.Verdict == Fit.Verdict.NoFit ? Outcome.NoFit : Outcome.Unknown;
            return new Site(partition, replica, 0, lacks, null, 0, 0);
        }

        var users = objectives.MostUsers(curve, replica.Slots);
        var arrivals = objectives.MostArrivals(curve, replica.Slots);
        var site = new Site(partition, replica, 0, Outcome.Misses, null, users, arrivals);
        return demand.Users is { } all ? site.ForUsers(all, demand, objectives)
            : demand.RequestsPerMinute is { } rate ? site.ForArrivals(rate / 60, demand, objectives)
            : site.AsIs(demand, objectives);
    }

    /// <summary>The least of the demand that one copy could get: it needs no more slots than that.</summary>
    private static CapacityDemand Part(MachinePartition partition, CapacityDemand demand) =>
        demand is { Users: { } users, MachineCount: { } machines }
            ? demand with { Users = Share(users, machines * partition.PerMachine) }
            : demand;

    private Site ForUsers(int users, CapacityDemand demand, Objectives objectives)
    {
        var copies = Copies(demand, users, MostUsers);
        var each = IsHopeless(demand, MostUsers) ? 1 : Share(users, copies);
        var fitted = Replica.With(Math.Min(Replica.Slots, each), demand.AnswerLength);
        var state = ClosedQueue.Of(fitted.Curve!, fitted.Slots, each, objectives.Percentile);
        return this with
        {
            Replica = fitted, Replicas = copies, State = state, Outcome = Judge(fitted, state, objectives),
        };
    }

    private Site ForArrivals(double arrivals, CapacityDemand demand, Objectives objectives)
    {
        var copies = Copies(demand, arrivals, MostArrivals);
        var each = IsHopeless(demand, MostArrivals) ? Few / Replica.Curve!.RequestSeconds(1) : arrivals / copies;
        var state = OpenQueue.Of(Replica.Curve!, Replica.Slots, each, objectives.Percentile);
        return this with { Replicas = copies, State = state, Outcome = Judge(Replica, state, objectives) };
    }

    /// <summary>What the machines that there are serve at most.</summary>
    private Site AsIs(CapacityDemand demand, Objectives objectives)
    {
        var copies = (demand.MachineCount ?? 1) * Partition.PerMachine;
        var state = ClosedQueue.Of(Replica.Curve!, Replica.Slots, Math.Max(1, MostUsers), objectives.Percentile);
        return this with { Replicas = copies, State = state, Outcome = Judge(Replica, state, objectives) };
    }

    private int Copies(CapacityDemand demand, double all, double most)
    {
        if (demand.MachineCount is { } machines) return machines * Partition.PerMachine;
        return most > 0 ? (int)Math.Min(MostReplicas, Math.Ceiling((all / most) - 1e-9)) : Partition.PerMachine;
    }

    /// <summary>Whether not even one request keeps the objectives, so that more copies help nobody.</summary>
    private static bool IsHopeless(CapacityDemand demand, double most) => demand.MachineCount is null && most <= 0;

    private static Outcome Judge(Replica replica, QueueState state, Objectives objectives) =>
        state.IsSaturated ? Outcome.Saturated
        : objectives.AreKept(replica.Curve!, state) ? Outcome.Meets
        : Outcome.Misses;

    private static int Share(int users, int copies) => (int)((users + (copies - 1L)) / copies);
}
