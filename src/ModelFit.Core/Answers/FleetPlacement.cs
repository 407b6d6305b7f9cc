namespace ModelFit;

/// <summary>Where one replica of a model goes in a fleet, or why it goes nowhere.</summary>
public sealed class FleetPlacement : HardwareAnswer
{
    internal FleetPlacement(FitQuestion question)
        : base(question)
    {
    }

    /// <summary>The replica of the model, from 1.</summary>
    public int Replica { get; internal init; }

    /// <summary>Whether it has a place.</summary>
    public bool IsPlaced { get; internal init; }

    /// <summary>Rack, room or site of the machine; null if it has none.</summary>
    public string? Label { get; internal init; }

    /// <summary>The cards that carry it, as the backend counts them, joined by commas.</summary>
    public string? Cards { get; internal init; }

    /// <summary>Bytes that it takes on its cards, or would take on the closest one.</summary>
    public long? RequiredBytes { get; internal init; }

    /// <summary>
    /// Bytes that are left on the fullest of its cards beside the reserve when all is placed; for one without a place,
    /// negative, the bytes that miss on the closest card.
    /// </summary>
    public long? HeadroomBytes { get; internal init; }

    /// <summary>The machine with the closest card, for a replica without a place.</summary>
    public string? ClosestComputerName { get; internal init; }

    /// <summary>The closest card, for a replica without a place.</summary>
    public string? ClosestGpu { get; internal init; }

    /// <summary>Predicted tokens a second of one sequence while no other model of the card works.</summary>
    public double? DecodeTokensPerSecond { get; internal init; }

    /// <summary>The launch line, on a port of its own.</summary>
    public string? CommandLine { get; internal init; }

    /// <summary>Variables that the runtime must have; null for none.</summary>
    public string? Environment { get; internal init; }

    /// <summary>What the runtime reads besides its arguments; null for none.</summary>
    public string? Configuration { get; internal init; }

    /// <summary>One sentence with the numbers.</summary>
    public string Reason { get; internal init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => Reason;
}
