using ModelFit.Fit;
using static ModelFit.Common.NumberText;
using static ModelFit.SizeText;

namespace ModelFit.Fleet.Placing;

/// <summary>Makes the lines of a placement.</summary>
internal static class FleetAnswers
{
    /// <summary>The replicas of a machine, each on cards and a port of its own.</summary>
    public static IEnumerable<(FleetItem Item, FleetPlacement Answer)> Placed(
        FleetNode node, string? label, IMessageSink messages)
    {
        var offsets = new Dictionary<ModelRuntime, int>();
        foreach (var (item, need) in node.Carried)
        {
            var runtime = item.Demand.Question.Options.Runtime;
            offsets[runtime] = offsets.TryGetValue(runtime, out var before) ? before + 1 : 0;
            var options = new PlanOptions { PortOffset = offsets[runtime] };
            var plan = FitEngine.Plan(Asked(node, item, need), options, messages);
            var left = node.LeastLeft(need);
            var cards = string.Join(",", need.Cards.Select(card => Number(card)));
            yield return (item, new FleetPlacement(plan.Question with { Machine = node.Spec })
            {
                Backend = plan.Backend,
                Known = plan.Known,
                Replica = item.Replica,
                IsPlaced = true,
                Label = label,
                Cards = cards,
                RequiredBytes = need.TotalBytes,
                HeadroomBytes = left,
                DecodeTokensPerSecond = plan.DecodeTokensPerSecond,
                CommandLine = plan.CommandLine,
                Environment = plan.Environment,
                Configuration = plan.Configuration,
                Reason = $"{Name(item)} takes {Gib(need.TotalBytes)} of {CardNames(node, need)} on " +
                    $"{node.Spec.ComputerName ?? "the machine"}; with all replicas placed, {Gib(left)} stay free " +
                    $"{(need.Cards.Count > 1 ? "on the fullest card" : "there")} in addition to the reserve.",
            });
        }
    }

    /// <summary>Why a replica has no place: the closest card, and the bytes that miss there.</summary>
    public static FleetPlacement Refused(FleetItem item, FleetSearch search, FleetNeeds needs)
    {
        var (node, place, need) = Closest(item, search, needs);
        var card = node?.Room.Cards[place].Card;
        var missing = node is null ? (long?)null : need!.CardBytes[0] - node.Left(place);
        return new FleetPlacement(item.Demand.Question with { Machine = new MachineSpec() })
        {
            Known = new(() => (Accuracy.Approximate, null)),
            Replica = item.Replica,
            RequiredBytes = need?.TotalBytes,
            HeadroomBytes = -missing,
            ClosestComputerName = node?.Spec.ComputerName,
            ClosestGpu = card?.Name,
            Reason = $"{Name(item)} has no place: {Why(item, search, needs, node, card, need, missing)}.",
        };
    }

    private static string Why(
        FleetItem item,
        FleetSearch search,
        FleetNeeds needs,
        FleetNode? node,
        GpuSpec? card,
        ReplicaNeed? need,
        long? missing)
    {
        if (search.Allowed(item).Count == 0) return item.Demand.Pins.Count == 0
            ? "there is no machine" : $"no machine is named {string.Join(" or ", item.Demand.Pins)}";
        if (needs.Refusals.TryGetValue(item.Model, out var refusal)) return refusal.TrimEnd('.');
        if (node is null) return "no machine that may run it has a card whose memory is known";
        var where = $"{card!.Name} of {node.Spec.ComputerName ?? "a machine"}";
        return missing > 0
            ? $"it needs {Gib(need!.CardBytes[0])}, and the closest card, {where}, lacks " +
                $"{Gib(missing.Value)} ({Number(missing.Value)} bytes)"
            : !search.MaySpread(item, node)
            ? $"{where} has room, but its label already has its share of the replicas (-SpreadBy)"
            : $"{where} has room for it alone, but its runtime needs whole cards, or system memory is too small";
    }

    private static (FleetNode? Node, int Place, ReplicaNeed? Need) Closest(
        FleetItem item, FleetSearch search, FleetNeeds needs)
    {
        (FleetNode? Node, int Place, ReplicaNeed? Need) closest = default;
        var least = (IsUsedUp: true, Bytes: long.MaxValue);
        foreach (var node in search.Allowed(item))
        {
            for (var place = 0; place < node.Room.Cards.Count; place++)
            {
                if (needs.OnOne(item, node, place) is not { } need) continue;
                var rank = (!search.MaySpread(item, node), need.CardBytes[0] - node.Left(place));
                if (rank.CompareTo(least) >= 0) continue;
                (closest, least) = ((node, place, need), rank);
            }
        }

        return closest;
    }

    /// <summary>
    /// The question as the replica is started: on its cards alone; over several, with what is its own there.
    /// </summary>
    private static FitQuestion Asked(FleetNode node, FleetItem item, ReplicaNeed need)
    {
        var question = item.Demand.Question;
        var isOne = need.Cards.Count == 1;
        return question with
        {
            Machine = isOne ? node.Spec : node.AsLeft(question.ReserveBytes, need),
            IgnoreUsage = isOne && question.IgnoreUsage,
            Devices = need.Cards.Count == node.Spec.Gpus.Length ? null : new EquatableArray<int>(need.Cards),
        };
    }

    private static string Name(FleetItem item) =>
        $"Replica {Number(item.Replica)} of {item.Demand.Question.Model.Name}";

    private static string CardNames(FleetNode node, ReplicaNeed need) => string.Join(" and ", need.Cards.Select(card =>
        $"{node.Room.Cards.First(room => room.Index == card).Card.Name} ({Number(card)})"));
}
