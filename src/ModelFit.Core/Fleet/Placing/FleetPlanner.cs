using System.Threading;
using ModelFit.Catalog.Sites;
using ModelFit.Common;
using ModelFit.Fit;

namespace ModelFit.Fleet.Placing;

/// <summary>Places models on the machines of a fleet.</summary>
public static class FleetPlanner
{
    /// <summary>Watts of a card whose power nobody says: it is the last that is switched on.</summary>
    private const double UnknownWatts = 1e5;

    private const int MostReplicas = 100_000;

    /// <summary>
    /// A line for each replica, in the order of the demands: the most of them are placed, then the objective counts.
    /// </summary>
    /// <param name="machines">The machines, in order.</param>
    /// <param name="demands">The models.</param>
    /// <param name="objective">What is made the least of.</param>
    /// <param name="spread">What replicas of a model are kept apart on.</param>
    /// <param name="messages">Where assumptions are said.</param>
    /// <param name="stop">Ends the search.</param>
    /// <exception cref="ModelFitException">
    /// <see cref="ErrorIds.InvalidArgument"/> for more replicas than any fleet has.
    /// </exception>
    public static IReadOnlyList<FleetPlacement> Plan(
        IReadOnlyList<LabelledMachine> machines,
        IReadOnlyList<FleetDemand> demands,
        FleetObjective objective,
        FleetSpread spread,
        IMessageSink messages,
        CancellationToken stop = default)
    {
        var count = demands.Sum(demand => (long)demand.Replicas);
        if (count > MostReplicas) throw new ModelFitException(
            ErrorIds.InvalidArgument,
            FormattableString.Invariant($"{count} replicas are asked for; a plan has at most {MostReplicas}."), count);
        var nodes = Nodes(machines.Until(stop), demands);
        var items = demands.SelectMany((demand, model) => Enumerable.Range(1, demand.Replicas)
            .Select(replica => new FleetItem(demand, model, replica))).ToArray();
        var needs = new FleetNeeds();
        var search = new FleetSearch(nodes, needs, objective, spread, stop);
        var left = search.Run(items);
        var placed = new Dictionary<FleetItem, FleetPlacement>();
        foreach (var node in nodes.Until(stop))
            foreach (var (item, answer) in FleetAnswers.Placed(node, machines[node.Index].Label, messages))
                placed[item] = answer;
        foreach (var item in left.Until(stop)) placed[item] = FleetAnswers.Refused(item, search, needs);
        return items.Select(item => placed[item]).ToArray();
    }

    /// <summary>The machines as they are filled; those without a card whose memory is known carry nothing.</summary>
    internal static IReadOnlyList<FleetNode> Nodes(
        IReadOnlyList<LabelledMachine> machines, IReadOnlyList<FleetDemand> demands)
    {
        if (demands.Count == 0) return Array.Empty<FleetNode>();
        var prices = SiteCatalogs.Current.Prices;
        var question = demands[0].Question;
        return machines.Select((machine, index) =>
        {
            var room = ReplicaNeed.RoomOf(question with { Machine = machine.Machine });
            var watts = room.Cards.Select(card => prices.WattsOf(card.Card) ?? UnknownWatts).ToArray();
            var label = machine.Label ?? FormattableString.Invariant($"#{index}");
            return new FleetNode(index, machine.Machine, label, room, watts);
        }).ToArray();
    }
}
