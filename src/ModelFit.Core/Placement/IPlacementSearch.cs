using ModelFit.Memory;

namespace ModelFit.Placement;

/// <summary>Finds where a model can go on a machine under a runtime. What it hands out was measured.</summary>
internal interface IPlacementSearch
{
    /// <summary>What each layer weighs.</summary>
    LayerCosts Costs { get; }

    /// <summary>What the model takes with all of it on one card, whether or not there is such a card.</summary>
    MemoryEstimate OnOneCard { get; }

    /// <summary>Whether the runtime can keep a part of the model in system memory.</summary>
    bool UsesHost { get; }

    /// <summary>Placements with all of it on cards, the simplest first; none if it does not fit.</summary>
    IEnumerable<PlacedModel> Whole(bool keepReserve);

    /// <summary>All of it over all cards, whether or not it fits and whatever else is in use there.</summary>
    PlacedModel WholeAnyway();

    /// <summary>The processor alone.</summary>
    PlacedModel Processor();

    /// <summary>
    /// Placements with part of it in system memory, as much as possible on the cards. Whether system memory has room
    /// is not asked.
    /// </summary>
    IEnumerable<PlacedModel> Offloaded(bool keepReserve);

    /// <summary>
    /// Whether cards and system memory have room for all of it as far as weights and caches go, which is quickly asked.
    /// </summary>
    bool MayOffload(bool keepReserve);

    /// <summary>
    /// Whether any placement with part of it in system memory suits: one that was found for another machine, else what
    /// is found for this one.
    /// </summary>
    bool HasOffloaded(bool keepReserve, Func<PlacedModel, bool> suits, Func<PlacedModel?> find);

    /// <summary>
    /// The first placement that is found with part of it in system memory and that suits; null if none is found soon.
    /// It need not be a good one.
    /// </summary>
    PlacedModel? AnyOffloaded(bool keepReserve, Func<PlacedModel, bool> suits);

    /// <summary>Placements with part of it in system memory that a count of layers tells, without patterns.</summary>
    IEnumerable<PlacedModel> Plain(bool keepReserve);

    /// <summary>Further placements that a person might prefer to those of <see cref="Offloaded"/>.</summary>
    IEnumerable<PlacedModel> Alternatives(bool keepReserve);

    /// <summary>The placement that the pins name, whether or not it fits; null without pins.</summary>
    PlacedModel? Pinned();
}
