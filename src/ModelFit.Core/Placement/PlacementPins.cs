namespace ModelFit.Placement;

/// <summary>What the question leaves no choice about.</summary>
/// <param name="GpuLayers">Layers on the cards, the output layer counted; null if free.</param>
/// <param name="CpuMoeLayers">First layers whose experts are on the host; null if free.</param>
/// <param name="Split">Share of each card; null if free.</param>
/// <param name="TensorOverrides">Patterns of tensors and where they go; null if none.</param>
/// <param name="IsLaunched">Whether a launch line says all of it, what it leaves open included.</param>
internal sealed record PlacementPins(
    int? GpuLayers = null,
    int? CpuMoeLayers = null,
    EquatableArray<double>? Split = null,
    EquatableArray<string>? TensorOverrides = null,
    bool IsLaunched = false)
{
    /// <summary>Whether anything is pinned.</summary>
    public bool Any =>
        GpuLayers is not null || CpuMoeLayers is not null || Split is not null || AreFixed;

    /// <summary>Whether the pins leave nothing to search.</summary>
    public bool AreFixed => TensorOverrides is not null || IsLaunched;

    /// <summary>Whether all of the model may be on cards.</summary>
    public bool AllowWhole(LayerCosts costs) =>
        (GpuLayers ?? int.MaxValue) >= costs.LayerCount
        && !(CpuMoeLayers > 0 && costs.HasExperts)
        && TensorOverrides is null;

    /// <summary>More layers than any model has: a larger count says all of them.</summary>
    private const int AllLayers = 1 << 16;

    public static PlacementPins Of(FitQuestion question) => new(
        question.GpuLayers,
        question.CpuMoeLayers is { } layers ? Math.Min(layers, AllLayers) : null,
        question.Options.TensorSplit,
        question.TensorOverrides,
        question.IsLaunched);
}

/// <summary>What a runtime can be told of a placement.</summary>
/// <param name="SplitsItself">
/// Whether it spreads layers over several cards by their free memory and takes no shares of ours.
/// </param>
/// <param name="PlacesExperts">Whether the experts of the first layers can be kept in system memory.</param>
/// <param name="PutsOutputLast">Whether the output layer is on a card only where all others are.</param>
/// <param name="MapsParts">Whether what is pinned is mapped by a device that maps files (see the layout).</param>
internal sealed record PlacementRules(
    bool SplitsItself = false, bool PlacesExperts = true, bool PutsOutputLast = false, bool MapsParts = false);
