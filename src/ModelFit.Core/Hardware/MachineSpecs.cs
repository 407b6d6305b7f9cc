namespace ModelFit.Hardware;

/// <summary>Makes machines from cards.</summary>
public static class MachineSpecs
{
    /// <summary>
    /// A machine with these cards and every figure that follows from them: text, count, memory of one card (null if
    /// they are unequal or unknown) and of all of them.
    /// </summary>
    /// <param name="gpus">The cards in order; null if it is not known which there are.</param>
    /// <param name="systemMemoryBytes">System memory in bytes; null if unknown.</param>
    /// <param name="catalog">Who writes the cards as text.</param>
    public static MachineSpec Create(
        IReadOnlyList<GpuSpec>? gpus, long? systemMemoryBytes, IGpuLookup catalog) =>
        new MachineSpec { SystemMemoryBytes = systemMemoryBytes }.WithGpus(gpus, catalog);

    /// <summary>The machine with these cards instead of its own.</summary>
    internal static MachineSpec WithGpus(
        this MachineSpec machine, IReadOnlyList<GpuSpec>? gpus, IGpuLookup catalog)
    {
        var cards = gpus?.ToArray() ?? Array.Empty<GpuSpec>();
        var sizes = cards.Select(card => card.MemoryBytes).ToArray();
        var known = sizes.Length > 0 && sizes.All(size => size is not null);
        return machine with
        {
            Gpus = cards,
            Gpu = cards.Length == 0 ? null : catalog.Describe(cards),
            GpuCount = gpus is null ? null : cards.Length,
            GpuMemoryBytes = known && sizes.Distinct().Count() == 1 ? sizes[0] : null,
            TotalGpuMemoryBytes = known ? sizes.Sum() : null,
        };
    }
}
