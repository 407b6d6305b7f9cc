using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using ModelFit.Catalog;
using ModelFit.Hardware.Inventory;
using ModelFit.Testing;

namespace ModelFit.Fuzz;

/// <summary>
/// Stops readers of long inventories after a while that the seed says, and prints how long each went on: 95 % under
/// 300 ms and all under a second are promised.
/// </summary>
internal static class StopTimes
{
    private const int LongText = 8 << 20;

    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(300);

    /// <summary>Runs; the exit code is 1 if the promise is not kept.</summary>
    public static int Run(double seconds, int seed)
    {
        var texts = InventoryMixes.Originals.Select(Long).Append(Rows(100_000)).Append(new string('[', LongText))
            .Append("Host,GPU\n" + string.Concat(Enumerable.Repeat("n1,x 2 ", 300_000))).ToList();
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        var times = new List<(TimeSpan Time, int Text)>();
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            var text = random.Next(texts.Count);
            if (Stop(texts[text], random.Next(400)) is { } time) times.Add((time, text));
        }

        times.Sort();
        if (times.Count == 0) return 1;
        var usual = times[times.Count * 95 / 100].Time;
        foreach (var (time, text) in times.Where(one => one.Time > Usual).TakeLast(10))
            Console.WriteLine($"{time.TotalMilliseconds:0} ms: {texts[text].ReplaceLineEndings(" ")[..60]}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{times.Count} stops; 95 % within {usual.TotalMilliseconds:0} ms, "
            + $"all within {times[^1].Time.TotalMilliseconds:0} ms"));
        return usual <= Usual && times[^1].Time <= Most ? 0 : 1;
    }

    /// <summary>How long a reading went on after it was stopped; null if it had ended before.</summary>
    private static TimeSpan? Stop(string text, int afterMilliseconds)
    {
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            try
            {
                return InventoryReader.ReadText(
                    text, null, GpuCatalogLookup.Instance, NullSink.Instance, _ => { },
                    options: new InventoryOptions(null, stop.Token)).Count();
            }
            catch (Exception error) when (error is ModelFitException or OperationCanceledException)
            {
                return -1;
            }
        });
        if (reading.Wait(afterMilliseconds)) return null;
        var start = Stopwatch.GetTimestamp();
        stop.Cancel();
        reading.Wait();
        return Stopwatch.GetElapsedTime(start);
    }

    private static string Long(string text)
    {
        if (text.Length == 0) return text;
        var many = new StringBuilder();
        while (many.Length < LongText) many.Append(text).Append('\n');
        return many.ToString();
    }

    private static string Rows(int count) => "ComputerName,Gpu,SystemMemory\n" + string.Concat(
        Enumerable.Range(0, count).Select(row => FormattableString.Invariant($"pc{row},RTX 3090,64GB\n")));
}
