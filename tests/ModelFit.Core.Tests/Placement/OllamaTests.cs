using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Runtimes;
using ModelFit.Runtimes.Ollama;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>What Ollama chooses since 0.30, when it starts llama-server, and before.</summary>
public sealed class OllamaTests
{
    [Theory]
    [InlineData("RTX 3060 12GB", 4096)]
    [InlineData("RTX 3090", 32768)]
    [InlineData("2x RTX 3090", 40960)]
    public void The_context_follows_the_memory_of_the_cards(string gpus, int context)
    {
        var plan = Plan("ollama run qwen3:8b", gpus);
        Assert.Equal(context, plan.ContextLength);
        Assert.Contains("Ollama takes", plan.Reason, StringComparison.Ordinal);
        Assert.Equal(2048, Plan("OLLAMA_CONTEXT_LENGTH=2048 ollama serve", gpus).ContextLength);
    }

    [Theory]
    [InlineData(4096, 512)]
    [InlineData(8192, 1024)]
    [InlineData(40960, 2048)]
    public void Batches_follow_the_context(int context, int batch)
    {
        var plan = Typed(context, null);
        Assert.Equal((batch, batch), (plan.BatchSize, plan.MicroBatchSize));
        Assert.DoesNotContain("num_batch", plan.Configuration, StringComparison.Ordinal);
    }

    [Fact]
    public void A_longer_context_than_the_trained_one_is_cut_and_said()
    {
        var plan = Typed(65536, null);
        Assert.Equal(40960, plan.ContextLength);
        Assert.Contains("the trained 40960 tokens, so 65536 are not used", plan.Reason, StringComparison.Ordinal);
    }

    /// <summary>
    /// server/sched.go: 75 % of what is free for 1,024 tokens, 60 % for 2,048, and room for their buffers.
    /// </summary>
    [Theory]
    [InlineData(8192, 6, 12, 1024)]
    [InlineData(8192, 10, 12, 512)]
    [InlineData(65536, 8, 12, 1024)]
    [InlineData(65536, 6, 24, 2048)]
    [InlineData(4096, 11, 12, 512)]
    public void A_batch_leaves_its_part_of_the_free_memory(int tokens, int foretoldGiB, int freeGiB, int batch) =>
        Assert.Equal(batch, OllamaVersion.Batch(tokens, (long)foretoldGiB << 30, (long)freeGiB << 30));

    /// <summary>
    /// Without flash attention the buffers grow with the context: small cards of NVIDIA have smaller batches
    /// (server/sched.go, constrainedCUDAWithoutFlashAttention).
    /// </summary>
    [Theory]
    [InlineData("RTX 3060 12GB", 16_384, 512)]
    [InlineData("RTX 4060", 16_384, 256)]
    [InlineData("RTX 4060", 4096, 512)]
    public void A_batch_without_flash_attention_is_small(string gpu, int context, int batch)
    {
        var line = FormattableString.Invariant($"OLLAMA_FLASH_ATTENTION=0 OLLAMA_CONTEXT_LENGTH={context} ")
            + "ollama run qwen3:4b";
        var read = LaunchReader.Parse(line, NullSink.Instance);
        var answer = FitEngine.Test(
            read.ApplyTo(new FitQuestion
            {
                Model = PublishedModels.Resolve("qwen3-4b", NullSink.Instance), Machine = Machines.Of(gpu, 32),
            }),
            NullSink.Instance);
        Assert.Equal(batch, answer.MicroBatchSize);
    }

    [Theory]
    [InlineData("ollama run qwen3.6:27b-mtp", 4)]
    [InlineData("FROM qwen3.6:27b\nPARAMETER draft_num_predict 2", 2)]
    [InlineData("FROM qwen3.6:27b-mtp\nPARAMETER draft_num_predict 0", 0)]
    [InlineData("ollama run qwen3.6:27b", null)]
    public void The_models_own_layers_draft_where_the_tag_or_a_parameter_says(string line, int? tokens)
    {
        var question = LaunchReader.Parse(line, NullSink.Instance).ApplyTo(new FitQuestion
        {
            Model = ModelCatalog.Resolve("Qwen/Qwen3.6-27B", NullSink.Instance), Machine = Machines.Of("RTX 3090", 64),
        });
        Assert.Equal(tokens, question.Options.Speculation?.Tokens);
        Assert.Equal(tokens > 0, question.Options.LoadMtp);
        if (tokens is null) return;
        var plan = FitEngine.Plan(question, NullSink.Instance);
        Assert.Contains($"draft_num_predict {tokens}", plan.Configuration, StringComparison.Ordinal);
    }

    /// <summary>A published file has such layers: they lie, and there is one state, not one a drafted token.</summary>
    [Fact]
    public void A_file_that_is_not_told_to_draft_does_not()
    {
        var answer = FitEngine.Test(
            new FitQuestion
            {
                Model = PublishedModels.Resolve("unsloth/Qwen3.8-27B-GGUF", NullSink.Instance),
                Machine = Machines.Of("RTX 5090", 64),
                Options = new RuntimeOptions { Runtime = ModelRuntime.Ollama, ContextLength = 8192 },
            },
            NullSink.Instance);
        Assert.DoesNotContain("LoadMtp", answer.RuntimeOption ?? string.Empty, StringComparison.Ordinal);
        Assert.Equal((long)((512 + 149.625) * (1 << 20)), answer.KvCacheBytes);
    }

    [Fact]
    public void A_model_that_fits_one_card_goes_to_one()
    {
        var plan = Plan("ollama run qwen3:8b", "2x RTX 3090");
        Assert.Single(plan.Devices, device => device.WeightBytes > 0 && device.Kind == "Gpu");
    }

    [Fact]
    public void Layers_are_left_to_the_fit_unless_they_are_pinned()
    {
        Assert.DoesNotContain("num_gpu", Typed(8192, null).Configuration, StringComparison.Ordinal);
        Assert.DoesNotContain("FLASH", Typed(8192, null).Environment, StringComparison.Ordinal);
        Assert.Contains("num_gpu 20", Typed(8192, null, 20).Configuration, StringComparison.Ordinal);
        Assert.Contains("num_gpu", Typed(8192, "0.12.3").Configuration, StringComparison.Ordinal);
    }

    private static OffloadPlan Typed(int context, string? version, int? layers = null) => FitEngine.Plan(
        new FitQuestion
        {
            Model = ModelCatalog.Resolve("qwen3-8b", NullSink.Instance),
            Machine = Machines.Of("RTX 3090", 64),
            GpuLayers = layers,
            Options = new RuntimeOptions
            {
                Runtime = ModelRuntime.Ollama, ContextLength = context, RuntimeVersion = version,
            },
        },
        NullSink.Instance);

    /// <summary>
    /// Integrated GPUs are left out but for NVIDIA's, Apple's and the Radeon 8060S (discover/runner.go,
    /// filterIntegratedGPUs), and of two vendors' cards those with the most memory are taken (server/sched.go).
    /// </summary>
    [Theory]
    [InlineData("", "Intel UHD Graphics 770", 0)]
    [InlineData("OLLAMA_IGPU_ENABLE=1 ", "Intel UHD Graphics 770", 1)]
    [InlineData("OLLAMA_IGPU_ENABLE=1 OLLAMA_VULKAN=0 ", "Intel UHD Graphics 770", 0)]
    [InlineData("", "Radeon 780M", 0)]
    [InlineData("", "Radeon 8060S", 1)]
    [InlineData("OLLAMA_IGPU_ENABLE=0 ", "Radeon 8060S", 0)]
    [InlineData("", "GB10", 1)]
    [InlineData("", "Apple M4 Max 64GB", 1)]
    [InlineData("", "RTX 3060 12GB + Radeon 780M", 1)]
    [InlineData("", "RTX 3060 12GB + RX 7900 XTX", 1)]
    [InlineData("OLLAMA_LLM_LIBRARY=vulkan OLLAMA_SCHED_SPREAD=1 ", "RTX 3060 12GB + RX 7900 XTX", 2)]
    [InlineData("OLLAMA_LLM_LIBRARY=cpu ", "RTX 3060 12GB", 0)]
    [InlineData("OLLAMA_LLM_LIBRARY=cuda_v13 OLLAMA_SCHED_SPREAD=1 ", "2x RTX 3060 12GB", 2)]
    [InlineData("OLLAMA_SCHED_SPREAD=0 ", "2x RTX 3060 12GB", 1)]
    public void The_cards_are_those_that_the_server_takes(string variables, string gpus, int cards)
    {
        var line = LaunchReader.Parse(variables + "ollama run qwen3:4b", NullSink.Instance);
        var plan = FitEngine.Plan(
            line.ApplyTo(new FitQuestion
            {
                Model = ModelCatalog.Resolve("Qwen/Qwen3-4B", NullSink.Instance), Machine = Machines.Of(gpus, 64),
            }),
            NullSink.Instance);
        Assert.Equal(cards, plan.Devices.Count(device => device.Kind == "Gpu" && device.TotalBytes > 0));
    }

    /// <summary>Bytes that are withheld of each card do not count for the context (server/routes.go).</summary>
    [Theory]
    [InlineData("", 32_768)]
    [InlineData("OLLAMA_GPU_OVERHEAD=2147483648 ", 4_096)]
    public void Withheld_memory_does_not_count_for_the_context(string variables, int context) =>
        Assert.Equal(context, Plan(variables + "ollama run qwen3:8b", "RTX 3090").ContextLength);

    private static OffloadPlan Plan(string line, string gpus) => FitEngine.Plan(
        LaunchReader.Parse(line, NullSink.Instance).ApplyTo(new FitQuestion
        {
            Model = ModelCatalog.Resolve("qwen3-8b", NullSink.Instance), Machine = Machines.Of(gpus, 64),
        }),
        NullSink.Instance);
}
