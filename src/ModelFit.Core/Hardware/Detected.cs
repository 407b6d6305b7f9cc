namespace ModelFit.Hardware;

/// <summary>A card as a probe or an inventory tells of it, before it is joined with the catalog.</summary>
internal sealed record DetectedGpu(GpuSpec Facts)
{
    /// <summary>Its PCI device where it is known: the surest way to know the card.</summary>
    public PciId? Id { get; init; }

    /// <summary>Whether it is part of the processor; null where only its name can tell.</summary>
    public bool? IsIntegrated { get; init; }

    /// <summary>Whether the memory is a figure that cannot be higher, such as Windows' <c>AdapterRAM</c>.</summary>
    public bool MemoryIsCapped { get; init; }

    /// <summary>Whether the memory is a rounded figure: that in the name of a MIG profile.</summary>
    public bool MemoryIsRounded { get; init; }

    /// <summary>
    /// Memory that tells variants apart in the catalog, where it is not the memory that can be used: of an Apple chip
    /// the machine's.
    /// </summary>
    public long? NominalMemoryBytes { get; init; }

    /// <summary>Whether its driver lost it: what it does not tell is unknown, whatever the catalog says.</summary>
    public bool HasFailed { get; init; }

    /// <summary>Name of the whole card that a part of it (a MIG instance, a vGPU) belongs to.</summary>
    public string? WholeCardName { get; init; }

    /// <summary>Other names of the card, tried after its name.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = System.Array.Empty<string>();
}

/// <summary>Lists of cards that are made of what tools tell.</summary>
internal static class DetectedGpus
{
    /// <summary>The cards, each with its place as its number.</summary>
    public static IReadOnlyList<DetectedGpu> Numbered(this IEnumerable<DetectedGpu> cards) =>
        cards.Select((card, index) => card with { Facts = card.Facts with { Index = index } }).ToList();

    /// <summary>
    /// The cards once each, numbered, where several platforms may list the same: of each vendor those of its first.
    /// </summary>
    public static IReadOnlyList<DetectedGpu> OfOnePlatform<T>(this IEnumerable<(T Platform, DetectedGpu Card)> listed)
        where T : IEquatable<T> => listed
        .GroupBy(device => device.Card.Facts.Vendor)
        .SelectMany(vendor => vendor.Where(device => device.Platform.Equals(vendor.First().Platform)))
        .Select(device => device.Card).Numbered();
}

/// <summary>A machine as a probe or an inventory tells of it, before its cards are joined with the catalog.</summary>
/// <param name="Facts">Everything but the cards.</param>
/// <param name="Gpus">The cards; null if nothing is known of them.</param>
internal sealed record DetectedMachine(MachineSpec Facts, IReadOnlyList<DetectedGpu>? Gpus);
