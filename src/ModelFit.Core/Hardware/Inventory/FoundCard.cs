namespace ModelFit.Hardware.Inventory;

/// <summary>What the short listings of tools say of a card.</summary>
internal static class FoundCard
{
    /// <summary>The card; sizes in bytes, unknown is null.</summary>
    public static DetectedGpu Create(
        string? name,
        string source,
        int? index = null,
        long? total = null,
        long? used = null,
        long? free = null,
        string? driver = null,
        string? bus = null,
        PciId? id = null,
        string? vendor = null,
        bool? isIntegrated = null)
    {
        var whose = vendor ?? AdapterKind.Vendor(id, name);
        return new DetectedGpu(new GpuSpec
        {
            Name = name?.Trim() ?? string.Empty,
            Vendor = whose,
            Index = index,
            MemoryBytes = total > 0 ? total : null,
            MemoryUsedBytes = used,
            MemoryFreeBytes = free,
            DriverVersion = driver,
            PciBusId = Fields.PciAddress(bus),
            Source = source,
        })
        {
            Id = id,
            IsIntegrated = isIntegrated ?? (AdapterKind.IsIntegrated(whose, name) && whose != "AMD" ? true : null),
        };
    }
}
