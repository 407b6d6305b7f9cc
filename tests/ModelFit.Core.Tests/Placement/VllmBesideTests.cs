using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Runtimes;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>What vLLM loads beside a model, and what its words change.</summary>
public sealed class VllmBesideTests
{
    private const double GiB = 1L << 30;

    private const string Llama = "vllm serve meta-llama/Llama-3.1-8B-Instruct --max-model-len 8192";

    /// <summary>
    /// A head has one layer of the model (218 million parameters) and what joins its inputs; with EAGLE-3 also twice as
    /// wide inputs and an output of 32,000 tokens (850 MB are published for Llama 3.1 8B); a small model has its own.
    /// </summary>
    [Theory]
    [InlineData("""{"method":"ngram","num_speculative_tokens":4}""", 0, 0)]
    [InlineData("""{"method":"eagle","model":"x/EAGLE-8B","num_speculative_tokens":3}""", 0.47, 1.0 / 32)]
    [InlineData("""{"method":"eagle3","model":"x/EAGLE3-8B","num_speculative_tokens":3}""", 0.79, 1.0 / 32)]
    [InlineData("""{"model":"x/llama-eagle3-8b","num_speculative_tokens":3}""", 0.79, 1.0 / 32)]
    [InlineData("""{"model":"meta-llama/Llama-3.2-1B-Instruct","num_speculative_tokens":3}""", 2.3, 0.25)]
    public void A_drafter_has_weights_and_a_cache(string config, double weightsGiB, double cacheShare)
    {
        var (plain, drafted) = (Ask(Llama), Ask($"{Llama} --speculative-config '{config}'"));
        Assert.Equal(weightsGiB, (drafted.WeightBytes!.Value - plain.WeightBytes!.Value) / GiB, 1);
        Assert.Equal(1 + cacheShare, (double)drafted.KvCacheBytes!.Value / plain.KvCacheBytes!.Value, 2);
    }

    [Fact]
    public void A_drafter_that_is_not_known_is_said_not_to_be_counted()
    {
        var asked = Ask($"{Llama} --speculative-config.model nobody/tiny --speculative-config.num_speculative_tokens "
            + $"2");
        Assert.Equal("Approximate", asked.Accuracy);
        Assert.Contains("drafter", asked.Assumptions, StringComparison.Ordinal);
    }

    /// <summary>vLLM publishes 9.62 GiB for a request of 1 Mi tokens of V4 Pro, its FP4 experts fit 8 B200.</summary>
    [Fact]
    public void DeepSeek_V4_has_a_compressed_cache_and_small_experts()
    {
        var asked = Ask("vllm serve deepseek-ai/DeepSeek-V4-Pro -tp 8", "8x B200");
        Assert.Equal("Fits", asked.Verdict);
        Assert.Equal(9.62, asked.KvCacheBytes!.Value / 8 / GiB, 1);
        Assert.Equal("Approximate", asked.Accuracy);
    }

    [Fact]
    public void States_are_kept_as_the_mode_says()
    {
        const string line = "vllm serve Qwen/Qwen3-Next-80B-A3B-Instruct -tp 4 --max-model-len 32768";
        long Cache(string words) => Ask(line + words, "4x H100").KvCacheBytes!.Value;
        var none = Cache(" --mamba-cache-mode none");
        Assert.True(none < Cache(" --mamba-cache-mode align"));
        Assert.True(Cache(" --mamba-cache-mode align") < Cache(" --mamba-cache-mode all"));
        Assert.True(Cache(" --mamba-cache-mode none --mamba-ssm-cache-dtype bfloat16") < none);
    }

    [Theory]
    [InlineData("--limit-mm-per-prompt '{\"image\":0}'", true)]
    [InlineData("--limit_mm_per_prompt=image=0,video=0", true)]
    [InlineData("--limit-mm-per-prompt '{\"image\":2}'", false)]
    public void A_model_that_takes_no_image_is_loaded_without_its_encoder(string words, bool isLeftOut)
    {
        const string line = "vllm serve google/gemma-3-27b-it --max-model-len 8192 ";
        Assert.Equal(isLeftOut, Ask(line + words).WeightBytes < Ask(line).WeightBytes);
    }

    [Theory]
    [InlineData("--config site.yaml")]
    [InlineData("--kv-offloading-size 32")]
    [InlineData("--enable-dbo")]
    [InlineData("--hf-overrides '{}'")]
    public void What_changes_the_memory_and_is_not_counted_is_a_warning(string words)
    {
        var messages = new RecordingSink();
        var line = LaunchReader.Parse($"{Llama} {words}", messages);
        Assert.Single(messages.Warnings);
        Assert.Single(line.Uncounted);
    }

    /// <summary>
    /// AutoRound reaches linear attention, which AWQ and GPTQ leave at 16 bit: "Checkpoint size: 17.69 GiB" in a log of
    /// May 2026 (club-3090, issue 142), and the cache of two RTX 3090 held 620,944 tokens (issue 295).
    /// </summary>
    [Fact]
    public void AutoRound_leaves_little_at_16_bit()
    {
        var read = LaunchReader.Parse(
            "vllm serve Qwen/Qwen3.6-27B-int4-AutoRound --dtype float16 --max-model-len 262144 -tp 2 "
                + "--kv-cache-dtype fp8_e5m2 --max-num-batched-tokens 8192 --max-num-seqs 2 "
                + "--speculative-config '{\"method\":\"mtp\",\"num_speculative_tokens\":3}'",
            NullSink.Instance);
        var answer = FitEngine.Test(
            read.ApplyTo(new FitQuestion
            {
                Model = ModelCatalog.Resolve("Qwen/Qwen3.6-27B", NullSink.Instance),
                Quantization = "AutoRound",
                Machine = Machines.Of("2x RTX 3090", 64),
            }),
            NullSink.Instance);
        Assert.InRange(answer.WeightBytes!.Value / (double)(1L << 30), 17.69 * 0.98, 17.69 * 1.06);
        Assert.InRange(answer.KvCacheCapacityTokens!.Value, 620_944 * 0.95, 620_944 * 1.05);
    }

    [Theory]
    [InlineData(ModelRuntime.Vllm)]
    [InlineData(ModelRuntime.SGLang)]
    public void A_published_GGUF_is_no_premise_where_it_is_not_loaded(ModelRuntime runtime)
    {
        var answer = FitEngine.Test(
            new FitQuestion
            {
                Model = ModelCatalog.Resolve("Qwen/Qwen3-32B", NullSink.Instance),
                Machine = Machines.Of("H200", 64),
                Options = new RuntimeOptions { Runtime = runtime },
            },
            NullSink.Instance);
        Assert.DoesNotContain("gguf", answer.Assumptions, StringComparison.OrdinalIgnoreCase);
        Assert.Null(answer.File);
    }

    /// <summary>
    /// vLLM's own number serves short requests together; what was asked for is told; a card that is nearly full gets
    /// fewer, which take less for logits.
    /// </summary>
    [Theory]
    [InlineData("RTX 4090", 1, "256")]
    [InlineData("H100", 1, "1024")]
    [InlineData("H100", 16, "16")]
    public void A_plan_leaves_the_batch_to_the_engine(string gpus, int sequences, string most)
    {
        var plan = Plan("Qwen/Qwen3-8B", gpus, new() { Runtime = ModelRuntime.Vllm, ParallelSequences = sequences });
        Assert.Equal("Fits", plan.Verdict);
        Assert.Equal(most, plan.Arguments[Array.IndexOf(plan.Arguments, "--max-num-seqs") + 1]);
    }

    [Fact]
    public void MLX_is_not_told_to_load_another_quantization_in_silence()
    {
        var messages = new RecordingSink();
        Plan("Qwen/Qwen3-8B", "Apple M4 Max 64GB", new() { Runtime = ModelRuntime.Mlx }, messages);
        Assert.Single(messages.Warnings);
    }

    private static OffloadPlan Plan(string model, string gpus, RuntimeOptions options, IMessageSink? messages = null) =>
        FitEngine.Plan(
            new FitQuestion
            {
                Model = ModelCatalog.Resolve(model, NullSink.Instance),
                Machine = Machines.Of(gpus, 64),
                Options = options,
            },
            messages ?? NullSink.Instance);

    private static ModelFitResult Ask(string words, string gpus = "H100")
    {
        var line = LaunchReader.Parse(words, NullSink.Instance);
        return FitEngine.Test(
            line.ApplyTo(new FitQuestion
            {
                Model = ModelCatalog.Resolve(line.Model!, NullSink.Instance), Machine = Machines.Of(gpus, 512),
            }),
            NullSink.Instance);
    }
}
