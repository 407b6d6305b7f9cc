namespace ModelFit.Placement;

/// <summary>What a runtime can be told of a placement.</summary>
/// <param name="SplitsItself">
/// Whether it spreads layers over several cards by their free memory and takes no shares of ours.
/// </param>
/// <param name="PlacesExperts">Whether the experts of the first layers can be kept in system memory.</param>
/// <param name="PutsOutputLast">Whether the output layer is on a card only where all others are.</param>
internal sealed record PlacementRules(
    bool SplitsItself = false, bool PlacesExperts = true, bool PutsOutputLast = false);
