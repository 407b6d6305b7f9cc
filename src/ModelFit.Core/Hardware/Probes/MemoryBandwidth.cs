using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace ModelFit.Hardware.Probes;

/// <summary>Measures how fast the processors read memory: what decoding on the CPU is bound by.</summary>
internal static class MemoryBandwidth
{
    private const int MostWordsAThread = 4 << 20;
    private const int MostWords = 128 << 20;
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(900);

    /// <summary>
    /// Bytes a second that all processors together read from blocks larger than their caches (32 MiB a thread, 1 GiB in
    /// all at most), the best round of about a second.
    /// </summary>
    public static long Measure(CancellationToken cancellation)
    {
        var threads = Environment.ProcessorCount;
        var words = Math.Min(MostWordsAThread, MostWords / threads);
        var blocks = new long[threads][];
        var sums = new long[threads];
        Parallel.For(0, threads, i => blocks[i] = Filled(i, words));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        var clock = Stopwatch.StartNew();
        var best = 0.0;
        while (clock.Elapsed < Duration)
        {
            var start = clock.Elapsed;
            Parallel.For(0, threads, parallel, i => sums[i] += Sum(blocks[i]));
            best = Math.Max(best, threads * (double)words * sizeof(long) / (clock.Elapsed - start).TotalSeconds);
        }

        return (long)best;
    }

    private static long[] Filled(int seed, int words)
    {
        var block = new long[words];
        for (var i = 0; i < block.Length; i++) block[i] = seed + i;
        return block;
    }

    /// <summary>Eight sums that do not wait for each other, so that memory and not the adder is measured.</summary>
    private static long Sum(long[] block)
    {
        long a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        for (var i = 0; i + 7 < block.Length; i += 8)
        {
            a += block[i];
            b += block[i + 1];
            c += block[i + 2];
            d += block[i + 3];
            e += block[i + 4];
            f += block[i + 5];
            g += block[i + 6];
            h += block[i + 7];
        }

        return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h;
    }
}
