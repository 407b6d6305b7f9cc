using System.Diagnostics;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;

namespace ModelFit.Fuzz;

/// <summary>
/// Stops what is long after a while that the seed says, and prints a row a kind: how often it was stopped and how long
/// it went on at most. 95 % under 300 ms and all under a second are promised.
/// </summary>
internal static class StopTimes
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(300);

    /// <summary>Runs; the exit code is 1 if the promise is not kept.</summary>
    public static int Run(double seconds, int seed)
    {
        using var work = LongWork.All();
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        var times = new List<(TimeSpan Time, string Kind)>();
        for (var turn = 0; clock.Elapsed.TotalSeconds < seconds; turn++)
        {
            var (kind, make) = work.Kinds[turn % work.Kinds.Count];
            if (Stop(make(), random.Next(400)) is { } time) times.Add((time, kind));
        }

        times.Sort();
        if (times.Count == 0) return 1;
        Console.WriteLine("| what is stopped | stops | at most ms |\n|---|---|---|");
        foreach (var kind in times.GroupBy(one => one.Kind).OrderByDescending(one => one.Last().Time))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {kind.Key} | {kind.Count()} | {kind.Last().Time.TotalMilliseconds:0} |"));
        var usual = times[times.Count * 95 / 100].Time;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{times.Count} stops; 95 % within {usual.TotalMilliseconds:0} ms, "
            + $"all within {times[^1].Time.TotalMilliseconds:0} ms"));
        return usual <= Usual && times[^1].Time <= Most ? 0 : 1;
    }

    /// <summary>How long it went on after it was stopped; null if it had ended before.</summary>
    private static TimeSpan? Stop(Action<CancellationToken> run, int afterMilliseconds)
    {
        using var stop = new CancellationTokenSource();
        var running = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    run(stop.Token);
                }
                catch (Exception error) when (error is ModelFitException or OperationCanceledException)
                {
                    // What ends it does not matter here.
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (running.Wait(afterMilliseconds)) return null;
        var start = Stopwatch.GetTimestamp();
        stop.Cancel();
        running.Wait();
        return Stopwatch.GetElapsedTime(start);
    }
}
