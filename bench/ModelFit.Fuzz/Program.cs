using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using ModelFit.Fuzz;
using ModelFit.Testing;

// Damages model files for some seconds (60 unless told) from some seed on, or real files given after the two, and
// prints each seed that ends in anything but an error of the file or a spec, takes over 16 MiB, or repeatedly over
// 100 ms.
// With "inventories" as the first argument it mixes inventories instead.
if (args.Length > 0 && args[0] == "inventories") return InventoryFuzz.Run(
    args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 60,
    args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : Environment.TickCount & 0xFFFFFF,
    args.Skip(3).ToArray());

var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 60;
var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : Environment.TickCount & 0xFFFFFF;
var given = args.Skip(2).Select(path => (Path.GetFileName(path), File.ReadAllBytes(path))).ToArray();
var files = given.Length > 0 ? given : HostileFiles.Originals.ToArray();
foreach (var (name, bytes) in files) HostileFiles.Read(name, bytes, out _);

var clock = Stopwatch.StartNew();
var (runs, specs, problems, mostBytes, longest) = (0L, 0L, 0L, 0L, TimeSpan.Zero);
while (clock.Elapsed.TotalSeconds < seconds)
{
    seed++;
    foreach (var (name, bytes) in files)
    {
        var (isSpec, allocated, elapsed) = (false, 0L, TimeSpan.MaxValue);
        try
        {
            // The shortest of three counts, as another process may have held up the first.
            for (var attempt = 0; attempt < 3 && elapsed > TimeSpan.FromMilliseconds(100); attempt++)
            {
                var mutated = Mutator.Mutate(bytes, seed);
                var start = Stopwatch.GetTimestamp();
                isSpec = HostileFiles.Read(name, mutated, out allocated);
                elapsed = Min(elapsed, Stopwatch.GetElapsedTime(start));
            }

            if (allocated > 16 << 20 || elapsed > TimeSpan.FromMilliseconds(100))
                Report(name, $"{allocated} bytes, {elapsed.TotalMilliseconds:0} ms");
        }
        catch (Exception exception)
        {
            Report(name, exception.ToString());
        }

        runs++;
        if (isSpec) specs++;
        mostBytes = Math.Max(mostBytes, allocated);
        longest = elapsed > longest && elapsed < TimeSpan.MaxValue ? elapsed : longest;
    }
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{runs} files, {specs} specs, {runs - specs - problems} errors as they should be, {problems} problems; "
    + $"at most {mostBytes / 1024} KiB and {longest.TotalMilliseconds:0.0} ms; last seed {seed}"));
return problems == 0 ? 0 : 1;

TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

void Report(string name, string what)
{
    problems++;
    Console.WriteLine($"{name}, seed {seed}: {what}");
}
