using System.Diagnostics;
using System.Globalization;
using System.IO;
using ModelFit.Testing;

namespace ModelFit.Fuzz;

/// <summary>
/// Damages model files for some seconds, those of the tests or files given, and prints each seed that ends in anything
/// but an error of the file or a spec, takes over 16 MiB, or repeatedly over 100 ms.
/// </summary>
internal static class ModelFuzz
{
    private const long MostBytes = 16 << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs; the exit code is 1 if there was a problem.</summary>
    public static int Run(double seconds, int seed, string[] paths)
    {
        var given = paths.Select(path => (Path.GetFileName(path), File.ReadAllBytes(path))).ToArray();
        var files = given.Length > 0 ? given : HostileFiles.Originals.ToArray();
        foreach (var (name, bytes) in files) HostileFiles.Read(name, bytes, out _);

        var clock = Stopwatch.StartNew();
        var (runs, specs, problems, mostBytes, longest) = (0L, 0L, 0L, 0L, TimeSpan.Zero);
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            seed++;
            foreach (var (name, bytes) in files)
            {
                runs++;
                try
                {
                    var (isSpec, allocated, elapsed) = Read(name, bytes, seed);
                    if (isSpec) specs++;
                    mostBytes = Math.Max(mostBytes, allocated);
                    longest = elapsed > longest ? elapsed : longest;
                    if (allocated <= MostBytes && elapsed <= Limit) continue;
                    Console.WriteLine($"{name}, seed {seed}: {allocated} bytes, {elapsed.TotalMilliseconds:0} ms");
                }
                catch (Exception exception)
                {
                    Console.WriteLine($"{name}, seed {seed}: {exception}");
                }

                problems++;
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{runs} files, {specs} specs, {runs - specs - problems} errors as they should be, {problems} problems; "
            + $"at most {mostBytes / 1024} KiB and {longest.TotalMilliseconds:0.0} ms; last seed {seed}"));
        return problems == 0 ? 0 : 1;
    }

    /// <summary>The shortest of three times, as another process may have held up the first.</summary>
    private static (bool IsSpec, long Allocated, TimeSpan Elapsed) Read(string name, byte[] bytes, int seed)
    {
        var (isSpec, allocated, least) = (false, 0L, TimeSpan.MaxValue);
        for (var attempt = 0; attempt < 3 && least > Limit; attempt++)
        {
            var mutated = Mutator.Mutate(bytes, seed);
            var start = Stopwatch.GetTimestamp();
            isSpec = HostileFiles.Read(name, mutated, out allocated);
            var elapsed = Stopwatch.GetElapsedTime(start);
            least = elapsed < least ? elapsed : least;
        }

        return (isSpec, allocated, least);
    }
}
