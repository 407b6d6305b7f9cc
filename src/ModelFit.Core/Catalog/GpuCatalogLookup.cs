using ModelFit.Hardware;

namespace ModelFit.Catalog;

/// <summary>The catalog as detection sees it.</summary>
public sealed class GpuCatalogLookup : IGpuLookup
{
    private const string Cut = "...";
    private const double SameShare = 0.05;

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
        var found = name.EndsWith(Cut, StringComparison.Ordinal) ? FindByStart(name, memoryBytes)
            : GpuResolver.TryResolve(name, memoryBytes, messages, out _);
        if (found is null) messages.Verbose($"The catalog has no single card for '{name}'.");
        return found;
    }

    /// <summary>The one card whose name begins so and whose memory it is: nvidia-smi cuts long names off.</summary>
    private static GpuSpec? FindByStart(string name, long? memoryBytes)
    {
        var start = Letters(name);
        if (memoryBytes is not { } memory || !start.Any(char.IsDigit)) return null;
        var cards = GpuCatalog.All.Where(card => Letters(card.Name).StartsWith(start, StringComparison.Ordinal)
            && card.MemoryBytes is { } own && Math.Abs(own - memory) < own * SameShare).Take(2).ToList();
        return cards.Count == 1 ? cards[0] : null;
    }

    private static string Letters(string name)
    {
        var plain = new string(name.Where(char.IsLetterOrDigit).ToArray()).ToUpperInvariant();
        return plain.StartsWith("NVIDIA", StringComparison.Ordinal) ? plain.Substring(6) : plain;
    }

    /// <inheritdoc/>
    public bool IsCard(string name) => GpuResolver.IsKnown(name);

    /// <inheritdoc/>
    public string? Describe(IReadOnlyList<GpuSpec> gpus) => GpuCatalog.Describe(gpus);
}
