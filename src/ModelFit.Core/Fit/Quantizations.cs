using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Runtimes;

namespace ModelFit.Fit;

/// <summary>Which quantizations are worth trying.</summary>
internal static class Quantizations
{
    /// <summary>The quantizations to try for a question, largest first; one of the file's own comes first.</summary>
    public static IReadOnlyList<string> Ladder(FitQuestion question)
    {
        var published = RuntimeList.Of(question.Options.Runtime).Quantizations;
        var own = question.Model.Layout?.NativeQuantization;
        return own is null || published.Contains(own, StringComparer.OrdinalIgnoreCase)
            ? published
            : new[] { own }.Concat(published).ToArray();
    }
}
