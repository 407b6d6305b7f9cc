using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Hardware;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Fit;

/// <summary>What an answer says about itself: why it is so, what would not start, what is not known.</summary>
public sealed class HonestyTests
{
    /// <summary>
    /// The refusals of llama_init_from_model and of the constructor of llama_context (src/llama-context.cpp).
    /// </summary>
    [Theory]
    [InlineData("qwen3-8b", KvCacheType.F16, KvCacheType.Q8_0, FlashAttentionMode.Off, 1, "flash attention")]
    [InlineData("phi-2", KvCacheType.Q8_0, KvCacheType.F16, FlashAttentionMode.Auto, 1, "multiple")]
    [InlineData("phi-2", KvCacheType.F16, KvCacheType.Q8_0, FlashAttentionMode.On, 1, "multiple")]
    [InlineData("deepseek-v3", KvCacheType.Q8_0, KvCacheType.F16, FlashAttentionMode.Auto, 1, "latent attention")]
    [InlineData("qwen3-8b", KvCacheType.F16, KvCacheType.F16, FlashAttentionMode.Auto, 257, "256 sequences")]
    [InlineData("qwen3-8b", KvCacheType.Q4_0, KvCacheType.Q8_0, FlashAttentionMode.Auto, 256, null)]
    [InlineData("phi-2", KvCacheType.Q8_0, KvCacheType.F16, FlashAttentionMode.Off, 1, null)]
    public void A_setting_with_which_llama_does_not_start_is_an_error(
        string model, KvCacheType key, KvCacheType value, FlashAttentionMode flash, int sequences, string? words)
    {
        var options = new RuntimeOptions
        {
            ContextLength = 256, KeyCacheType = key, ValueCacheType = value, FlashAttention = flash,
            ParallelSequences = sequences,
        };
        var error = Record.Exception(
            () => FitEngine.Test(Question(model, "RTX 3090") with { Options = options }, NullSink.Instance));
        if (words is null) Assert.Null(error);
        else Assert.Contains(words, Assert.IsType<ModelFitException>(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_that_are_pinned_to_memory_nobody_gave_are_no_lack_of_room()
    {
        var answer = FitEngine.Test(Question("qwen3-8b", "RTX 3090") with { GpuLayers = 30 }, NullSink.Instance);
        Assert.Equal(("Unknown", (bool?)null), (answer.Verdict, answer.Fits));
        Assert.Contains("-SystemMemory", answer.Reason, StringComparison.Ordinal);
    }

    /// <summary>
    /// 42 of 49 layers on an RTX 2080 of 8 GiB ran at 20.8 tokens/s in July 2026 (llmfit, pull request 778): 7,792 MiB
    /// and a CUDA context of 133 at least, of 7,807 to 7,977 that drivers report. Two layers more are too many.
    /// </summary>
    [Theory]
    [InlineData(42, "Offload")]
    [InlineData(44, "NoFit")]
    public void A_pinned_plan_fails_only_where_a_card_is_known_to_have_too_little(int layers, string verdict)
    {
        var question = Question("qwen2.5-14b", "RTX 2080") with
        {
            GpuLayers = layers, Options = new RuntimeOptions { ContextLength = 4096 },
        };
        question = question with { Machine = question.Machine! with { SystemMemoryBytes = 62L << 30 } };
        var answer = FitEngine.Test(question, NullSink.Instance);
        Assert.Equal(verdict, answer.Verdict);
        if (layers == 42) Assert.InRange(
            20.8, answer.DecodeTokensPerSecondLow!.Value, answer.DecodeTokensPerSecondHigh!.Value);
        Assert.Equal(verdict, FitEngine.Plan(question, NullSink.Instance).Verdict);
    }

    [Theory]
    [InlineData("b7000", true)]
    [InlineData("b9300", false)]
    [InlineData(null, false)]
    public void Until_December_2025_the_output_layer_came_last(string? build, bool isOnHost)
    {
        var question = Question("qwen2.5-14b", "RTX 3090") with
        {
            GpuLayers = 32, Options = new RuntimeOptions { ContextLength = 4096, RuntimeVersion = build },
        };
        question = question with { Machine = question.Machine! with { SystemMemoryBytes = 62L << 30 } };
        var plan = FitEngine.Plan(question, NullSink.Instance);
        Assert.Equal(isOnHost, plan.Devices[1].Layers!.Contains("output", StringComparison.Ordinal));
    }

    /// <summary>
    /// Until pull request 23764 of May 2026 a mask had 32 bits in system memory and was cast on the card: 24 MiB of it
    /// there for Llama 2 7B with 4,096 tokens (issue 22368, build 8931), 20 since.
    /// </summary>
    [Theory]
    [InlineData("b8931", "Modelled", 24)]
    [InlineData("b9380", "Modelled", 20)]
    [InlineData("0.4.2", "Modelled", 20)]
    [InlineData("0.5.0", "Exact", 20)]
    [InlineData(null, "Exact", 20)]
    public void A_build_that_was_not_compared_is_never_exact(string? build, string accuracy, int hostMib)
    {
        var question = Question("llama-2-7b", "RTX 3090") with
        {
            Quantization = "Q4_0", Options = new RuntimeOptions { ContextLength = 4096, RuntimeVersion = build },
        };
        question = question with { Machine = question.Machine! with { SystemMemoryBytes = 62L << 30 } };
        var plan = FitEngine.Plan(question, NullSink.Instance);
        Assert.Equal(accuracy, plan.Accuracy);
        Assert.Equal(hostMib, plan.Devices.Single(device => device.Kind == "Host").ComputeBytes!.Value >> 20);
    }

    [Theory]
    [InlineData("qwen3-32b", "AWQ", ModelRuntime.LlamaCpp, true)]
    [InlineData("qwen3-8b", "FP8", ModelRuntime.Ollama, true)]
    [InlineData("qwen3-8b", "MLX-4bit", ModelRuntime.LlamaCpp, true)]
    [InlineData("qwen3-8b", "MLX-4bit", ModelRuntime.LMStudio, false)]
    [InlineData("qwen3-8b", "Q4_K_M", ModelRuntime.LlamaCpp, false)]
    public void A_format_that_the_runtime_does_not_load_is_refused(
        string model, string quantization, ModelRuntime runtime, bool isRefused)
    {
        var question = Question(model, "RTX 3090") with
        {
            Quantization = quantization, Options = new RuntimeOptions { Runtime = runtime },
        };
        var error = Record.Exception(() => FitEngine.Plan(question, NullSink.Instance));
        if (!isRefused) Assert.Null(error);
        else Assert.Contains("does not load " + quantization, Assert.IsType<ModelFitException>(error).Message);
        Assert.NotNull(FitEngine.Measure(question, NullSink.Instance).TotalBytes);
    }

    /// <summary>
    /// Files of 2026 with and without the layer that drafts (sizes of the hub): a repository is taken by its size of
    /// Q8_0, and a model that is to draft as it is converted.
    /// </summary>
    [Theory]
    [InlineData("unsloth/Qwen3.6-27B-GGUF:Q8_0", 65)]
    [InlineData("unsloth/Qwen3.6-27B-GGUF:Q4_K_M", 65)]
    [InlineData("unsloth/Qwen3.8-27B-GGUF:Q8_0", 66)]
    [InlineData("unsloth/Qwen3.6-27B-MTP-GGUF:UD-Q4_K_XL", 66)]
    [InlineData("unsloth/Qwen3.6-35B-A3B-GGUF:UD-Q4_K_XL", 41)]
    [InlineData("unsloth/Qwen3.6-35B-A3B-MTP-GGUF:UD-Q4_K_XL", 42)]
    public void A_published_file_has_the_layer_that_drafts_or_not(string file, int layers)
    {
        var question = Question("qwen3-8b", "H100") with { Model = PublishedModels.Resolve(file, NullSink.Instance) };
        Assert.Equal(layers, FitEngine.Test(question, NullSink.Instance).TotalLayers);
    }

    [Fact]
    public void A_card_that_nobody_lists_is_what_its_memory_says()
    {
        var card = GpuCatalog.Resolve("Moore Threads S9999", 48L << 30, NullSink.Instance);
        Assert.Equal(("Moore Threads S9999", 48L << 30), (card.Name, card.MemoryBytes));
        Assert.Null(card.MemoryBandwidth);
        var two = GpuCatalog.ResolveMany("2x Moore Threads S9999", 48L << 30, NullSink.Instance);
        Assert.Equal(2, two.Count);
        Assert.Throws<ModelFitException>(() => GpuCatalog.Resolve("Moore Threads S9999", null, NullSink.Instance));
    }

    /// <summary>llama.cpp ignores -ngl where it has no card, as its image without a backend has none.</summary>
    [Fact]
    public void Layers_for_a_card_that_nobody_uses_are_in_system_memory()
    {
        var question = Question("qwen3-8b", "RTX 3090") with
        {
            GpuLayers = 99, IsLaunched = true, Options = new RuntimeOptions { Backend = ComputeBackend.Cpu },
        };
        question = question with { Machine = question.Machine! with { SystemMemoryBytes = 32L << 30 } };
        var answer = FitEngine.Test(question, NullSink.Instance);
        Assert.Equal(("Offload", 0, "Modelled"), (answer.Verdict, answer.GpuLayers, answer.Accuracy));
        question = question with { Machine = question.Machine! with { SystemMemoryBytes = null } };
        Assert.Equal("Unknown", FitEngine.Test(question, NullSink.Instance).Verdict);
    }

    /// <summary>131,072 tokens of an 8B model's F16 cache are 16 GiB, which -nkvo leaves in system memory.</summary>
    [Theory]
    [InlineData(16, "NoFit")]
    [InlineData(32, "Fits")]
    public void Nothing_fits_that_system_memory_has_no_room_for(int gibibytes, string verdict)
    {
        var question = Question("llama-3.1-8b", "RTX 3090");
        var answer = FitEngine.Test(
            question with
            {
                Machine = question.Machine! with { SystemMemoryBytes = (long)gibibytes << 30 },
                Options = new RuntimeOptions { ContextLength = 131_072, OffloadKv = false },
            },
            NullSink.Instance);
        Assert.Equal(verdict, answer.Verdict);
        if (verdict == "NoFit") Assert.Contains("in system memory", answer.Reason, StringComparison.Ordinal);
    }

    /// <summary>
    /// qwen2.5-14b Q4_K_M with 42 layers on an RTX 2080 of 8 GiB runs at 20.8 tokens/s: inside the reserve, as it was
    /// told.
    /// </summary>
    [Fact]
    public void A_pinned_part_inside_the_reserve_runs()
    {
        var question = Question("qwen2.5-14b", "RTX 2080") with
        {
            GpuLayers = 40, Options = new RuntimeOptions { ContextLength = 4096 },
        };
        question = question with { Machine = question.Machine! with { SystemMemoryBytes = 62L << 30 } };
        Assert.Equal("Offload", FitEngine.Test(question, NullSink.Instance).Verdict);
        Assert.Equal("Offload", FitEngine.Test(question with { IsLaunched = true }, NullSink.Instance).Verdict);
    }

    [Fact]
    public void A_shared_memory_of_unknown_size_is_unknown_not_none()
    {
        var question = Question("qwen3-8b", "Radeon 8060S");
        var unknown = FitEngine.Test(question, NullSink.Instance);
        Assert.Equal(("Unknown", (bool?)null), (unknown.Verdict, unknown.Fits));
        Assert.InRange(unknown.RequiredBytes!.Value, 5L << 30, 7L << 30);
        Assert.Contains("-SystemMemory", unknown.Reason);
        var known = question with { Machine = question.Machine! with { SystemMemoryBytes = 128L << 30 } };
        Assert.Equal("Fits", FitEngine.Test(known, NullSink.Instance).Verdict);
    }

    [Fact]
    public void A_card_of_unknown_memory_is_a_warning()
    {
        var messages = new RecordingSink();
        var question = Question("qwen3-8b", "RTX 3090");
        var cards = question.Machine!.Gpus.Select(card => card with { MemoryBytes = null }).ToArray();
        FitEngine.Test(question with { Machine = question.Machine with { Gpus = cards } }, messages);
        Assert.Contains("-GpuMemory", Assert.Single(messages.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_counted_for_the_runtime_is_said()
    {
        var messages = new RecordingSink();
        FitEngine.Test(Question("qwen3-8b", "RTX 4090"), messages);
        Assert.Contains(messages.Verboses, message => message.StartsWith(
            "Runtime overhead on each NVIDIA GeForce RTX 4090: 451 MiB (range ", StringComparison.Ordinal));
    }

    private static FitQuestion Question(string model, string gpu) => new()
    {
        Model = ModelCatalog.Resolve(model, NullSink.Instance),
        Machine = MachineSpecs.Create(
            [GpuCatalog.Resolve(gpu, null, NullSink.Instance)], null, GpuCatalogLookup.Instance),
    };
}
