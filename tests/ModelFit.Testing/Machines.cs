using ModelFit.Catalog;
using ModelFit.Hardware;

namespace ModelFit.Testing;

/// <summary>Machines for tests.</summary>
internal static class Machines
{
    private const long GiB = 1L << 30;

    /// <summary>A machine with the cards of a text and so much system memory; null is unknown.</summary>
    public static MachineSpec Of(string? gpus, double? systemMemoryGib = null)
    {
        IReadOnlyList<GpuSpec> cards = gpus is null ? [] : GpuCatalog.ResolveMany(gpus, null, NullSink.Instance);
        return MachineSpecs.Create(cards, (long?)(systemMemoryGib * GiB), GpuCatalogLookup.Instance);
    }

    /// <summary>A machine with NVIDIA cards of these sizes that are equally fast.</summary>
    public static MachineSpec OfSizes(double? systemMemoryGib, params double[] cardGib) => new()
    {
        SystemMemoryBytes = (long?)(systemMemoryGib * GiB),
        Gpus = cardGib.Select(size => new GpuSpec
        {
            Name = "Card",
            Vendor = "NVIDIA",
            MemoryBytes = (long)(size * GiB),
            MemoryBandwidth = 900_000_000_000,
        }).ToArray(),
    };
}
