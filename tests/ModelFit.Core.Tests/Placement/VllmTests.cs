using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Runtimes;
using ModelFit.Runtimes.Serving;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>vLLM's memory against its own logs, and what it can share.</summary>
public sealed class VllmTests
{
    private const double GiB = 1L << 30;

    [Theory]
    [InlineData("RTX 4090", "Fits", 1)]
    [InlineData("3x RTX 4060 Ti 16GB", "Fits", 2)]
    [InlineData("RTX 4060", "NoFit", 1)]
    [InlineData("Apple M4 Max 64GB", "NoFit", 1)]
    public void The_fewest_cards_that_divide_the_heads_take_part(string gpus, string verdict, int cards)
    {
        var plan = FitEngine.Plan(
            new FitQuestion
            {
                Model = ModelCatalog.Resolve("qwen3-8b", NullSink.Instance),
                Machine = Machines.Of(gpus, 64),
                Options = new RuntimeOptions { Runtime = ModelRuntime.Vllm },
            },
            NullSink.Instance);
        Assert.Equal(verdict, plan.Verdict);
        Assert.Equal("BF16", plan.Quantization);
        Assert.Equal(cards, plan.Devices.Count(device => device.Kind == "Gpu"));
        Assert.Equal(0, plan.HostBytes);
    }

    [Theory]
    [InlineData("BF16", null, false)]
    [InlineData("FP8", "fp8", false)]
    [InlineData("AWQ", null, true)]
    public void What_is_loaded_is_what_was_planned_or_said(string quantization, string? method, bool isWarned)
    {
        var messages = new RecordingSink();
        var plan = FitEngine.Plan(
            new FitQuestion
            {
                Model = ModelCatalog.Resolve("qwen3-8b", NullSink.Instance),
                Machine = Machines.Of("RTX 4090", 64),
                Quantization = quantization,
                Options = new RuntimeOptions { Runtime = ModelRuntime.Vllm },
            },
            messages);
        Assert.Equal(isWarned, messages.Warnings.Count == 1);
        var word = Array.IndexOf(plan.Arguments, "--quantization");
        Assert.Equal(method, word < 0 ? null : plan.Arguments[word + 1]);
    }

    /// <summary>The concurrency that a log prints is what the scheduler may use, not what has to be there.</summary>
    [Theory]
    [InlineData("--max-num-seqs 256")]
    [InlineData("--max_num_seqs=1024")]
    [InlineData("--max-num-batched-tokens 8k --max_num_seqs 64")]
    public void The_number_of_sequences_never_decides_whether_it_starts(string words)
    {
        var question = Read($"vllm serve Qwen/Qwen3-8B --max-model-len 8192 {words}", "qwen3-8b", "RTX 4090");
        Assert.Equal(1, question.Options.ParallelSequences);
        Assert.Equal("Fits", FitEngine.Plan(question, NullSink.Instance).Verdict);
    }

    /// <summary>Llama 3.1 8B was trained for 131,072 tokens, whose cache of 16 GiB has no room beside 15 GiB.</summary>
    [Fact]
    public void A_line_without_a_length_is_checked_at_the_models_own()
    {
        var question = Read("vllm serve x/y", "llama-3.1-8b-instruct", "RTX 4090");
        Assert.Equal(131072, question.Options.ContextLength);
        Assert.Equal("NoFit", FitEngine.Plan(question, NullSink.Instance).Verdict);
    }

    /// <summary>vllm/config/cache.py: 0.92 in 0.21 and later (logs of 0.22.1, 0.26.0), 0.9 before.</summary>
    [Theory]
    [InlineData(null, 0.92)]
    [InlineData("0.22.1", 0.92)]
    [InlineData("0.1.dev1+gda1daf40b", 0.92)]
    [InlineData("0.20.2", 0.9)]
    [InlineData("v0.11.0", 0.9)]
    [InlineData("0.10", 0.9)]
    public void A_line_without_a_share_has_its_versions(string? version, double share)
    {
        var line = LaunchReader.Parse("vllm serve a/b", NullSink.Instance);
        var asked = new FitQuestion
        {
            Model = SmallModels.Of(4),
            Options = new RuntimeOptions { RuntimeVersion = version },
        };
        var question = line.ApplyTo(asked);
        Assert.Equal(share, ((ServedRuntime)RuntimeList.Of(ModelRuntime.Vllm)).ShareSaid(question));
    }

    [Theory]
    [InlineData("--served-model-name x --port 8000", 0)]
    [InlineData("--enable_prefix_caching --no-enable-log-requests", 0)]
    [InlineData("--frobnicate secret", 1)]
    public void An_unknown_word_is_a_warning_without_its_value(string words, int warnings)
    {
        var sink = new RecordingSink();
        LaunchReader.Parse("vllm serve a/b " + words, sink);
        Assert.Equal(warnings, sink.Warnings.Count);
        Assert.DoesNotContain(sink.Warnings, warning => warning.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void What_an_engine_is_told_is_read_in_every_spelling()
    {
        var line = LaunchReader.Parse(
            "vllm serve a/b -tp 4 -pp=2 --data_parallel_size 3 -dcp 2 --enable_expert_parallel --enforce-eager "
            + "--kv-cache-memory-bytes 2G --block_size=32 --cpu-offload-gb 1.5 --enable-lora --max-loras 4 "
            + "--max-lora-rank 64 --speculative_config '{\"method\":\"mtp\",\"num_speculative_tokens\":2}' "
            + "--language-model-only --max-num-seqs 16 --max-num-batched-tokens 4096 --max-model-len auto",
            NullSink.Instance);
        Assert.Equal(4, line.TensorParallel);
        Assert.Equal(
            new ServingOptions
            {
                MaxSequences = 16, MaxBatchedTokens = 4096, PipelineParallel = 2, DataParallel = 3,
                ContextParallel = 2, ExpertParallel = true, Eager = true, CacheBytes = 2L << 30, BlockSize = 32,
                CpuOffloadBytes = 3L << 29, Adapters = 4, AdapterRank = 64, DraftMethod = "mtp", DraftTokens = 2,
                LanguageModelOnly = true, LongestContext = true, EngineChooses = true,
            },
            line.ApplyTo(new FitQuestion { Model = SmallModels.Of(4) }).Options.Serving);
    }

    /// <summary>huggingface.co/RedHatAI: repositories that vLLM's own quantizer makes.</summary>
    [Theory]
    [InlineData("RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w4a16", "W4A16")]
    [InlineData("RedHatAI/Qwen2.5-7B-Instruct-quantized.w8a8", "INT8")]
    [InlineData("RedHatAI/Qwen2.5-7B-Instruct-FP8-dynamic", "FP8")]
    public void Repositories_of_quantized_weights_are_known(string name, string quantization)
    {
        Assert.NotNull(ModelCatalog.Resolve(name, NullSink.Instance).ParameterCount);
        Assert.Equal(quantization, ModelCatalog.QuantizationIn(name));
    }

    [Theory]
    [InlineData("--quantization fp8", "FP8")]
    [InlineData("-q awq_marlin", "AWQ")]
    public void A_line_says_the_format(string words, string quantization) => Assert.Equal(
        quantization,
        Read($"vllm serve Qwen/Qwen3-8B --max-model-len 4096 {words}", "qwen3-8b", "RTX 4090").Quantization);

    private static FitQuestion Read(string text, string model, string gpus) =>
        LaunchReader.Parse(text, NullSink.Instance).ApplyTo(new FitQuestion
        {
            Model = ModelCatalog.Resolve(model, NullSink.Instance),
            Machine = Machines.Of(gpus, 64),
        });

    [Fact]
    public void Two_cards_that_share_are_faster_than_one_and_less_than_twice()
    {
        double Rate(string gpus, int? cards) => FitEngine.Plan(
            new FitQuestion
            {
                Model = ModelCatalog.Resolve("qwen3-8b", NullSink.Instance),
                Machine = Machines.Of(gpus),
                CardCount = cards,
                Options = new RuntimeOptions { Runtime = ModelRuntime.Vllm },
            },
            NullSink.Instance).DecodeTokensPerSecond!.Value;

        var (one, two) = (Rate("RTX 4090", null), Rate("2x RTX 4090", 2));
        Assert.InRange(two / one, 1.3, 2);
    }
}
