using System;
using System.Diagnostics;

namespace ModelFit.Fuzz;

/// <summary>
/// Asks of one seed after another for some seconds, and prints those with a problem or over two seconds of the
/// processor's time, so that what else the machine does counts for nothing.
/// </summary>
internal static class SeedFuzz
{
    private const long MostBytes = 400L << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Runs; the exit code is 1 if there was a problem.</summary>
    public static int Run(string what, Func<int, string?> problemOf, double seconds, int seed)
    {
        using var process = Process.GetCurrentProcess();
        problemOf(seed);
        var clock = Stopwatch.StartNew();
        var (runs, problems, longest) = (0L, 0L, TimeSpan.Zero);
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            seed++;
            runs++;
            var start = process.TotalProcessorTime;
            var problem = problemOf(seed);
            process.Refresh();
            var elapsed = process.TotalProcessorTime - start;
            longest = elapsed > longest ? elapsed : longest;
            problem ??= elapsed > Limit ? $"{elapsed.TotalMilliseconds:0} ms" : null;
            if (problem is null) continue;
            problems++;
            Console.WriteLine($"seed {seed}: {problem}");
        }

        process.Refresh();
        var peak = process.PeakWorkingSet64;
        if (peak > MostBytes) problems++;
        Console.WriteLine(FormattableString.Invariant(
            $"{runs} {what}, {problems} problems; at most {longest.TotalMilliseconds:0} ms, {peak >> 20} MiB; ")
                + $"last seed {seed}");
        return problems == 0 ? 0 : 1;
    }
}
