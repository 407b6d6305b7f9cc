using System.Globalization;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// Builds of llama.cpp, named <c>b9272</c> until 0.5 and by versions since. Until pull request 23861 (June 2026) logits
/// were reserved for every token of a micro-batch.
/// </summary>
internal static class LlamaCppBuild
{
    private const int FirstWithFewRows = 9400;

    /// <summary>The first build after pull request 23764 (28 May 2026), about.</summary>
    private const int FirstWithNarrowMask = 9370;

    /// <summary>The first build after pull request 18148 (18 December 2025).</summary>
    private const int FirstWithOutputFirst = 7480;

    /// <summary>The first build after 21 August 2026, about.</summary>
    private const int FirstWithLengthEach = 10_560;

    /// <summary>Whether a build reserves logits for every token; the newest does not.</summary>
    public static bool ReservesAllRows(string? version) => NumberOf(version) < FirstWithFewRows;

    /// <summary>Whether a build fills a mask of 32 bits and casts it for flash attention.</summary>
    public static bool CastsMask(string? version) => NumberOf(version) < FirstWithNarrowMask;

    /// <summary>What is not known of a version that nobody compared; null for the one that is followed.</summary>
    public static string? NotCompared(string? version) =>
        version is null || version.TrimStart('v').StartsWith("0.5", StringComparison.Ordinal)
            ? null
            : $"the buffers of llama.cpp {version} were not compared, those of 0.5.0 were";

    /// <summary>
    /// Whether a build puts the output layer on a card only after all other layers; the newest puts it there first.
    /// </summary>
    public static bool PutsOutputLast(string? version) => NumberOf(version) < FirstWithOutputFirst;

    /// <summary>
    /// Whether a build takes the trained length for <c>-c 0</c>, whatever the number of slots: the newest takes it for
    /// each (common/fit.cpp, since pull request 27496 of 21 August 2026), since September also for those that share one
    /// cache (28849).
    /// </summary>
    public static bool SharesFullLength(string? version, bool isUnified) =>
        isUnified ? NumberOf(version) is not null : NumberOf(version) < FirstWithLengthEach;

    private static int? NumberOf(string? version) =>
        version is not null
        && int.TryParse(version.TrimStart('b', 'B'), NumberStyles.None, CultureInfo.InvariantCulture, out var build)
            ? build
            : null;
}
