namespace ModelFit.Runtimes.Serving;

/// <summary>
/// What CUDA reports of a card against the memory it is sold with (README of the logs): cards with error correction in
/// GDDR6 lose a sixteenth, stacked memory about a hundredth, others some hundred MiB.
/// </summary>
internal static class ReportedMemory
{
    private const long GiB = 1L << 30;
    private const double StackedShare = 0.99;
    private const double PlainShare = 0.9825;

    /// <summary>Bytes that CUDA reports; what was detected on a machine lacks only the driver's part.</summary>
    public static long? Of(GpuSpec card)
    {
        if (card.MemoryBytes is not { } bytes) return null;
        var isSold = bytes % (2 * GiB) == 0 && card.MemoryFreeBytes is null && card.MemoryReservedBytes is null;
        if (!isSold)
            return bytes - Math.Max(card.MemoryReservedBytes ?? 0, bytes / 100);
        if (card.IsUnifiedMemory) return (long)(bytes * 0.95);
        var type = card.MemoryType ?? string.Empty;
        if (type.StartsWith("HBM", StringComparison.OrdinalIgnoreCase)) return (long)(bytes * StackedShare);
        var isServer = card.Segment is "DataCenter" or "Workstation";
        if (isServer && type.StartsWith("GDDR6", StringComparison.OrdinalIgnoreCase))
            return (bytes - (GiB / 2)) / 16 * 15;
        return (long)(bytes * (isServer ? StackedShare : PlainShare));
    }
}
