using System;
using System.Collections.Generic;

namespace ModelFit.Catalog;

/// <summary>The GPUs that people meet, and how their names are understood. Loaded on first use.</summary>
public static class GpuCatalog
{
    /// <summary>Every GPU, by vendor and name.</summary>
    public static IReadOnlyList<GpuSpec> All => throw new NotImplementedException();

    /// <summary>
    /// The one card that a name stands for. Variants that cannot change a verdict resolve to the commonest, said in
    /// verbose; others throw <see cref="ErrorIds.GpuAmbiguous"/> with the names to use; an unknown name throws
    /// <see cref="ErrorIds.GpuNotFound"/> with the nearest.
    /// </summary>
    /// <param name="name">A name as people write it.</param>
    /// <param name="memoryBytes">Memory of the card where it is known; it decides between variants.</param>
    /// <param name="messages">Where a choice between variants is said.</param>
    public static GpuSpec Resolve(string name, long? memoryBytes, IMessageSink messages) =>
        throw new NotImplementedException();

    /// <summary>
    /// The cards of one machine from text: <c>3090</c>, <c>2xL40S</c>, <c>2x RTX 3090 + RTX 3060</c>; what
    /// <see cref="MachineSpec.Gpu"/> holds parses back.
    /// </summary>
    public static IReadOnlyList<GpuSpec> ResolveMany(string text, long? memoryBytes, IMessageSink messages) =>
        throw new NotImplementedException();

    /// <summary>The cards whose name matches a PowerShell-style wildcard or a name as people write it.</summary>
    public static IReadOnlyList<GpuSpec> Search(string nameOrWildcard) => throw new NotImplementedException();

    /// <summary>The card of a PCI id, as four hex digits each; null if it is not in the catalog.</summary>
    public static GpuSpec? FindByPciId(
        string vendorId, string deviceId, string? subsystemId = null, string? revision = null) =>
        throw new NotImplementedException();

    /// <summary>The cards as text that <see cref="ResolveMany"/> understands; null for none.</summary>
    public static string? Describe(IReadOnlyList<GpuSpec> gpus) => throw new NotImplementedException();
}
