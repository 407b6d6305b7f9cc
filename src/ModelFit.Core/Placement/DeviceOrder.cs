using ModelFit.Graph.Backends;

namespace ModelFit.Placement;

/// <summary>
/// How a backend numbers the cards of a machine. CUDA numbers the fastest first, unless <c>CUDA_DEVICE_ORDER</c> says
/// <c>PCI_BUS_ID</c> (CUDA C++ Programming Guide, environment variables); the order in which cards were typed is
/// neither.
/// </summary>
internal static class DeviceOrder
{
    /// <summary>The variable that makes CUDA number cards by their place on the bus.</summary>
    public const string ByBus = "CUDA_DEVICE_ORDER=PCI_BUS_ID";

    /// <summary>Whether the numbers of the cards depend on the order, and their places on the bus are known.</summary>
    public static bool IsByBus(IReadOnlyList<GpuSpec> cards, ComputeBackend backend) =>
        IsUnequal(cards, backend) && cards.All(card => card.PciBusId is { Length: > 0 });

    /// <summary>The indices of the cards in the order of their numbers.</summary>
    public static int[] Of(IReadOnlyList<GpuSpec> cards, ComputeBackend backend)
    {
        var indices = Enumerable.Range(0, cards.Count);
        if (!IsUnequal(cards, backend)) return indices.ToArray();
        return IsByBus(cards, backend)
            ? indices.OrderBy(index => cards[index].PciBusId, StringComparer.OrdinalIgnoreCase).ToArray()
            : indices.OrderByDescending(index => cards[index].Fp32Flops ?? 0).ToArray();
    }

    private static bool IsUnequal(IReadOnlyList<GpuSpec> cards, ComputeBackend backend)
    {
        if (!BackendProfiles.Of(backend).NumbersFastestFirst) return false;
        for (var i = 1; i < cards.Count; i++)
            if (!string.Equals(cards[i].Name, cards[0].Name, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
