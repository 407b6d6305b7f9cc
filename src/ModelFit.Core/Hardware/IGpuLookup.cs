namespace ModelFit.Hardware;

/// <summary>
/// What detection asks of the catalog. It is handed in, because the catalog knows the hardware types and not the
/// other way round.
/// </summary>
public interface IGpuLookup
{
    /// <summary>The card of a PCI id, as four hex digits each; null if it is not known.</summary>
    GpuSpec? FindByPciId(string vendorId, string deviceId, string? subsystemId, string? revision);

    /// <summary>The card that a name strictly stands for, its memory deciding between variants; null if none.</summary>
    GpuSpec? FindByName(string name, long? memoryBytes, IMessageSink messages);

    /// <summary>Whether a name stands for a card, or for several.</summary>
    bool IsCard(string name);

    /// <summary>The cards as text that parses back; null for none.</summary>
    string? Describe(IReadOnlyList<GpuSpec> gpus);
}
