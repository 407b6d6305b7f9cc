using System.Globalization;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// Builds of llama.cpp, named <c>b9272</c> until 0.5 and by versions since. Until pull request 23861 (June 2026) logits
/// were reserved for every token of a micro-batch.
/// </summary>
internal static class LlamaCppBuild
{
    private const int FirstWithFewRows = 9400;

    /// <summary>Whether a build reserves logits for every token; the newest does not.</summary>
    public static bool ReservesAllRows(string? version) =>
        version is not null
        && int.TryParse(version.TrimStart('b', 'B'), NumberStyles.None, CultureInfo.InvariantCulture, out var build)
        && build < FirstWithFewRows;
}
