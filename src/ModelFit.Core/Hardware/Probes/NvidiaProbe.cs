using System.Threading;

namespace ModelFit.Hardware.Probes;

/// <summary>NVIDIA's cards: by NVML, and where that is absent, fails or hangs by nvidia-smi.</summary>
internal static class NvidiaProbe
{
    /// <summary>
    /// How long each of both may take: without the persistence daemon a driver wakes its cards for seconds.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The cards; null if neither is there or answers, of which a warning says why.</summary>
    /// <param name="libraries">Names of NVML.</param>
    /// <param name="program">Path of nvidia-smi; null if there is none.</param>
    /// <param name="limit">How long each of both may take.</param>
    /// <param name="messages">Where failures are said.</param>
    /// <param name="cancellation">Ends both.</param>
    public static IReadOnlyList<DetectedGpu>? Run(
        string[] libraries, string? program, TimeSpan limit, IMessageSink messages, CancellationToken cancellation)
    {
        var nvml = new Probe<IReadOnlyList<DetectedGpu>>(
            "NVML", limit, (sink, _) => NvmlProbe.Run(sink, libraries), cancellation);
        if (nvml.Result(messages, cancellation) is { } cards) return cards;
        return program is null ? null : NvidiaSmiProbe.Run(program, limit, messages, cancellation);
    }
}
