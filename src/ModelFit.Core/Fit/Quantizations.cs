using System;
using System.Collections.Generic;
using System.Linq;

namespace ModelFit.Fit;

/// <summary>Which quantizations are worth trying.</summary>
internal static class Quantizations
{
    /// <summary>
    /// From the largest, one for each step that people publish and that needs no importance matrix; beyond Q8_0
    /// nothing is gained that can be measured.
    /// </summary>
    private static readonly string[] Published =
    {
        "Q8_0", "Q6_K", "Q5_K_M", "Q5_K_S", "Q4_K_M", "Q4_K_S", "IQ4_XS", "Q3_K_L", "Q3_K_M", "Q3_K_S", "Q2_K",
    };

    /// <summary>What vLLM loads and people publish, from the largest.</summary>
    private static readonly string[] OfVllm = { "BF16", "FP8", "AWQ" };

    /// <summary>The quantizations to try for a question, largest first; one of the file's own comes first.</summary>
    public static IReadOnlyList<string> Ladder(FitQuestion question)
    {
        var published = question.Options.Runtime == ModelRuntime.Vllm ? OfVllm : Published;
        var own = question.Model.Layout?.NativeQuantization;
        return own is null || published.Contains(own, StringComparer.OrdinalIgnoreCase)
            ? published
            : new[] { own }.Concat(published).ToArray();
    }
}
