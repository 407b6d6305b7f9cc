using BenchmarkDotNet.Attributes;
using ModelFit.Catalog;
using ModelFit.Fit;

namespace ModelFit.Bench;

/// <summary>The first exact estimate under settings not asked before: a graph built, planned and laid out.</summary>
[MemoryDiagnoser]
public class FirstEstimateBenchmarks
{
    private FitQuestion? _question;
    private int _turn;

    /// <summary>A dense model of 32 layers, the largest ones, and the ones with most operations a layer.</summary>
    [Params(
        "meta-llama/Llama-3.1-8B-Instruct",
        "meta-llama/Llama-3.1-405B-Instruct",
        "deepseek-ai/DeepSeek-V3.2",
        "deepseek-ai/DeepSeek-V4-Pro",
        "moonshotai/Kimi-K3",
        "MiniMaxAI/MiniMax-M3")]
    public string Model { get; set; } = string.Empty;

    /// <summary>The backend; Vulkan also puts the nodes into another order.</summary>
    [Params(ComputeBackend.Cuda, ComputeBackend.Vulkan)]
    public ComputeBackend Backend { get; set; }

    /// <summary>Lays the model out.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _question = new FitQuestion
        {
            Model = ModelCatalog.Resolve(Model, NullSink.Instance),
            Quantization = "Q4_K_M",
            Options = new RuntimeOptions { Backend = Backend },
        };
        FitEngine.Measure(_question, NullSink.Instance);
    }

    /// <summary>A context not asked before.</summary>
    [Benchmark]
    public object MeasureAnew()
    {
        var options = _question!.Options with { ContextLength = 4096 + (64 * (_turn++ % 8192)) };
        return FitEngine.Measure(_question with { Options = options }, NullSink.Instance);
    }
}
