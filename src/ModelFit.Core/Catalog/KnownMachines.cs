using ModelFit.Hardware;

namespace ModelFit.Catalog;

/// <summary>Machines of the systems that are known by name.</summary>
internal static class KnownMachines
{
    /// <summary>The machine of that name, with its cards and its system memory; null if it is not known.</summary>
    public static MachineSpec? Find(string name, IMessageSink messages)
    {
        if (KnownSystems.Find(name) is not { } system) return null;
        var cards = GpuCatalog.ResolveMany(name, null, messages);
        return MachineSpecs.Create(cards, system.SystemMemoryBytes, GpuCatalogLookup.Instance) with
        {
            ComputerName = system.Name,
            Source = "Catalog",
        };
    }
}
