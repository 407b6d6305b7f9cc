namespace ModelFit;

/// <summary>What a placement makes the least of, once all that can be placed is.</summary>
public enum FleetObjective
{
    /// <summary>Machines that carry something.</summary>
    FewestMachines,

    /// <summary>Watts of the cards that carry something.</summary>
    LeastPower,
}

/// <summary>What the replicas of a model are kept apart on.</summary>
public enum FleetSpread
{
    /// <summary>Nothing: several may share a card.</summary>
    None,

    /// <summary>Machines.</summary>
    Machine,

    /// <summary>Labels of machines: racks, rooms, sites.</summary>
    Label,
}

/// <summary>One model that a fleet has to carry.</summary>
public sealed record FleetDemand
{
    /// <summary>The model and its settings; its machine is not asked.</summary>
    public required FitQuestion Question { get; init; }

    /// <summary>Copies.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Names of the machines that may carry it, with wildcards; empty for all.</summary>
    public IReadOnlyList<string> Pins { get; init; } = Array.Empty<string>();
}

/// <summary>A machine of a fleet, with the label that replicas are spread over.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Label">Its rack, room or site; null is a label of its own.</param>
public sealed record LabelledMachine(MachineSpec Machine, string? Label);
