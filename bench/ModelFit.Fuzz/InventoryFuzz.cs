using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using ModelFit.Testing;

namespace ModelFit.Fuzz;

/// <summary>
/// Mixes inventories for some seconds from some seed on, those of the tests or files given, and prints each seed whose
/// reading names a card or a machine that is not in the text, ends in a foreign exception or takes over two seconds.
/// </summary>
internal static class InventoryFuzz
{
    /// <summary>Runs; the exit code is 1 if there was a problem.</summary>
    public static int Run(double seconds, int seed, IReadOnlyList<string> paths)
    {
        var originals = paths.Count > 0 ? paths.Select(File.ReadAllText).ToList() : InventoryMixes.Originals;
        var clock = Stopwatch.StartNew();
        var (runs, problems, longest) = (0L, 0L, TimeSpan.Zero);
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            seed++;
            runs++;
            var start = Stopwatch.GetTimestamp();
            var problem = InventoryMixes.Problem(InventoryMixes.Mix(originals, seed));
            var elapsed = Stopwatch.GetElapsedTime(start);
            longest = elapsed > longest ? elapsed : longest;
            problem ??= elapsed > TimeSpan.FromSeconds(2) ? $"{elapsed.TotalMilliseconds:0} ms" : null;
            if (problem is null) continue;
            problems++;
            Console.WriteLine($"seed {seed}: {problem}");
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{runs} texts, {problems} problems; at most {longest.TotalMilliseconds:0} ms; last seed {seed}"));
        return problems == 0 ? 0 : 1;
    }
}
