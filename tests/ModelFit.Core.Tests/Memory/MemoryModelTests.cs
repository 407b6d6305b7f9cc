using ModelFit.Graph;
using ModelFit.Graph.Backends;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Runtimes.LlamaCpp;
using ModelFit.Testing;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Memory;

public sealed class MemoryModelTests
{
    private static readonly Lazy<Dictionary<string, ModelDefinition>> Headers =
        new(() => CompactHeaders.Read(RepositoryFolder.Path("tests", "data", "memory", "headers.txt")));

    [Fact]
    public void The_same_question_has_the_same_answer_object()
    {
        var model = Headers.Value["llama-3.1-8b-Q4_K_M"];
        var first = MemoryModel.Measure(model, new RuntimeOptions(), new DeviceLayout());
        Assert.Same(first, MemoryModel.Measure(model, new RuntimeOptions(), new DeviceLayout()));
        Assert.NotSame(first, MemoryModel.Measure(model, new RuntimeOptions(), new DeviceLayout { GpuLayers = 3 }));
    }

    /// <summary>Overrides are what --n-cpu-moe is made of (common/arg.cpp), so both must place the same.</summary>
    [Fact]
    public void Experts_by_pattern_are_experts_by_count()
    {
        var model = Headers.Value["qwen3-30b-a3b-Q4_K_M"];
        var patterns = Enumerable.Range(0, 5).Select(i => $@"blk\.{i}\.ffn_(up|down|gate|gate_up)_(ch|)exps=CPU");
        var byPattern = new DeviceLayout { TensorOverrides = new EquatableArray<string>(patterns) };
        var byCount = new DeviceLayout { CpuMoeLayers = 5 };
        Assert.Equal(
            MemoryModel.Measure(model, new RuntimeOptions(), byCount).Devices,
            MemoryModel.Measure(model, new RuntimeOptions(), byPattern).Devices);
    }

    [Theory]
    [InlineData("no equals sign")]
    [InlineData("attn_q=nowhere")]
    [InlineData("(=CPU")]
    public void A_pattern_that_cannot_be_used_is_an_invalid_argument(string pattern)
    {
        var layout = new DeviceLayout { TensorOverrides = new EquatableArray<string>(new[] { pattern }) };
        var error = Assert.Throws<ModelFitException>(
            () => MemoryModel.Measure(Headers.Value["llama-3.1-8b-Q4_K_M"], new RuntimeOptions(), layout));
        Assert.Equal(ErrorIds.InvalidArgument, error.ErrorId);
    }

    [Theory]
    [InlineData(ComputeBackend.Cpu)]
    [InlineData(ComputeBackend.Cuda)]
    [InlineData(ComputeBackend.Hip)]
    [InlineData(ComputeBackend.Vulkan)]
    [InlineData(ComputeBackend.Metal)]
    public void Every_backend_measures_every_model(ComputeBackend backend)
    {
        foreach (var model in Headers.Value.Values)
        {
            var layout = new DeviceLayout { Backend = backend, GpuLayers = 7 };
            var map = MemoryModel.Measure(model, new RuntimeOptions { ContextLength = 512 }, layout);
            var isCompared = backend is not (ComputeBackend.Metal or ComputeBackend.Hip);
            Assert.Equal(isCompared ? Accuracy.Exact : Accuracy.Modelled, map.Accuracy);
            Assert.Equal(isCompared, map.Assumption is null);
            Assert.All(map.Devices, device => Assert.True(device.ComputeBytes > 0));
        }
    }

    [Fact]
    public void Split_mode_row_is_a_rule_of_thumb_that_says_so()
    {
        var options = new RuntimeOptions { SplitMode = GpuSplitMode.Row };
        var map = MemoryModel.Measure(Headers.Value["qwen3-8b-Q4_K_M"], options, new DeviceLayout { GpuCount = 2 });
        Assert.Equal(Accuracy.Approximate, map.Accuracy);
        Assert.Contains("row", map.Assumption, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_architecture_is_a_decoder_that_is_only_modelled()
    {
        var model = Headers.Value["llama-3.1-8b-Q4_K_M"];
        var known = MemoryModel.Measure(model, new RuntimeOptions(), new DeviceLayout());
        var renamed = MemoryModel.Measure(Renamed(model, "llama-next"), new RuntimeOptions(), new DeviceLayout());
        Assert.Equal(known.Devices, renamed.Devices);
        Assert.Equal(Accuracy.Modelled, renamed.Accuracy);
    }

    [Theory]
    [InlineData("block_count", 0L)]
    [InlineData("block_count", -1L)]
    [InlineData("block_count", 513L)]
    [InlineData("block_count", long.MaxValue)]
    [InlineData("embedding_length", long.MaxValue)]
    [InlineData("embedding_length", 0L)]
    [InlineData("attention.head_count", 0L)]
    [InlineData("attention.head_count", long.MaxValue)]
    [InlineData("attention.head_count_kv", 0L)]
    [InlineData("attention.head_count_kv", 12345678L)]
    [InlineData("attention.key_length", 2147483647L)]
    [InlineData("expert_used_count", 1024L)]
    [InlineData("expert_used_count", long.MinValue)]
    [InlineData("nextn_predict_layers", 99999L)]
    [InlineData("attention.sliding_window", long.MaxValue)]
    [InlineData("ssm.inner_size", 0L)]
    [InlineData("ssm.time_step_rank", 0L)]
    [InlineData("ssm.group_count", 0L)]
    [InlineData("attention.kv_lora_rank", -7L)]
    [InlineData("expert_group_count", 7L)]
    [InlineData("full_attention_interval", 0L)]
    public void A_hostile_header_is_answered_and_costs_little(string key, long value)
    {
        foreach (var name in new[]
        {
            "llama-3.1-8b-Q4_K_M", "gemma-3-4b-Q4_K_M", "qwen3-30b-a3b-Q4_K_M", "deepseek-v3-671b-Q4_K_M",
            "qwen3-next-80b-a3b-Q4_K_M", "granite-4.0-h-tiny-Q4_K_M", "falcon-h1-7b-Q4_K_M",
        })
        {
            var model = Changed(Headers.Value[name], key, value);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var map = MemoryModel.Measure(model, new RuntimeOptions(), new DeviceLayout());
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64L << 20);
            Assert.All(map.Devices, device => Assert.True(device.TotalBytes >= 0));
        }
    }

    [Fact]
    public void A_model_without_tensors_is_answered_by_a_rule_of_thumb_that_says_so()
    {
        var metadata = new ModelMetadata("llama", new Dictionary<string, object> { ["block_count"] = 32L });
        var model = new ModelDefinition(metadata, Array.Empty<TensorInfo>(), Accuracy.Exact);
        var map = MemoryModel.Measure(model, new RuntimeOptions(), new DeviceLayout());
        Assert.Equal(Accuracy.Approximate, map.Accuracy);
        Assert.NotNull(map.Assumption);
    }

    [Theory]
    [InlineData(1 << 22, 4)]
    [InlineData(1, 1)]
    [InlineData(-5, 0)]
    public void Absurd_options_are_answered(int context, int sequences)
    {
        var options = new RuntimeOptions
        {
            ContextLength = context, ParallelSequences = sequences, BatchSize = context, MicroBatchSize = context,
        };
        var map = MemoryModel.Measure(Headers.Value["qwen3-8b-Q4_K_M"], options, new DeviceLayout { GpuCount = 3 });
        Assert.Equal(4, map.Devices.Count);
        Assert.All(map.Devices, device => Assert.True(device.TotalBytes >= 0));
    }

    [Fact]
    public void Options_beyond_all_machines_are_refused()
    {
        var options = new RuntimeOptions
        {
            ContextLength = int.MaxValue, ParallelSequences = int.MaxValue, BatchSize = int.MaxValue,
        };
        var error = Assert.Throws<ModelFitException>(
            () => MemoryModel.Measure(Headers.Value["qwen3-8b-Q4_K_M"], options, new DeviceLayout()));
        Assert.Equal(ErrorIds.InvalidArgument, error.ErrorId);
    }

    /// <summary>451 MiB were measured on an RTX 4090 (https://github.com/ggml-org/llama.cpp/pull/15860).</summary>
    [Fact]
    public void A_cuda_context_grows_with_the_card()
    {
        Assert.Equal(451L << 20, BackendProfiles.OverheadOf(ComputeBackend.Cuda, 128).TypicalBytes);
        Assert.Equal(BackendProfiles.OverheadOf(ComputeBackend.Cuda),
            BackendProfiles.OverheadOf(ComputeBackend.Cuda, null));
    }

    /// <summary>What is new is mostly built of what is known: its tensors say like what.</summary>
    [Theory]
    [InlineData("deepseek-v2-lite-Q4_K_M", "deepseek2")]
    [InlineData("falcon-h1-1.5b-Q4_K_M", "falcon-h1")]
    [InlineData("granite-4.0-h-small-Q4_K_M", "granitehybrid")]
    [InlineData("mamba-130m-F16", "mamba")]
    [InlineData("qwen3-next-80b-a3b-Q4_K_M", "qwen3next")]
    [InlineData("qwen3-8b-Q4_K_M", "a plain decoder")]
    public void An_unknown_architecture_is_taken_for_its_kin(string name, string kin)
    {
        var model = Headers.Value[name];
        foreach (var backend in new[] { ComputeBackend.Cpu, ComputeBackend.Cuda, ComputeBackend.Vulkan })
        {
            var layout = new DeviceLayout { Backend = backend, GpuLayers = 20 };
            var known = MemoryModel.Measure(model, new RuntimeOptions(), layout);
            var renamed = MemoryModel.Measure(Renamed(model, "next"), new RuntimeOptions(), layout);
            Assert.Equal(known.Devices, renamed.Devices);
            Assert.Equal(Accuracy.Modelled, renamed.Accuracy);
            Assert.Contains(kin, renamed.Assumption, StringComparison.Ordinal);
        }

        var several = new RuntimeOptions
        {
            ParallelSequences = 3, KeyCacheType = KvCacheType.Q8_0, ValueCacheType = KvCacheType.Q8_0,
        };
        Assert.Null(MemoryModel.Measure(Renamed(model, "next"), several, new DeviceLayout()).Refusal);
    }

    /// <summary>
    /// Where llama.cpp ends at an assertion over shapes: T5 with a cache a sequence, PLM with flash attention.
    /// </summary>
    [Fact]
    public void Shapes_that_end_llama_are_refusals()
    {
        var models = CompactHeaders.Read(
            RepositoryFolder.Path("tests", "data", "memory", "headers-architectures.txt"));
        string? Refusal(RuntimeOptions options) =>
            MemoryModel.Measure(models["t5-1"], options, new DeviceLayout()).Refusal;
        var several = new RuntimeOptions { ContextLength = 2048, ParallelSequences = 2 };
        Assert.Contains("-KvUnified", Refusal(several), StringComparison.Ordinal);
        Assert.Null(Refusal(several with { KvUnified = true }));
        Assert.Null(Refusal(several with { ParallelSequences = 1 }));

        var usual = new RuntimeOptions();
        Assert.Contains("-FlashAttention Off", LlamaCppRefusals.Of(models["plm-dense-s2"], usual),
            StringComparison.Ordinal);
        Assert.Null(LlamaCppRefusals.Of(
            models["plm-dense-s2"], usual with { FlashAttention = FlashAttentionMode.Off }));
    }

    /// <summary>A header whose shapes do not go together is no refusal: for one sequence they do not either.</summary>
    [Fact]
    public void Shapes_that_no_setting_mends_are_a_rule_of_thumb()
    {
        var model = Headers.Value["qwen3-8b-Q4_K_M"];
        var broken = new ModelDefinition(
            model.Metadata,
            model.Tensors.Select(tensor => tensor.Name == "blk.3.ffn_up.weight" ? tensor with { N0 = 2048 } : tensor)
                .ToList(),
            Accuracy.Exact);
        foreach (var sequences in new[] { 1, 2 })
        {
            var options = new RuntimeOptions { ParallelSequences = sequences };
            var map = MemoryModel.Measure(broken, options, new DeviceLayout());
            Assert.Null(map.Refusal);
            Assert.Equal(Accuracy.Approximate, map.Accuracy);
        }
    }

    private static ModelDefinition Renamed(ModelDefinition model, string architecture) => new(
        new ModelMetadata(architecture, Values(model)), model.Tensors, Accuracy.Exact);

    private static ModelDefinition Changed(ModelDefinition model, string key, long value)
    {
        var values = Values(model);
        values[key] = value;
        return new ModelDefinition(new ModelMetadata(model.Architecture, values), model.Tensors, Accuracy.Exact);
    }

    private static Dictionary<string, object> Values(ModelDefinition model) =>
        model.Metadata.Keys.ToDictionary(key => key, key => model.Metadata[key]!);
}
