using ModelFit.Catalog;

namespace ModelFit.Fit;

/// <summary>
/// Cards of which only the memory is known, with the bandwidth of cards like them. Only an order is made by it: without
/// any, a large model that waits for system memory would rank before a small one on the card.
/// </summary>
internal static class SupposedCards
{
    /// <summary>The machine with a bandwidth for each of its own cards; itself if all have one.</summary>
    public static MachineSpec? In(MachineSpec? machine) => machine is null || machine.Gpus.All(IsKnown)
        ? machine
        : machine with { Gpus = machine.Gpus.Select(card => IsKnown(card) ? card : Supposed(card)).ToArray() };

    private static bool IsKnown(GpuSpec card) => card.MemoryBandwidth is not null || card.IsUnifiedMemory;

    /// <summary>The middle one of the cards in use that have that memory, or the next size.</summary>
    private static GpuSpec Supposed(GpuSpec card)
    {
        var alike = GpuCatalog.Available
            .Where(other => other.MemoryBandwidth is not null && !other.IsUnifiedMemory
                && other.MemoryBytes >= (card.MemoryBytes ?? 0))
            .GroupBy(other => other.MemoryBytes)
            .OrderBy(size => size.Key)
            .FirstOrDefault()?.Select(other => other.MemoryBandwidth).OrderBy(bandwidth => bandwidth).ToArray();
        return alike is null ? card : card with { MemoryBandwidth = alike[alike.Length / 2] };
    }
}
