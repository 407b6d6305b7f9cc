using ModelFit.Hardware.Inventory;

namespace ModelFit.Hardware;

/// <summary>What a card of the catalog really gives to programs, where nothing was detected.</summary>
internal static class UsableMemory
{
    private const long MiB = 1L << 20;
    private const long GiB = 1L << 30;

    /// <summary>
    /// What NVIDIA's driver keeps of any card: 385 MiB of 8 GiB, 452 to 544 of 16 and 24, 614 of 32, 768 to 922 of 80
    /// (cudaMemGetInfo's total in logs of llama.cpp and vLLM).
    /// </summary>
    private const long DriverBytes = 300 * MiB;

    private const double DriverShare = 0.01;

    /// <summary>A card with much more memory than its driver was seen to report has been rebuilt.</summary>
    private const double LeastShare = 0.88;

    /// <summary>
    /// What error correction takes of GDDR: a sixteenth (T4, L4, A10, L40S: 15 of 16 GiB in nvidia-smi).
    /// </summary>
    private const double EccShare = 1 / 16.0;

    /// <summary>
    /// What Intel's driver reports of a discrete card: 15,473 of an Arc A770's 16,384 MiB (docs/backend/SYCL.md of
    /// llama.cpp).
    /// </summary>
    private const double IntelShare = 0.944;

    /// <summary>
    /// Bytes that a discrete card gives: as its driver reports them where that was seen, else by the vendor's rule.
    /// What is not of the catalog was told, and is what it is told to have.
    /// </summary>
    public static long Of(GpuSpec card)
    {
        var nominal = card.MemoryBytes ?? 0;
        if (card.UsableMemoryBytes is { } seen && seen <= nominal && seen >= nominal * LeastShare) return seen;
        if (card.Segment is null) return nominal;
        return card.Vendor switch
        {
            "NVIDIA" => nominal - EccOf(card, nominal) - DriverBytes - (long)(nominal * DriverShare),
            "Intel" => (long)(nominal * IntelShare),
            _ => nominal,
        };
    }

    /// <summary>
    /// How much more than <see cref="Of"/> a card may give where nothing was seen of it: older drivers of NVIDIA keep
    /// 160 MiB and 0.8 % (7.79 of 8 GiB, 9.78 of 10, 10.76 of 11, 47.46 of 48 in PyTorch's messages until 2024).
    /// </summary>
    public static long Uncertain(GpuSpec card)
    {
        const long olderBytes = 160 * MiB;
        const double olderShare = 0.008;
        var isRule = card is { Vendor: "NVIDIA", Segment: not null, MemoryFreeBytes: null, UsableMemoryBytes: null };
        return isRule ? DriverBytes - olderBytes + (long)((card.MemoryBytes ?? 0) * (DriverShare - olderShare)) : 0;
    }

    /// <summary>What macOS lets the GPU wire: the limit that is set there (iogpu.wired_limit_mb) or its own.</summary>
    public static long OfMac(GpuSpec card, long memoryBytes) =>
        card.MemoryBytes is { } limit && limit < memoryBytes ? limit : Apple.WorkingSetBytes(memoryBytes);

    /// <summary>
    /// What an integrated GPU may take: its carve-out with what the system shares, which is half of the memory unless
    /// that was raised (Linux: TTM's pages_limit; Windows: DXGI's shared memory).
    /// </summary>
    public static long OfIntegrated(GpuSpec card, long poolBytes)
    {
        if (card.MemoryBytes is { } all && all >= poolBytes) return poolBytes;
        var carved = card.MemoryBytes ?? 0;
        var shared = card.SharedMemoryBytes ?? (poolBytes - carved) / 2;
        return card.UsableMemoryBytes ?? carved + shared;
    }

    /// <summary>
    /// What is supposed of an integrated GPU's share of a pool; null where it is known, or nothing is.
    /// </summary>
    public static string? Supposed(GpuSpec card, long poolBytes) =>
        poolBytes == 0 || card.Vendor is "Apple" or "NVIDIA"
            || card is { SharedMemoryBytes: not null } or { UsableMemoryBytes: not null }
            || card.MemoryBytes >= poolBytes
            ? null
            : $"{card.Name} can use {SizeText.Gib(OfIntegrated(card, poolBytes))}, half of the memory that it shares";

    private static long EccOf(GpuSpec card, long nominal)
    {
        var hasEcc = card.EccMode is { } mode ? mode == "Enabled" : card.Segment == "DataCenter";
        var isGddr = card.MemoryType?.StartsWith("GDDR", StringComparison.Ordinal) == true;
        // What a driver tells has its share of error correction taken off: it is no whole number of GiB.
        return hasEcc && isGddr && nominal % GiB == 0 ? (long)(nominal * EccShare) : 0;
    }
}
