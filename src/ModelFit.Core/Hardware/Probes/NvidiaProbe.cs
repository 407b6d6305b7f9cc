using System.Threading;
using ModelFit.Hardware.Inventory;

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

/// <summary>NVIDIA's cards by <c>nvidia-smi -q -x</c>.</summary>
internal static class NvidiaSmiProbe
{
    private const int MaxChars = 16 << 20;

    /// <summary>The cards; throws <see cref="ErrorIds.ProbeFailed"/> if nvidia-smi does not tell of them.</summary>
    /// <param name="program">Path of nvidia-smi.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="messages">Where damaged output and lost cards are said.</param>
    /// <param name="cancellation">Ends it.</param>
    public static IReadOnlyList<DetectedGpu> Run(
        string program, TimeSpan limit, IMessageSink messages, CancellationToken cancellation)
    {
        var result = ChildProcess.RunAsync(program, new[] { "-q", "-x" }, null, limit, MaxChars, cancellation)
            .GetAwaiter().GetResult();
        var text = new InventoryText(result.Output);
        if (!NvidiaSmiXml.Recognizes(text)) throw new ModelFitException(
            ErrorIds.ProbeFailed,
            $"nvidia-smi ended with {result.ExitCode}: {FirstLine(result.Error) ?? FirstLine(result.Output)}",
            program);
        var context = new ReadContext("nvidia-smi", messages, error => throw error);
        return NvidiaSmiXml.Read(text, context).SelectMany(machine => machine.Gpus!).ToList();
    }

    private static string? FirstLine(string text) =>
        text.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0);
}
