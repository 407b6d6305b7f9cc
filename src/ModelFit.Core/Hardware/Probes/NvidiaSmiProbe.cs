using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using ModelFit.Hardware.Inventory;

namespace ModelFit.Hardware.Probes;

/// <summary>NVIDIA's cards by <c>nvidia-smi -q -x</c>.</summary>
internal static class NvidiaSmiProbe
{
    private const int MaxChars = 16 << 20;

    /// <summary>The cards; null if nvidia-smi is not there.</summary>
    public static IReadOnlyList<DetectedGpu>? Run(TimeSpan limit, IMessageSink messages, CancellationToken cancellation)
    {
        if (ChildProcess.Find("nvidia-smi") is not { } program) return null;
        var result = ChildProcess.RunAsync(program, new[] { "-q", "-x" }, null, limit, MaxChars, cancellation)
            .GetAwaiter().GetResult();
        var text = new InventoryText(result.Output);
        if (!NvidiaSmiXml.Recognizes(text)) throw new ModelFitException(
            ErrorIds.ProbeFailed,
            FailureKind.ReadError,
            $"nvidia-smi ended with {result.ExitCode}: {FirstLine(result.Error) ?? FirstLine(result.Output)}",
            program);
        var context = new ReadContext("nvidia-smi", messages, error => throw error);
        return NvidiaSmiXml.Read(text, context).SelectMany(machine => machine.Gpus!).ToList();
    }

    private static string? FirstLine(string text) =>
        text.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0);
}
