using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Fit;

/// <summary>What each runtime refuses to start with is an error; of the caches of llama.cpp see HonestyTests.</summary>
public sealed class RefusalTests
{
    private static readonly RuntimeOptions Usual = new();

    public static TheoryData<string, RuntimeOptions, bool> Settings => new()
    {
        { "qwen3-8b", Usual, false },
        { "qwen3-8b", Usual with { OutputCount = 2, ParallelSequences = 4 }, true },
        { "qwen3-8b", Usual with { OutputCount = 0, ParallelSequences = 4 }, false },
        { "qwen3-8b", Usual with { OutputCount = 4, ParallelSequences = 4 }, false },
        { "qwen3-8b", Cache(KvCacheType.Q8_0, KvCacheType.Q4_0), false },
        { "qwen3-8b", Cache(KvCacheType.Q8_0, KvCacheType.F16) with { Runtime = ModelRuntime.Ollama }, true },
        { "qwen3-8b", Cache(KvCacheType.Q4_0, KvCacheType.Q4_0) with { Runtime = ModelRuntime.Vllm }, true },
        { "qwen3-8b", Cache(KvCacheType.Q8_0, KvCacheType.Q8_0) with { Runtime = ModelRuntime.Vllm }, false },
        { "qwen3-8b", Usual with { ContextLength = 1_000_000, Runtime = ModelRuntime.Vllm }, true },
        { "qwen3-8b", Usual with { ContextLength = 1_000_000 }, false },

        // Asked of llama.cpp: "hash set full" where the graph of phi-4 takes 2,058 of 2,053 places.
        { "phi-4", Both(KvCacheType.Q8_0), false },
        { "phi-4", Both(KvCacheType.Q8_0) with { ParallelSequences = 2 }, true },
        { "phi-4", Both(KvCacheType.Q8_0) with { ParallelSequences = 2, Runtime = ModelRuntime.Ollama }, false },
        { "phi-4", Both(KvCacheType.Q8_0) with { ParallelSequences = 2, KvUnified = true }, false },
        { "phi-4", Cache(KvCacheType.Q8_0, KvCacheType.F16) with { ParallelSequences = 2 }, false },
        // Asked of llama.cpp: its last reserved graph is that of one sequence, whose tokens the caches must divide.
        { "kimi-linear", Usual with { ParallelSequences = 3 }, true },
        { "kimi-linear", Usual with { ParallelSequences = 3, MicroBatchSize = 510 }, false },
        { "kimi-linear", Usual with { ParallelSequences = 3, KvUnified = true }, false },
        { "kimi-linear", Usual with { ParallelSequences = 2 }, false },
        { "granite-3.0-1b-a400m-base", Both(KvCacheType.Q8_0), true },
        { "granite-3.0-1b-a400m-base", Cache(KvCacheType.Q8_0, KvCacheType.F16), false },
        { "phi-4-mini", Both(KvCacheType.Q8_0) with { ParallelSequences = 2 }, false },
    };

    /// <summary>
    /// Quantizations of GGUF files are no formats of vLLM, SGLang and MLX, which load published weights.
    /// </summary>
    [Theory]
    [InlineData(ModelRuntime.Vllm, "Q4_K_M", true)]
    [InlineData(ModelRuntime.SGLang, "Q8_0", true)]
    [InlineData(ModelRuntime.Mlx, "Q4_K_M", true)]
    [InlineData(ModelRuntime.Vllm, "BF16", false)]
    [InlineData(ModelRuntime.Vllm, "NVFP4", false)]
    [InlineData(ModelRuntime.Mlx, "MLX-4bit", false)]
    [InlineData(ModelRuntime.LlamaCpp, "AWQ", true)]
    public void A_format_is_refused_where_the_runtime_does_not_load_it(
        ModelRuntime runtime, string format, bool isRefused)
    {
        var question = new FitQuestion
        {
            Model = ModelCatalog.Resolve("qwen3-8b", NullSink.Instance),
            Quantization = format,
            Machine = Machines.Of(runtime == ModelRuntime.Mlx ? "M4 Max 64GB" : "RTX 3090", 64),
            Options = Usual with { Runtime = runtime },
        };
        var error = Record.Exception(() => FitEngine.Test(question, NullSink.Instance));
        Assert.Equal(isRefused, error is ModelFitException { ErrorId: ErrorIds.InvalidArgument });
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Settings_are_refused_where_the_runtime_does(string model, RuntimeOptions options, bool isRefused)
    {
        var question = new FitQuestion
        {
            Model = ModelCatalog.Resolve(model, NullSink.Instance),
            Machine = Machines.OfSizes(64, 24),
            Options = options,
        };
        if (isRefused)
        {
            var error = Assert.Throws<ModelFitException>(() => FitEngine.Test(question, NullSink.Instance));
            Assert.Equal(ErrorIds.InvalidArgument, error.ErrorId);
            var again = Assert.Throws<ModelFitException>(() => FitEngine.Measure(question, NullSink.Instance));
            Assert.Equal(error.Message, again.Message);
        }
        else
        {
            Assert.NotEmpty(FitEngine.Test(question, NullSink.Instance).Verdict);
        }
    }

    [Theory]
    [InlineData("phi-4", KvCacheType.Q8_0)]
    [InlineData("kimi-linear", KvCacheType.F16)]
    public void The_most_sequences_are_some_that_start(string model, KvCacheType type)
    {
        var question = new FitQuestion
        {
            Model = ModelCatalog.Resolve(model, NullSink.Instance),
            Machine = Machines.OfSizes(64, 48),
            Options = Both(type) with { ContextLength = 1024 },
        };
        var most = FitEngine.Test(question, NullSink.Instance).MaxParallelSequences;
        var again = question with { Options = question.Options with { ParallelSequences = most!.Value } };
        Assert.Equal("Fits", FitEngine.Test(again, NullSink.Instance).Verdict);
    }

    private static RuntimeOptions Both(KvCacheType type) => Cache(type, type);

    private static RuntimeOptions Cache(KvCacheType key, KvCacheType value) =>
        Usual with { KeyCacheType = key, ValueCacheType = value };
}
