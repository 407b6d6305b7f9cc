using System.Collections.Concurrent;
using System.Globalization;
using ModelFit.Fit;

namespace ModelFit.Fleet;

/// <summary>
/// The closest remedy of a violation. What would help a machine if nothing else ran on it is asked once for each kind
/// of hardware.
/// </summary>
internal sealed class Remedies
{
    private readonly ConcurrentDictionary<(string? Hardware, FitQuestion Question),
        (bool Holds, string? Advice)> _known =
        new();

    /// <summary>Free what is in use, if that is enough; else the first of the advice on the whole machine.</summary>
    public string? OfVerdict(
        AuditedMachine machine, FitQuestion question, FleetVerdict answer, Requirement require)
    {
        var key = (machine.HardwareId, question with { Machine = null });
        var (holds, advice) = _known.GetOrAdd(key, _ => Unused(question, require.Accept));
        if (!holds) return advice;
        var reserve = require.Accept == "Fits" ? question.ReserveBytes * Math.Max(1, machine.Spec.GpuCount ?? 1) : 0;
        var missing = reserve - answer.HeadroomBytes;
        return missing > 0
            ? $"Free {SizeText.Gib(missing)} of memory on {machine.AskedName ?? "the machine"}: " +
                "it fits if nothing else is running."
            : advice;
    }

    /// <summary>The largest quantization that is fast enough and still accepted.</summary>
    public static string? OfSpeed(FitQuestion question, Requirement require, double least)
    {
        foreach (var name in QuantizationLadder.Of(question))
        {
            var answer = FitEngine.Test(question with { Quantization = name }, NullSink.Instance);
            if (answer.DecodeTokensPerSecond >= least && Demands.Accepts(require.Accept, answer.Verdict) == true)
                return string.Format(
                    CultureInfo.InvariantCulture, "{0} gives {1:0} tokens/s.", name, answer.DecodeTokensPerSecond);
        }

        return null;
    }

    private static (bool Holds, string? Advice) Unused(FitQuestion question, string accept)
    {
        var answer = FitEngine.Test(question with { IgnoreUsage = true }, NullSink.Instance);
        var holds = Demands.Accepts(accept, answer.Verdict) == true;
        return (holds, holds ? null : answer.Advice?.Split('\n').First());
    }
}
