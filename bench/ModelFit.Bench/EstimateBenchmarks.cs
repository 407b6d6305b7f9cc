using System.Collections.Generic;
using System.Linq;
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

    private int _turn;

    /// <summary>A verdict on a machine not asked before, of a model that was.</summary>
    [Benchmark]
    public object Verdict() => FitEngine.Test(Other(_verdict), NullSink.Instance);

    /// <summary>The same where experts go to system memory.</summary>
    [Benchmark]
    public object VerdictOffloaded() => FitEngine.Test(Other(_offload), NullSink.Instance);

    /// <summary>A plan of a 64-layer model over two cards and system memory.</summary>
    [Benchmark]
    public object PlanTwoCards() => FitEngine.Plan(Other(_plan), NullSink.Instance);

    /// <summary>What a model takes, asked again.</summary>
    [Benchmark]
    public object Measure() => FitEngine.Measure(_verdict, NullSink.Instance);

    /// <summary>The first exact estimate of a context not asked before.</summary>
    [Benchmark]
    public object MeasureAnew()
    {
        var options = _verdict.Options with { ContextLength = 4096 + (256 * (_turn++ % 100_000)) };
        return FitEngine.Measure(_verdict with { Options = options }, NullSink.Instance);
    }

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
