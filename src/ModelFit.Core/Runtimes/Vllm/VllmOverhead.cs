using ModelFit.Models;
using ModelFit.Runtimes.Serving;

namespace ModelFit.Runtimes.Vllm;

/// <summary>What a card gives beside weights, cache and activations, from vLLM's logs.</summary>
internal static class VllmOverhead
{
    private const long MiB = 1L << 20;

    /// <summary>A link faster than a bridge between two workstation cards: NVSwitch, an NVLink mesh.</summary>
    private const long FastLink = 250_000_000_000;

    /// <summary>
    /// What a card that shares the system's memory loses beside: pages of the files that were read count as taken
    /// (the middle of eight logs of GB10 since 0.19; a third of it in two before).
    /// </summary>
    private const long UnifiedBytes = 3072 * MiB;

    private const int MostCaptured = 512;

    /// <summary>
    /// Memory that PyTorch does not count: libraries, and between fast-linked cards the buffers of NCCL and of
    /// symmetric memory. Measured on H100: 0.13 GiB before 0.18 and 0.25 since on one card; 0.55 before (1.7 on
    /// eight), 2.07 on two and 2.17 on four since. Cards without such a link leave no room for more than on one.
    /// </summary>
    public static long NonTorch(GpuSpec? card, Parallelism share, VllmVersion version)
    {
        var isLarger = version.IsAtLeast(VllmVersion.LargerBuffers);
        var shared = card is not { IsUnifiedMemory: true } ? 0 : isLarger ? UnifiedBytes : UnifiedBytes / 3;
        if (share.Tensor == 1) return shared + ((isLarger ? 256 : 133) * MiB);
        if (!(card?.NvLinkBandwidth >= FastLink)) return shared + (133 * MiB);
        return (isLarger ? 2070 + (50 * (long)Math.Log(share.Tensor, 2)) : share.Tensor > 4 ? 1740 : 563) * MiB;
    }

    /// <summary>
    /// CUDA graphs: one for each of a ladder of batch sizes up to twice the sequences, at most 512 (fitted).
    /// </summary>
    public static long Graphs(ModelDefinition model, ServingOptions told, long sequences)
    {
        if (told.Eager) return 0;
        var largest = told.LargestGraph ?? Math.Min(MostCaptured, 2.0 * sequences);
        var share = Math.Min(1, largest / MostCaptured);
        var layers = model.Metadata.Integer("block_count", 0);
        var whole = 200 + (14 * layers) + (model.Metadata.Has("expert_count") ? 400 : 0);
        return (long)((120 + (share * share * whole)) * MiB);
    }
}
