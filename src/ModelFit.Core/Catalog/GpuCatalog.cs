using ModelFit.Common;

namespace ModelFit.Catalog;

/// <summary>The GPUs that people meet, and how their names are understood. Loaded on first use.</summary>
public static class GpuCatalog
{
    /// <summary>Every GPU, by vendor, segment and release.</summary>
    public static IReadOnlyList<GpuSpec> All => CatalogInForce.Cards.All;

    /// <summary>The cards that can be got: a site's own and those of the last years that are not rare.</summary>
    internal static IEnumerable<GpuSpec> Available => CatalogInForce.Cards.Available;

    /// <summary>
    /// The one card that a name stands for. Variants that cannot change a verdict resolve to the commonest, said in
    /// verbose; others throw <see cref="ErrorIds.GpuAmbiguous"/> with the names to use; an unknown name throws
    /// <see cref="ErrorIds.GpuNotFound"/> with the nearest.
    /// </summary>
    /// <param name="name">A name as people write it.</param>
    /// <param name="memoryBytes">
    /// Memory of the card where it is known, in bytes; it decides between variants and is the memory of the answer.
    /// </param>
    /// <param name="messages">Where a choice between variants is said.</param>
    public static GpuSpec Resolve(string name, long? memoryBytes, IMessageSink messages) =>
        GpuResolver.Resolve(name, memoryBytes, messages);

    /// <summary>
    /// The cards of one machine from text: <c>3090</c>, <c>2xL40S</c>, <c>2x RTX 3090 + RTX 3060</c>; what
    /// <see cref="MachineSpec.Gpu"/> holds parses back.
    /// </summary>
    public static IReadOnlyList<GpuSpec> ResolveMany(string text, long? memoryBytes, IMessageSink messages) =>
        GpuListText.Parse(text, memoryBytes, messages);

    /// <summary>
    /// The cards whose name matches a PowerShell-style wildcard, with or without its vendor (none is no error), or all
    /// that a name as people write it can stand for; of a part of a card, several cards or a machine under a name what
    /// <see cref="ResolveMany"/> gives (none throws <see cref="ErrorIds.GpuNotFound"/>).
    /// </summary>
    public static IReadOnlyList<GpuSpec> Search(string nameOrWildcard)
    {
        if (Wildcard.IsPattern(nameOrWildcard))
        {
            var pattern = new Wildcard(nameOrWildcard);
            return All.Where(spec => HasName(spec, pattern)).ToArray();
        }

        var found = GpuResolver.All(nameOrWildcard);
        return found.Count > 0 ? found : ResolveMany(nameOrWildcard, null, NullSink.Instance);
    }

    /// <summary>
    /// The card of a PCI id, as hex digits with or without <c>0x</c>; null if the catalog does not have it, or if the
    /// id stands for cards with different memory.
    /// </summary>
    /// <param name="vendorId">Vendor, four digits.</param>
    /// <param name="deviceId">Device, four digits.</param>
    /// <param name="subsystemId">Subsystem device; boards differ in it, but no fact here depends on it.</param>
    /// <param name="revision">Revision, two digits; AMD's cards of one device differ in it.</param>
    public static GpuSpec? FindByPciId(
        string vendorId, string deviceId, string? subsystemId = null, string? revision = null) =>
        CatalogInForce.Cards.WithPciId(vendorId, deviceId, revision);

    /// <summary>The cards as text that <see cref="ResolveMany"/> understands; null for none.</summary>
    public static string? Describe(IReadOnlyList<GpuSpec> gpus) => GpuListText.Describe(gpus);

    /// <summary>
    /// A card of which only the memory is known; its name, for example <c>24 GiB GPU</c>, parses back.
    /// </summary>
    /// <param name="memoryBytes">Memory in bytes.</param>
    public static GpuSpec Unnamed(long memoryBytes) => new()
    {
        Name = GpuListText.ExactSize(memoryBytes) + " GPU",
        MemoryBytes = memoryBytes,
        Source = "Given",
    };

    private static bool HasName(GpuSpec spec, Wildcard pattern)
    {
        for (var name = spec.Name; ;)
        {
            if (pattern.IsMatch(name)) return true;
            var shorter = GpuEntry.WithoutFirstBrand(name);
            if (shorter.Length == name.Length) return false;
            name = shorter;
        }
    }
}
