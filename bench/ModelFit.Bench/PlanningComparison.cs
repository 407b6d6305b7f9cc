using System.Diagnostics;
using ModelFit.Capacity;
using ModelFit.Catalog;
using ModelFit.Fleet.Placing;
using ModelFit.Hardware;

namespace ModelFit.Bench;

/// <summary>Times of planning: capacity questions, first and again, by load and runtime.</summary>
internal static class PlanningComparison
{
    private const int Questions = 500;

    /// <summary>Rounds until the runtime has compiled the code in full.</summary>
    private const int WarmRounds = 3;

    /// <summary>Writes a line a kind of question.</summary>
    public static int Run()
    {
        CapacityDemand Users(int i) => new() { Users = 1 + i };
        CapacityDemand Requests(int i) => new() { RequestsPerMinute = 1 + i };
        Capacity("llama.cpp, 1 to 500 users", ModelRuntime.LlamaCpp, "RTX 4090", Users);
        Capacity("llama.cpp, 1 to 500 requests a minute", ModelRuntime.LlamaCpp, "RTX 4090", Requests);
        Capacity("llama.cpp, 4 cards, 1 to 500 users", ModelRuntime.LlamaCpp, "4x RTX 4090", Users);
        Capacity("vLLM, 1 to 500 requests a minute", ModelRuntime.Vllm, "L40S", Requests);
        Capacity("vLLM, 1 to 500 users", ModelRuntime.Vllm, "L40S", Users);
        Fleet(100, 5);
        Fleet(1000, 50);
        return 0;
    }

    /// <summary>Places 20 replicas of each of the smaller models of the catalog on machines of ten kinds.</summary>
    private static void Fleet(int machines, int models)
    {
        string[] kinds =
        [
            "RTX 3060 12GB", "RTX 3090", "RTX 4060 Ti 16GB", "RTX 4090", "A100 40GB PCIe", "2x RTX 3090", "L40S",
            "4x RTX 3090", "RX 7900 XTX", "2x RTX 4090",
        ];
        var fleet = Enumerable.Range(0, machines).Select(i => new LabelledMachine(
            MachineSpecs.Create(
                GpuCatalog.ResolveMany(kinds[i % kinds.Length], null, NullSink.Instance),
                128L << 30,
                GpuCatalogLookup.Instance) with { ComputerName = $"N{i}" },
            $"R{i % 20}")).ToArray();
        var demands = ModelCatalog.All
            .Where(model => model.Layout is not null && model.ParameterCount is > 1_000_000_000 and < 40_000_000_000)
            .Take(models)
            .Select(model => new FleetDemand { Question = new FitQuestion { Model = model }, Replicas = 20 })
            .ToArray();
        var watch = Stopwatch.StartNew();
        var lines = FleetPlanner.Plan(
            fleet, demands, FleetObjective.FewestMachines, FleetSpread.Label, NullSink.Instance);
        Console.WriteLine(FormattableString.Invariant(
            $"{machines} machines x {demands.Length} models x 20 replicas: {watch.Elapsed.TotalSeconds:0.0} s, ")
            + $"{lines.Count(line => line.IsPlaced)} of {lines.Count} placed");
    }

    private static void Capacity(string name, ModelRuntime runtime, string gpus, Func<int, CapacityDemand> demand)
    {
        // Another model warms the code up, so that the first round finds nothing remembered of its own.
        var warm = Of("Qwen/Qwen3-4B", runtime, gpus);
        for (var i = 0; i < WarmRounds * Questions; i++)
            CapacityEngine.Plan(warm, demand(i % Questions), NullSink.Instance);
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
