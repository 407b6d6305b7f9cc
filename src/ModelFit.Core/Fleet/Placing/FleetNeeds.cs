using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Hardware;

namespace ModelFit.Fleet.Placing;

/// <summary>
/// What a model takes on cards, asked of the estimator once for each kind of card; over several cards, once for each
/// kind of machine, as it would lie there alone.
/// </summary>
internal sealed class FleetNeeds
{
    private readonly Dictionary<(int Model, string Kind), ReplicaNeed?> _onOne = new();
    private readonly Dictionary<(int Model, string Likeness), ReplicaNeed?> _over = new();

    /// <summary>Why models are refused by their runtime, by their place among the demands.</summary>
    public Dictionary<int, string> Refusals { get; } = new();

    /// <summary>
    /// Where a replica can go on a machine as it is now: a card each of those that are unlike, or, where no card would
    /// hold it even if it were empty, over several.
    /// </summary>
    public IEnumerable<ReplicaNeed> Of(FleetItem item, FleetNode node)
    {
        var couldFit = false;
        var seen = new HashSet<(string, long, bool)>();
        for (var place = 0; place < node.Room.Cards.Count; place++)
        {
            var card = node.Room.Cards[place];
            if (OnOne(item, node, place) is not { } need) continue;
            couldFit |= need.CardBytes[0] <= card.Bytes;
            if (!node.Holds(need)) continue;
            if (seen.Add((card.Card.Name, node.Left(place), node.Left(place) == card.Bytes))) yield return need;
        }

        if (!couldFit && node.Room.Cards.Count > 1 && Over(item, node) is { } spread && node.Holds(spread))
            yield return spread;
    }

    /// <summary>What a replica takes on one card; null if its runtime refuses it.</summary>
    public ReplicaNeed? OnOne(FleetItem item, FleetNode node, int place)
    {
        var card = node.Room.Cards[place];
        var key = (item.Model, node.Kinds[place]);
        if (!_onOne.TryGetValue(key, out var known))
        {
            _onOne[key] = known = Asked(item, node, question => ReplicaNeed.OnOneCard(question with
            {
                Machine = node.Spec.WithGpus(new[] { card.Card }, GpuCatalogLookup.Instance),
            }));
        }

        return known is null ? null : known with { Cards = new[] { card.Index } };
    }

    private ReplicaNeed? Over(FleetItem item, FleetNode node)
    {
        var key = (item.Model, node.Likeness);
        if (_over.TryGetValue(key, out var known)) return known;
        return _over[key] = Asked(item, node, question => ReplicaNeed.Whole(question with
        {
            Machine = node.AsEmpty(question.ReserveBytes), IgnoreUsage = false,
        }));
    }

    /// <summary>Asks with the backend that the machine has for all of its cards, also of one alone.</summary>
    private ReplicaNeed? Asked(FleetItem item, FleetNode node, Func<FitQuestion, ReplicaNeed?> ask)
    {
        var question = item.Demand.Question;
        var backend = question.Options.Backend ?? node.Room.Backend;
        try
        {
            return ask(question with { Options = question.Options with { Backend = backend } });
        }
        catch (ModelFitException refused)
        {
            Refusals[item.Model] = refused.Message;
            return null;
        }
    }
}
