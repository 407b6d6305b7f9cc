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

    /// <summary>The quantizations to try for a model, largest first; a native one of its own comes first.</summary>
    public static IReadOnlyList<string> Ladder(ModelSpec model)
    {
        var own = model.Layout?.NativeQuantization;
        return own is null || Published.Contains(own, StringComparer.OrdinalIgnoreCase)
            ? Published
            : new[] { own }.Concat(Published).ToArray();
    }
}
