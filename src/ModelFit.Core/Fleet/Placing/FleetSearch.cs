using System.Threading;
using ModelFit.Common;
using ModelFit.Fit;

namespace ModelFit.Fleet.Placing;

/// <summary>
/// Finds places for replicas: the most of them, then the least of machines or watts. The largest are placed first, each
/// where it costs and leaves least; if some find no place, the smallest first. Where there are few, every other way is
/// tried besides (branch and bound), until the best is certain or the steps are used up. Where there are many, a few
/// machines at a time are emptied and filled the best way (large neighbourhood search).
/// </summary>
internal sealed class FleetSearch
{
    /// <summary>Steps of all searches, a second at most; ten replicas on five machines take thousands.</summary>
    private const int MostSteps = 300_000;

    /// <summary>Replicas up to which the exact search is tried.</summary>
    private const int MostItems = 14;

    /// <summary>
    /// Steps of a search over a few machines, and how many such searches in a row may change nothing.
    /// </summary>
    private const int MostStepsOfPart = 1_000, MostInVain = 100;

    /// <summary>Machines that are emptied at the same time, at most.</summary>
    private const int LargestPart = 4;

    private readonly IReadOnlyList<FleetNode> _nodes;
    private readonly FleetNeeds _needs;
    private readonly FleetObjective _objective;
    private readonly FleetSpread _spread;
    private readonly CancellationToken _stop;
    private readonly Dictionary<int, FleetNode[]> _allowed = new();
    private readonly Dictionary<(int Model, string Label), int> _perLabel = new();
    private readonly Dictionary<int, double> _smallest = new();
    private readonly int _labels;
    private (int Unplaced, double Cost, (FleetNode, FleetItem, ReplicaNeed)[] Places) _best = (int.MaxValue, 0, []);
    private IReadOnlyList<FleetNode> _part;
    private int _steps;
    private int _mostSteps;

    /// <summary>A search over empty machines.</summary>
    public FleetSearch(
        IReadOnlyList<FleetNode> nodes, FleetNeeds needs, FleetObjective objective, FleetSpread spread,
        CancellationToken stop = default)
    {
        (_nodes, _needs, _objective, _spread, _stop) = (nodes, needs, objective, spread, stop);
        _part = nodes;
        _labels = Math.Max(1, nodes.Select(LabelOf).Distinct().Count());
    }

    /// <summary>The machines that may carry a model.</summary>
    public IReadOnlyList<FleetNode> Allowed(FleetItem item)
    {
        if (_allowed.TryGetValue(item.Model, out var known)) return known;
        var pins = item.Demand.Pins.Select(pin => new Wildcard(pin)).ToArray();
        return _allowed[item.Model] = pins.Length == 0 ? _nodes.ToArray() : _nodes
            .Where(node => node.Spec.ComputerName is { } name && pins.Any(pin => pin.IsMatch(name))).ToArray();
    }

    /// <summary>Fills the machines and returns what found no place.</summary>
    public IReadOnlyList<FleetItem> Run(IReadOnlyList<FleetItem> items)
    {
        var left = PlaceGreedily(Sorted(items, largestFirst: true));
        if (left.Count > 0)
        {
            var (unplaced, cost, places) = (left.Count, Cost(_nodes), Places(_nodes));
            Clear(_nodes);
            var other = PlaceGreedily(Sorted(items, largestFirst: false));
            if ((other.Count, Cost(_nodes)).CompareTo((unplaced, cost)) < 0) left = other;
            else Restore(_nodes, places);
        }

        if (items.Count <= MostItems) Refill(_nodes, left, left.Count, MostSteps);
        else Improve(left);
        return left;
    }

    /// <summary>Fills a few machines at a time anew, chosen by chance that is the same in each run.</summary>
    private void Improve(List<FleetItem> left)
    {
        var random = new Random(1);
        var inVain = 0;
        for (var steps = 0; steps < MostSteps && inVain < MostInVain; steps += _steps + 1)
        {
            var part = new List<FleetNode>();
            var carried = 0;
            for (var i = 0; i < LargestPart; i++)
            {
                var node = _nodes[random.Next(_nodes.Count)];
                if (part.Contains(node) || carried + node.Carried.Count > MostItems) continue;
                part.Add(node);
                carried += node.Carried.Count;
            }

            // The unplaced are taken by chance as well: all copies of a model are alike.
            for (var i = left.Count - 1; i > 0; i--)
            {
                var at = random.Next(i + 1);
                (left[i], left[at]) = (left[at], left[i]);
            }

            inVain = Refill(part, left, Math.Min(left.Count, MostItems - carried), MostStepsOfPart) ? 0 : inVain + 1;
        }
    }

    /// <summary>
    /// Empties some machines and fills them the best way with what they carried and the first of what is left; whether
    /// that is better than before.
    /// </summary>
    private bool Refill(IReadOnlyList<FleetNode> part, List<FleetItem> left, int added, int mostSteps)
    {
        var places = Places(part);
        var before = _best = (added, Cost(part), places);
        var items = Sorted(places.Select(place => place.Item2).Concat(left.Take(added)).ToArray(), largestFirst: true);
        Clear(part);
        (_part, _steps, _mostSteps) = (part, 0, mostSteps);
        Branch(items, 0, 0, 0, new FleetNode?[items.Length]);
        Restore(part, _best.Places);
        var placed = new HashSet<(int, int)>(_best.Places.Select(place => (place.Item2.Model, place.Item2.Replica)));
        left.RemoveRange(0, added);
        left.AddRange(items.Where(item => !placed.Contains((item.Model, item.Replica))));
        return (_best.Unplaced, _best.Cost).CompareTo((before.Item1, before.Item2 - 1e-9)) < 0;
    }

    private FleetItem[] Sorted(IReadOnlyList<FleetItem> items, bool largestFirst) => items
        .OrderBy(item => Allowed(item).Count < _nodes.Count ? 0 : 1)
        .ThenBy(item => largestFirst ? -LargestNeed(item) : LargestNeed(item))
        .ThenBy(item => item.Model).ThenBy(item => item.Replica).ToArray();

    private List<FleetItem> PlaceGreedily(IEnumerable<FleetItem> items) =>
        items.Where(item => !PlaceGreedily(item)).ToList();

    /// <summary>Whether the replicas of a model that a label has leave room for another.</summary>
    public bool MaySpread(FleetItem item, FleetNode node)
    {
        if (_spread == FleetSpread.None) return true;
        var most = (item.Demand.Replicas + _labels - 1) / _labels;
        return !_perLabel.TryGetValue((item.Model, LabelOf(node)), out var count) || count < most;
    }

    private string LabelOf(FleetNode node) =>
        _spread == FleetSpread.Label ? node.Label : FormattableString.Invariant($"#{node.Index}");

    private long LargestNeed(FleetItem item)
    {
        _stop.ThrowIfCancellationRequested();
        foreach (var node in Allowed(item))
            for (var place = 0; place < node.Room.Cards.Count; place++)
                if (_needs.OnOne(item, node, place) is { } need) return need.TotalBytes;
        return 0;
    }

    private bool PlaceGreedily(FleetItem item)
    {
        (double Cost, double Size, long Left) least = default;
        (FleetNode Node, ReplicaNeed Need)? found = null;
        string? empty = null;
        foreach (var node in Allowed(item).Until(_stop))
        {
            if (node.Carried.Count == 0 && node.Likeness == empty && _spread == FleetSpread.None) continue;
            if (node.Carried.Count == 0) empty = node.Likeness;
            if (!MaySpread(item, node)) continue;
            foreach (var need in _needs.Of(item, node))
            {
                var opens = _objective == FleetObjective.FewestMachines && node.Carried.Count == 0;
                var size = opens ? -node.TotalLeft : 0.0;
                var rank = (node.Cost(need, _objective), size, node.LeastLeft(need) - need.CardBytes.Max());
                if (found is not null && rank.CompareTo(least) >= 0) continue;
                (least, found) = (rank, (node, need));
            }
        }

        if (found is not { } place) return false;
        Put(place.Node, item, place.Need);
        return true;
    }

    private void Branch(FleetItem[] items, int at, int unplaced, double cost, FleetNode?[] chosen)
    {
        _stop.ThrowIfCancellationRequested();
        if (++_steps > _mostSteps || unplaced > _best.Unplaced) return;
        if (unplaced == _best.Unplaced && cost + LeastMore(items, at) >= _best.Cost - 1e-9) return;
        if (at == items.Length)
        {
            Keep(unplaced);
            return;
        }

        var item = items[at];
        var twin = at > 0 && items[at - 1].Model == item.Model;
        var empty = new HashSet<string>();
        if (!twin || chosen[at - 1] is not null)
        {
            foreach (var node in AllowedInPart(item).Where(node => !twin || node.Index >= chosen[at - 1]!.Index))
            {
                if (node.Carried.Count == 0 && _spread == FleetSpread.None && item.Demand.Pins.Count == 0
                    && !HasPins(items) && !empty.Add(node.Likeness)) continue;
                if (!MaySpread(item, node)) continue;
                foreach (var need in _needs.Of(item, node).ToArray())
                {
                    chosen[at] = node;
                    var added = node.Cost(need, _objective);
                    Put(node, item, need);
                    Branch(items, at + 1, unplaced, cost + added, chosen);
                    TakeBack(node, item);
                }
            }
        }

        chosen[at] = null;
        Branch(items, at + 1, unplaced + 1, cost, chosen);
    }

    /// <summary>
    /// What the rest costs at least, if all of it is placed: what has no room on machines or cards in use goes to the
    /// unused ones that give most bytes for their cost.
    /// </summary>
    private double LeastMore(FleetItem[] items, int at)
    {
        var over = -_part.Sum(node => node.LeftInUse(_objective));
        for (var i = at; i < items.Length; i++) over += SmallestNeed(items[i]);
        if (over <= 0) return 0;
        var best = _part.Max(node => node.UnusedPerCost(_objective));
        if (best <= 0) return 0;
        return _objective == FleetObjective.FewestMachines ? Math.Ceiling((over / best) - 1e-9) : over / best;
    }

    private double SmallestNeed(FleetItem item)
    {
        if (_smallest.TryGetValue(item.Model, out var known)) return known;
        var least = Allowed(item).SelectMany(node => Enumerable.Range(0, node.Room.Cards.Count)
            .Select(place => _needs.OnOne(item, node, place)?.TotalBytes)).Min() ?? 0;
        return _smallest[item.Model] = least;
    }

    private static bool HasPins(FleetItem[] items) => items.Any(item => item.Demand.Pins.Count > 0);

    private IEnumerable<FleetNode> AllowedInPart(FleetItem item) => _part.Count == _nodes.Count
        ? Allowed(item)
        : Allowed(item).Count == _nodes.Count ? _part : _part.Where(Allowed(item).Contains);

    private void Keep(int unplaced) => _best = (unplaced, Cost(_part), Places(_part));

    private static (FleetNode, FleetItem, ReplicaNeed)[] Places(IEnumerable<FleetNode> nodes) => nodes
        .SelectMany(node => node.Carried.Select(carried => (node, carried.Item, carried.Need))).ToArray();

    private double Cost(IEnumerable<FleetNode> nodes) => _objective == FleetObjective.FewestMachines
        ? nodes.Count(node => node.Carried.Count > 0)
        : nodes.Sum(node => node.Room.Cards.Select((card, place) =>
            node.Carried.Any(carried => carried.Need.Cards.Contains(card.Index)) ? node.Watts[place] : 0).Sum());

    private void Restore(IEnumerable<FleetNode> nodes, IEnumerable<(FleetNode, FleetItem, ReplicaNeed)> places)
    {
        Clear(nodes);
        foreach (var (node, item, need) in places) Put(node, item, need);
    }

    private void Put(FleetNode node, FleetItem item, ReplicaNeed need)
    {
        node.Add(item, need);
        var key = (item.Model, LabelOf(node));
        _perLabel[key] = _perLabel.TryGetValue(key, out var count) ? count + 1 : 1;
    }

    private void TakeBack(FleetNode node, FleetItem item)
    {
        node.RemoveLast();
        _perLabel[(item.Model, LabelOf(node))]--;
    }

    private void Clear(IEnumerable<FleetNode> nodes)
    {
        foreach (var node in nodes)
            while (node.Carried.Count > 0) TakeBack(node, node.Carried[node.Carried.Count - 1].Item);
    }
}
