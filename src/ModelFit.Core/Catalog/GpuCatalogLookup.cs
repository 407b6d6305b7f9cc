using System.Collections.Generic;
using ModelFit.Hardware;

namespace ModelFit.Catalog;

/// <summary>The catalog as detection sees it.</summary>
public sealed class GpuCatalogLookup : IGpuLookup
{
    private GpuCatalogLookup()
    {
    }

    /// <summary>The one instance.</summary>
    public static GpuCatalogLookup Instance { get; } = new();

    /// <inheritdoc/>
    public GpuSpec? FindByPciId(string vendorId, string deviceId, string? subsystemId, string? revision) =>
        GpuCatalog.FindByPciId(vendorId, deviceId, subsystemId, revision);

    /// <inheritdoc/>
    public GpuSpec? FindByName(string name, long? memoryBytes, IMessageSink messages)
    {
        var found = GpuResolver.TryResolve(name, memoryBytes, messages, out _);
        if (found is null) messages.Verbose($"The catalog has no single card for '{name}'.");
        return found;
    }

    /// <inheritdoc/>
    public bool IsCard(string name) => GpuResolver.IsKnown(name);

    /// <inheritdoc/>
    public string? Describe(IReadOnlyList<GpuSpec> gpus) => GpuCatalog.Describe(gpus);
}
