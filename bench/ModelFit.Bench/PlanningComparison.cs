using System;
using System.Diagnostics;
using ModelFit.Capacity;
using ModelFit.Catalog;
using ModelFit.Hardware;

namespace ModelFit.Bench;

/// <summary>Times of planning: capacity questions, first and again, by load and runtime.</summary>
internal static class PlanningComparison
{
    private const int Questions = 500;

    /// <summary>Writes a line a kind of question.</summary>
    public static int Run()
    {
        Capacity("llama.cpp, 1 to 500 users", ModelRuntime.LlamaCpp, "RTX 4090", i => new() { Users = 1 + (i % 500) });
        Capacity("llama.cpp, 1 to 500 requests a minute", ModelRuntime.LlamaCpp, "RTX 4090", i => new() { RequestsPerMinute = 1 + i });
        Capacity("llama.cpp, 4 cards, 1 to 500 users", ModelRuntime.LlamaCpp, "4x RTX 4090", i => new() { Users = 1 + i });
        Capacity("vLLM, 1 to 500 requests a minute", ModelRuntime.Vllm, "L40S", i => new() { RequestsPerMinute = 1 + i });
        Capacity("vLLM, 1 to 500 users", ModelRuntime.Vllm, "L40S", i => new() { Users = 1 + i });
        return 0;
    }

    private static void Capacity(string name, ModelRuntime runtime, string gpus, Func<int, CapacityDemand> demand)
    {
        // Another model warms the code up, so that the first round finds nothing remembered of its own.
        var warm = Of("Qwen/Qwen3-4B", runtime, gpus);
        for (var i = 0; i < Questions; i++) CapacityEngine.Plan(warm, demand(i), NullSink.Instance);
        var question = Of("Qwen/Qwen3-8B", runtime, gpus);
        CapacityEngine.Plan(question, new CapacityDemand { Users = 7 }, NullSink.Instance);
        foreach (var round in new[] { "first", "again" })
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < Questions; i++) CapacityEngine.Plan(question, demand(i), NullSink.Instance);
            Console.WriteLine(FormattableString.Invariant(
                $"{name,-42} {round,-6} {watch.Elapsed.TotalMilliseconds / Questions,8:0.000} ms a question"));
        }
    }

    private static FitQuestion Of(string model, ModelRuntime runtime, string gpus) => new()
    {
        Model = ModelCatalog.Resolve(model, NullSink.Instance),
        Machine = MachineSpecs.Create(
            GpuCatalog.ResolveMany(gpus, null, NullSink.Instance), 64L << 30, GpuCatalogLookup.Instance),
        IsContextSupposed = true,
        Options = new RuntimeOptions { Runtime = runtime },
    };
}
