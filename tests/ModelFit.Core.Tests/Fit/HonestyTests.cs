using System;
using System.Linq;
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
        Assert.Equal("NoFit", answer.Verdict);
        Assert.Contains("pinned to system memory", answer.Reason, StringComparison.Ordinal);
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
    public void A_shared_memory_of_unknown_size_is_an_error_not_none()
    {
        var question = Question("qwen3-8b", "Radeon 8060S");
        var error = Assert.Throws<ModelFitException>(() => FitEngine.Test(question, NullSink.Instance));
        Assert.Equal(ErrorIds.MissingColumn, error.ErrorId);
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
        Assert.Contains(messages.Verboses, message => message.StartsWith("451 MiB", StringComparison.Ordinal));
    }

    private static FitQuestion Question(string model, string gpu) => new()
    {
        Model = ModelCatalog.Resolve(model, NullSink.Instance),
        Machine = MachineSpecs.Create(
            [GpuCatalog.Resolve(gpu, null, NullSink.Instance)], null, GpuCatalogLookup.Instance),
    };
}
