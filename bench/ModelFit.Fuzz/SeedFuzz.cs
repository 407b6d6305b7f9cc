using System.Diagnostics;
using System.Threading.Tasks;

namespace ModelFit.Fuzz;

/// <summary>
/// Asks of one seed after another for some seconds, and prints those with a problem or over two seconds of the
/// processor's time, so that what else the machine does counts for nothing. One that does not end ends the run.
/// </summary>
internal static class SeedFuzz
{
    private const long MostBytes = 400L << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Endless = TimeSpan.FromSeconds(60);

    /// <summary>Runs; the exit code is 1 if there was a problem.</summary>
    public static int Run(string what, Func<int, string?> problemOf, double seconds, int seed)
    {
        using var process = Process.GetCurrentProcess();
        problemOf(0);
        var clock = Stopwatch.StartNew();
        var (runs, problems, longest) = (0L, 0L, TimeSpan.Zero);
        for (; clock.Elapsed.TotalSeconds < seconds; seed++)
        {
            runs++;
            process.Refresh();
            var start = process.TotalProcessorTime;
            var asked = seed;
            var answer = Task.Run(() => problemOf(asked));
            if (!answer.Wait(Endless))
            {
                Console.WriteLine($"seed {seed}: does not end");
                return 1;
            }

            process.Refresh();
            var elapsed = process.TotalProcessorTime - start;
            longest = elapsed > longest ? elapsed : longest;
            var problem = answer.Result ?? (elapsed > Limit ? $"{elapsed.TotalMilliseconds:0} ms" : null);
            if (problem is null) continue;
            problems++;
            Console.WriteLine($"seed {seed}: {problem}");
        }

        process.Refresh();
        var peak = process.PeakWorkingSet64;
        if (peak > MostBytes) problems++;
        Console.WriteLine(FormattableString.Invariant(
            $"{runs} {what}, {problems} problems; at most {longest.TotalMilliseconds:0} ms, {peak >> 20} MiB; ")
                + $"next seed {seed}");
        return problems == 0 ? 0 : 1;
    }
}
