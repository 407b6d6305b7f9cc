using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Questions;
using ModelFit.Runtimes;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>
/// The types of a cache by the words that people type: each runtime has its own (vllm/config/cache.py, CacheDType;
/// vllm/v1/kv_cache_interface.py, AttentionSpec; srt/server_args.py of SGLang).
/// </summary>
public sealed class CacheTypeTests
{
    /// <summary>Keys and values of 36 layers with 8 heads of 128 numbers.</summary>
    private const int Heads = 36 * 8 * 2;

    [Theory]
    [InlineData(ModelRuntime.Vllm, "auto", 256)]
    [InlineData(ModelRuntime.Vllm, "bfloat16", 256)]
    [InlineData(ModelRuntime.Vllm, "fp8", 128)]
    [InlineData(ModelRuntime.Vllm, "fp8_e4m3", 128)]
    [InlineData(ModelRuntime.Vllm, "fp8_e5m2", 128)]
    [InlineData(ModelRuntime.Vllm, "Q8_0", 128)]
    [InlineData(ModelRuntime.Vllm, "int8_per_token_head", 128 + 4)]
    [InlineData(ModelRuntime.Vllm, "fp8_per_token_head", 128 + 4)]
    [InlineData(ModelRuntime.Vllm, "int4_per_token_head", 64 + 4)]
    [InlineData(ModelRuntime.Vllm, "nvfp4", 64 + 8)]
    [InlineData(ModelRuntime.SGLang, "fp8_e5m2", 128)]
    [InlineData(ModelRuntime.SGLang, "fp4_e2m1", 64 + 8)]
    [InlineData(ModelRuntime.LlamaCpp, "q8_0", 4 * 34)]
    [InlineData(ModelRuntime.LlamaCpp, "float16", 256)]
    public void A_word_is_the_type_that_the_runtime_has(ModelRuntime runtime, string word, int headBytes)
    {
        var answer = FitEngine.Test(Asked(runtime, word), NullSink.Instance);
        Assert.Equal((long)Heads * headBytes * 8192, answer.KvCacheBytes);
    }

    [Theory]
    [InlineData(ModelRuntime.LlamaCpp, "fp8")]
    [InlineData(ModelRuntime.Ollama, "fp8_e4m3")]
    [InlineData(ModelRuntime.LMStudio, "nvfp4")]
    [InlineData(ModelRuntime.Vllm, "q4_0")]
    [InlineData(ModelRuntime.Vllm, "float32")]
    [InlineData(ModelRuntime.SGLang, "int8")]
    public void A_type_that_a_runtime_lacks_is_refused_with_those_that_it_has(ModelRuntime runtime, string word)
    {
        var error = Assert.Throws<ModelFitException>(() => FitEngine.Test(Asked(runtime, word), NullSink.Instance));
        Assert.Equal(ErrorIds.InvalidArgument, error.ErrorId);
        Assert.Contains("cache: it has F16, BF16", error.Message);
    }

    /// <summary>The words of a line are those of the parameter, and a plan's line has the runtime's own.</summary>
    [Theory]
    [InlineData("vllm serve Qwen/Qwen3-8B --max-model-len 8192 --kv-cache-dtype ", ModelRuntime.Vllm, "int8",
        "int8_per_token_head")]
    [InlineData("vllm serve Qwen/Qwen3-8B --max-model-len 8192 --kv-cache-dtype ", ModelRuntime.Vllm, "fp8_e5m2",
        "fp8")]
    [InlineData("python -m sglang.launch_server --model-path Qwen/Qwen3-8B --context-length 8192 --kv-cache-dtype ",
        ModelRuntime.SGLang, "fp4_e2m1", "fp4_e2m1")]
    public void A_line_has_the_same_words(string line, ModelRuntime runtime, string word, string written)
    {
        var asked = Asked(runtime, word);
        var read = LaunchReader.Parse(line + word, NullSink.Instance).ApplyTo(asked with { Options = new() });
        Assert.Equal(asked.Options.KeyCacheType, read.Options.KeyCacheType);
        Assert.Contains("--kv-cache-dtype " + written, FitEngine.Plan(asked, NullSink.Instance).CommandLine);
    }

    /// <summary>Without the vector's turn and its own rows: said, and no more than approximate.</summary>
    [Fact]
    public void A_type_that_is_not_followed_is_said()
    {
        const string line = "vllm serve Qwen/Qwen3-8B --max-model-len 8192 --kv-cache-dtype turboquant_4bit_nc";
        var read = LaunchReader.Parse(line, NullSink.Instance).ApplyTo(Asked(ModelRuntime.Vllm, "auto"));
        var answer = FitEngine.Test(read, NullSink.Instance);
        Assert.Equal("Approximate", answer.Accuracy);
        Assert.Contains("turboquant_4bit_nc is counted as NVFP4", answer.Assumptions);
    }

    private static FitQuestion Asked(ModelRuntime runtime, string word)
    {
        var type = (KvCacheType)PartText.CacheType(word)!;
        return new FitQuestion
        {
            Model = PublishedModels.Resolve("qwen3-8b", NullSink.Instance),
            Machine = Machines.Of("RTX 4090"),
            Options = new() { Runtime = runtime, KeyCacheType = type, ValueCacheType = type },
        };
    }
}
