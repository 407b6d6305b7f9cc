using BenchmarkDotNet.Attributes;
using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Hardware;

namespace ModelFit.Bench;

/// <summary>One question in Core, asked again and again of other cards as a fleet does.</summary>
[MemoryDiagnoser]
public class EstimateBenchmarks
{
    private readonly FitQuestion _verdict = Question("meta-llama/Llama-3.1-8B-Instruct", "RTX 3090");
    private readonly FitQuestion _offload = Question("mistralai/Mixtral-8x22B-v0.1", "RTX 3090");
    private readonly FitQuestion _plan = Question("Qwen/Qwen2.5-32B-Instruct", "2x RTX 3060");

    private FitQuestion[] _elsewhere = [];
    private int _turn;

    /// <summary>Makes the cards and machines that memory is asked for, so that what asks costs nothing.</summary>
    [GlobalSetup]
    public void Setup() => _elsewhere = Enumerable.Range(0, 64)
        .Select(turn => Question("meta-llama/Llama-3.1-8B-Instruct", turn % 2 == 0 ? "RTX 3090" : "RTX 4090"))
        .Select(Other)
        .ToArray();

    /// <summary>A verdict on a machine not asked before, of a model that was.</summary>
    [Benchmark]
    public object Verdict() => FitEngine.Test(Other(_verdict), NullSink.Instance);

    /// <summary>The same where experts go to system memory.</summary>
    [Benchmark]
    public object VerdictOffloaded() => FitEngine.Test(Other(_offload), NullSink.Instance);

    /// <summary>A plan of a 64-layer model over two cards and system memory.</summary>
    [Benchmark]
    public object PlanTwoCards() => FitEngine.Plan(Other(_plan), NullSink.Instance);

    /// <summary>What a model takes, asked again for another card and machine.</summary>
    [Benchmark]
    public object Measure() => FitEngine.Measure(_elsewhere[_turn++ % _elsewhere.Length], NullSink.Instance);

    private static FitQuestion Question(string model, string gpus) => new()
    {
        Model = ModelCatalog.Resolve(model, NullSink.Instance),
        Quantization = "Q4_K_M",
        Machine = Machine(GpuCatalog.ResolveMany(gpus, null, NullSink.Instance), 0),
    };

    private static MachineSpec Machine(IReadOnlyList<GpuSpec> gpus, int turn) =>
        MachineSpecs.Create(gpus, (128L << 30) + turn, GpuCatalogLookup.Instance);

    /// <summary>The question for a machine with a few bytes more.</summary>
    private FitQuestion Other(FitQuestion question)
    {
        _turn++;
        var gpus = question.Machine!.Gpus
            .Select(gpu => gpu with { MemoryBytes = gpu.MemoryBytes + _turn % 1024 }).ToArray();
        return question with { Machine = question.Machine with { Gpus = gpus } };
    }
}
