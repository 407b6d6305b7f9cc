using System.Diagnostics;

namespace ModelFit.Bench;

/// <summary>
/// The pipelines in turns, the best of several: on a machine that does other work too, the least time is what says
/// something.
/// </summary>
internal static class PipelineComparison
{
    private const int Turns = 12;

    /// <summary>Prints milliseconds for 10,000 objects, their ratio to pass-through, and bytes an object.</summary>
    public static int Run()
    {
        var benchmarks = new PipelineBenchmarks();
        benchmarks.Setup();
        (string Name, Func<int> Run)[] pipelines =
        [
            ("rows passed through", benchmarks.PassThruRows), ("rows bound", benchmarks.BoundRows),
            ("rows tested", benchmarks.TestRows),
            ("specs passed through", benchmarks.PassThruSpecs), ("specs bound", benchmarks.BoundSpecs),
            ("specs tested", benchmarks.TestSpecs),
        ];
        var best = pipelines.Select(_ => (Milliseconds: double.MaxValue, Bytes: 0L)).ToArray();
        for (var turn = 0; turn < Turns; turn++)
        {
            for (var i = 0; i < pipelines.Length; i++)
            {
                var bytes = GC.GetTotalAllocatedBytes();
                var watch = Stopwatch.StartNew();
                var count = pipelines[i].Run();
                var taken = watch.Elapsed.TotalMilliseconds;
                if (taken < best[i].Milliseconds) best[i] = (taken, (GC.GetTotalAllocatedBytes() - bytes) / count);
            }
        }

        for (var i = 0; i < pipelines.Length; i++)
        {
            var ratio = best[i].Milliseconds / best[i / 3 * 3].Milliseconds;
            Console.WriteLine(
                $"{pipelines[i].Name,-22}{best[i].Milliseconds,8:F1} ms {ratio,6:F1} x {best[i].Bytes,8} B an object");
        }

        benchmarks.Cleanup();
        return 0;
    }
}
