using ModelFit.Fit;

namespace ModelFit.Fleet.Placing;

/// <summary>A machine while it is filled: what each card has left.</summary>
internal sealed class FleetNode
{
    private readonly long[] _left;
    private long _hostLeft;

    /// <summary>An empty machine.</summary>
    /// <param name="index">Its place in the fleet.</param>
    /// <param name="spec">The machine.</param>
    /// <param name="label">Its label; its own index where it has none.</param>
    /// <param name="room">What it has for models.</param>
    /// <param name="watts">Watts of each of its cards.</param>
    public FleetNode(int index, MachineSpec spec, string label, MachineRoom room, IReadOnlyList<double> watts)
    {
        (Index, Spec, Label, Room, Watts) = (index, spec, label, room, watts);
        _left = room.Cards.Select(card => card.Bytes).ToArray();
        _hostLeft = room.HostBytes ?? long.MaxValue;
        Kinds = room.Cards.Select(card => $"{room.Backend} {card.Card.Name} {card.Card.MemoryBytes}").ToArray();
        Likeness = string.Join(
            " ", room.Cards.Select(card => $"{card.Card.Name}:{card.Bytes}").Append($"{room.HostBytes}"));
    }

    /// <summary>Its place in the fleet.</summary>
    public int Index { get; }

    /// <summary>The machine.</summary>
    public MachineSpec Spec { get; }

    /// <summary>What replicas are spread over.</summary>
    public string Label { get; }

    /// <summary>What it has for models when it is empty.</summary>
    public MachineRoom Room { get; }

    /// <summary>Watts of each card.</summary>
    public IReadOnlyList<double> Watts { get; }

    /// <summary>For each card a text that is the same for cards on which a model takes the same.</summary>
    public IReadOnlyList<string> Kinds { get; }

    /// <summary>Text that is the same for machines which are alike when they are empty.</summary>
    public string Likeness { get; }

    /// <summary>Replicas that it carries.</summary>
    public List<(FleetItem Item, ReplicaNeed Need)> Carried { get; } = new();

    /// <summary>Bytes left on all cards.</summary>
    public long TotalLeft => _left.Where(bytes => bytes > 0).Sum();

    /// <summary>Bytes left on a card by its place among <see cref="Room"/>'s.</summary>
    public long Left(int place) => _left[place];

    /// <summary>Bytes left on the fullest of the cards that a need takes.</summary>
    public long LeastLeft(ReplicaNeed need) => need.Cards.Min(card => _left[PlaceOf(card)]);

    /// <summary>Whether there is room for a need.</summary>
    public bool Holds(ReplicaNeed need)
    {
        for (var i = 0; i < need.Cards.Count; i++)
        {
            var place = PlaceOf(need.Cards[i]);
            if (_left[place] < need.CardBytes[i]) return false;
            if (need.FillsCards && _left[place] != Room.Cards[place].Bytes) return false;
        }

        return Room.HostBytes is null || HostPart(need) <= _hostLeft;
    }

    /// <summary>Puts a replica on it.</summary>
    public void Add(FleetItem item, ReplicaNeed need)
    {
        Carried.Add((item, need));
        Change(need, -1);
    }

    /// <summary>Takes the last replica off it.</summary>
    public void RemoveLast()
    {
        var (_, need) = Carried[Carried.Count - 1];
        Carried.RemoveAt(Carried.Count - 1);
        Change(need, 1);
    }

    /// <summary>What a further replica adds to what is made the least of.</summary>
    public double Cost(ReplicaNeed need, FleetObjective objective) => objective == FleetObjective.FewestMachines
        ? Carried.Count == 0 ? 1 : 0
        : need.Cards.Sum(card => IsUsed(card) ? 0 : Watts[PlaceOf(card)]);

    /// <summary>Bytes left where another replica costs nothing: on a machine in use, or on its cards in use.</summary>
    public double LeftInUse(FleetObjective objective)
    {
        if (Carried.Count == 0) return 0;
        var left = 0.0;
        for (var place = 0; place < _left.Length; place++)
            if (objective == FleetObjective.FewestMachines || IsUsed(Room.Cards[place].Index))
                left += System.Math.Max(0, _left[place]);
        return left;
    }

    /// <summary>The most bytes that a unit of cost gives here, on an unused machine or card.</summary>
    public double UnusedPerCost(FleetObjective objective)
    {
        if (objective == FleetObjective.FewestMachines) return Carried.Count == 0 ? TotalLeft : 0;
        var most = 0.0;
        for (var place = 0; place < _left.Length; place++)
            if (!IsUsed(Room.Cards[place].Index)) most = System.Math.Max(most, _left[place] / Watts[place]);
        return most;
    }

    /// <summary>The machine with what is free for models on each card, the reserve on top, while it is empty.</summary>
    public MachineSpec AsEmpty(long reserveBytes) => WithFree(place => Room.Cards[place].Bytes + reserveBytes);

    /// <summary>
    /// The machine with what a replica has on each card, the reserve on top, and with what is left there where no other
    /// goes over several cards.
    /// </summary>
    public MachineSpec AsLeft(long reserveBytes, ReplicaNeed own)
    {
        var isAlone = Carried.Count(carried => carried.Need.Cards.Count > 1) < 2;
        return WithFree(place =>
        {
            var kept = isAlone ? _left[place] : 0;
            for (var i = 0; i < own.Cards.Count; i++)
                if (own.Cards[i] == Room.Cards[place].Index) kept += own.CardBytes[i];
            return kept + reserveBytes;
        });
    }

    private MachineSpec WithFree(System.Func<int, long> free)
    {
        var cards = (GpuSpec[])Spec.Gpus.Clone();
        for (var place = 0; place < _left.Length; place++)
        {
            var card = Room.Cards[place];
            cards[card.Position] = card.Card with { MemoryFreeBytes = System.Math.Max(0, free(place)) };
        }

        return Spec with { Gpus = cards };
    }

    private bool IsUsed(int card) => Carried.Any(carried => carried.Need.Cards.Contains(card));

    private void Change(ReplicaNeed need, int sign)
    {
        for (var i = 0; i < need.Cards.Count; i++)
        {
            var place = PlaceOf(need.Cards[i]);
            var bytes = need.FillsCards ? Room.Cards[place].Bytes : need.CardBytes[i];
            _left[place] += sign * bytes;
        }

        if (Room.HostBytes is not null) _hostLeft += sign * HostPart(need);
    }

    private long HostPart(ReplicaNeed need) => need.HostBytes + (Room.IsPool ? need.TotalBytes : 0);

    private int PlaceOf(int card)
    {
        for (var place = 0; place < Room.Cards.Count; place++)
            if (Room.Cards[place].Index == card) return place;
        throw new KeyNotFoundException($"The machine has no card {card}.");
    }
}

/// <summary>One replica that is to be placed.</summary>
/// <param name="Demand">Its model.</param>
/// <param name="Model">Place of the model among the demands.</param>
/// <param name="Replica">Which of its replicas, from 1.</param>
internal sealed record FleetItem(FleetDemand Demand, int Model, int Replica);
