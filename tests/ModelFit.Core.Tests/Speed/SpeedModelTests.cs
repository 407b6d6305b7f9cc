using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Speed;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Speed;

public sealed class SpeedModelTests
{
    private static readonly ModelDefinition Dense = Define("meta-llama/Meta-Llama-3-8B");
    private static readonly ModelDefinition Sparse = Define("mistralai/Mixtral-8x7B-v0.1");

    [Theory]
    [InlineData(1, int.MaxValue, 0, null)]
    [InlineData(1, 20, 0, null)]
    [InlineData(2, 25, 10, null)]
    [InlineData(3, int.MaxValue, 0, "blk\\.(3|4)\\.ffn_(up|gate)_(ch|)exps=CPU")]
    [InlineData(0, 0, 0, null)]
    public void Work_is_split_and_none_is_lost(int gpus, int layers, int cpuMoe, string? rule)
    {
        var model = ModelWork.Of(Sparse);
        var layout = Layout(gpus, layers) with
        {
            CpuMoeLayers = cpuMoe,
            TensorOverrides = rule is null ? null : new EquatableArray<string>(new[] { rule }),
        };
        var split = WorkSplit.ByDevice(model, layout);
        var whole = WorkSplit.ByDevice(model, Layout(1, int.MaxValue)).Aggregate((one, other) => one + other);
        var sum = split.Aggregate((one, other) => one + other);
        Assert.Equal(gpus + 1, split.Length);
        Assert.Equal(whole.Bytes, sum.Bytes, 1.0);
        Assert.Equal(whole.AllBytes, sum.AllBytes, 1.0);
        Assert.Equal(whole.Layers, sum.Layers);
    }

    [Theory]
    [InlineData("(=CPU")]
    [InlineData("ffn=Elsewhere")]
    [InlineData("ffn")]
    public void A_rule_that_llama_cpp_refuses_is_an_error(string rule)
    {
        var layout = Layout(1, 99) with { TensorOverrides = new EquatableArray<string>(new[] { rule }) };
        var error = Assert.Throws<ModelFitException>(() => WorkSplit.ByDevice(ModelWork.Of(Sparse), layout));
        Assert.Equal(ErrorIds.InvalidArgument, error.ErrorId);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    /// <summary>A chip that no catalog knows is not as fast as the memory of an ordinary computer.</summary>
    [Fact]
    public void A_chip_whose_bandwidth_nobody_told_has_no_speed()
    {
        var chip = new GpuSpec { Name = "Apple M99", Vendor = "Apple", IsUnifiedMemory = true };
        var machine = new MachineSpec { SystemMemoryBytes = 32L << 30, Gpus = [chip] };
        var question = new FitQuestion
        {
            Model = ModelCatalog.Resolve("llama-3.1-8b", NullSink.Instance),
            Machine = machine,
        };
        var told = question with { Machine = machine with { MemoryBandwidth = 200_000_000_000 } };
        Assert.Null(FitEngine.Test(question, NullSink.Instance).DecodeTokensPerSecond);
        Assert.NotNull(FitEngine.Test(told, NullSink.Instance).DecodeTokensPerSecond);
    }

    [Fact]
    public void Layers_are_cut_by_cumulated_shares()
    {
        var layout = Layout(2, int.MaxValue) with { Split = new EquatableArray<double>(new[] { 3.0, 1.0 }) };
        var split = WorkSplit.ByDevice(ModelWork.Of(Dense), layout);
        Assert.Equal(new[] { 25, 7, 0 }, split.Select(part => part.Layers));
    }

    [Fact]
    public void A_token_reads_only_the_experts_it_uses()
    {
        var work = WorkSplit.ByDevice(ModelWork.Of(Sparse), Layout(1, int.MaxValue))[0];
        Assert.InRange(work.Weights, 12.0e9, 13.0e9);
        Assert.InRange(work.AllBytes / work.Bytes, 3.0, 4.0);
    }

    [Fact]
    public void Slower_memory_is_slower_and_named()
    {
        var whole = Estimate(Dense, Layout(1, int.MaxValue), "RTX 3090")!;
        var part = Estimate(Dense, Layout(1, 16), "RTX 3090")!;
        var none = Estimate(Dense, Layout(0, 0) with { Backend = ComputeBackend.Cpu }, null)!;
        Assert.True(whole.Decode.Expected > part.Decode.Expected);
        Assert.True(part.Decode.Expected > none.Decode.Expected);
        Assert.True(whole.Prefill.Expected > part.Prefill.Expected);
        Assert.True(part.Prefill.Expected > none.Prefill.Expected);
        Assert.Equal(SpeedBottleneck.Bandwidth, whole.Bottleneck);
        Assert.Equal(0, whole.SlowestDevice);
        Assert.Equal(SpeedBottleneck.HostMemory, part.Bottleneck);
        Assert.Equal(1, part.SlowestDevice);
    }

    [Theory]
    [InlineData("Qwen/Qwen3-0.6B", "RTX 5090", 0, 1, SpeedBottleneck.Launch)]
    [InlineData("meta-llama/Meta-Llama-3-70B", "RTX PRO 6000 Blackwell", 0, 1, SpeedBottleneck.Bandwidth)]
    [InlineData("meta-llama/Meta-Llama-3-8B", "M3 Max 36GB", 100_000, 1, SpeedBottleneck.Bandwidth)]
    [InlineData("meta-llama/Meta-Llama-3-8B", "RTX 3090", 0, 32, SpeedBottleneck.Queue)]
    [InlineData("meta-llama/Meta-Llama-3-8B", "A100 PCIe 80GB", 0, 8, SpeedBottleneck.Queue)]
    public void What_limits_depends_on_model_depth_and_users(
        string model, string card, int depth, int users, object expected)
    {
        var load = new ServingLoad { UsedContext = depth, ActiveSequences = users };
        var backend = card.StartsWith('M') ? ComputeBackend.Metal : ComputeBackend.Cuda;
        var estimate = Estimate(Define(model), Layout(1, int.MaxValue) with { Backend = backend }, card, load: load)!;
        Assert.Equal((SpeedBottleneck)expected, estimate.Bottleneck);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(32768)]
    public void A_fuller_cache_is_slower(int depth)
    {
        var layout = Layout(1, int.MaxValue);
        var empty = Estimate(Dense, layout, "RTX 3090")!;
        var full = Estimate(Dense, layout, "RTX 3090", load: new ServingLoad { UsedContext = depth })!;
        Assert.True(full.Decode.Expected < empty.Decode.Expected);
        Assert.True(full.Prefill.Expected < empty.Prefill.Expected);
        Assert.True(full.TimeToFirstTokenSeconds > empty.TimeToFirstTokenSeconds);
    }

    [Fact]
    public void More_users_are_slower_each_and_faster_together()
    {
        SpeedPrediction Of(int users) => Estimate(
            Dense, Layout(1, int.MaxValue), "RTX 3090", load: new ServingLoad { ActiveSequences = users })!;
        foreach (var users in new[] { 2, 4, 8 })
        {
            Assert.InRange(Of(users).TotalTokensPerSecond / Of(1).TotalTokensPerSecond, 1.2, users);
            Assert.True(Of(users).Decode.Expected < Of(users - 1).Decode.Expected);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 4.65)]
    [InlineData(10, 8.69)]
    [InlineData(10_000, 32)]
    public void Each_user_draws_experts_of_its_own(int users, double expected)
    {
        var step = new StepLoad(users, 0, 0, 4 / 128.0, 0, 0, 2, 2);
        Assert.Equal(expected, step.ExpertsRead, 0.05);
    }

    [Theory]
    [InlineData(350, 0.95, 1.0, 0.75, 0.95)]
    [InlineData(250, 0.75, 0.95, 0.5, 0.75)]
    public void A_power_limit_costs_prefill_more_than_decode(
        int watts, double decodeLeast, double decodeMost, double prefillLeast, double prefillMost)
    {
        var free = Estimate(Dense, Layout(1, int.MaxValue), "RTX PRO 6000 Blackwell Workstation Edition")!;
        var limited = Estimate(
            Dense,
            Layout(1, int.MaxValue),
            "RTX PRO 6000 Blackwell Workstation Edition",
            load: new ServingLoad { PowerLimit = watts })!;
        Assert.InRange(limited.Decode.Expected / free.Decode.Expected, decodeLeast, decodeMost);
        Assert.InRange(limited.Prefill.Expected / free.Prefill.Expected, prefillLeast, prefillMost);
    }

    [Fact]
    public void A_class_without_a_row_is_wide()
    {
        var known = Estimate(Dense, Layout(1, int.MaxValue), "RTX 3090")!;
        var unknown = Estimate(
            Dense, Layout(1, int.MaxValue) with { Backend = ComputeBackend.Vulkan }, "Arc 140V", load: null)!;
        static double Width(SpeedFigure figure) => (figure.High - figure.Low) / figure.Expected;
        Assert.True(Width(known.Decode) < 0.3);
        Assert.True(Width(unknown.Decode) > 0.9);
    }

    [Fact]
    public void Several_cards_read_a_long_prompt_faster_and_write_no_faster()
    {
        var load = new ServingLoad { PromptLength = 4096 };
        var one = Estimate(Dense, Layout(1, int.MaxValue), "RTX 3090", load: load)!;
        var four = Estimate(Dense, Layout(4, int.MaxValue), "4x RTX 3090", load: load)!;
        Assert.True(four.Prefill.Expected > 1.5 * one.Prefill.Expected);
        Assert.True(four.Decode.Expected < one.Decode.Expected);
    }

    [Fact]
    public void A_card_of_unknown_bandwidth_has_no_estimate() =>
        Assert.Null(Estimate(Dense, Layout(1, int.MaxValue), "24 GiB GPU"));

    [Fact]
    public void An_assumed_bandwidth_is_said()
    {
        var heard = new RecordingSink();
        Estimate(Dense, Layout(1, 16), "RTX 3090", messages: heard);
        Assert.Contains(heard.Verboses, message => message.Contains("51.2 GB/s", StringComparison.Ordinal));
        var silent = new RecordingSink();
        var machine = new MachineSpec { MemoryBandwidth = 200_000_000_000 };
        Estimate(Dense, Layout(1, 16), "RTX 3090", machine, messages: silent);
        Assert.Empty(silent.Verboses);
    }

    private static ModelDefinition Define(string name) =>
        ModelCatalog.Resolve(name, NullSink.Instance).Layout!.Define("Q4_K_M", new List<string>());

    private static DeviceLayout Layout(int gpus, int layers) => new() { GpuCount = gpus, GpuLayers = layers };

    private static SpeedPrediction? Estimate(
        ModelDefinition model,
        DeviceLayout layout,
        string? gpus,
        MachineSpec? machine = null,
        ServingLoad? load = null,
        IMessageSink? messages = null)
    {
        var sink = messages ?? NullSink.Instance;
        var cards = gpus is null ? Array.Empty<GpuSpec>() : GpuCatalog.ResolveMany(gpus, null, NullSink.Instance);
        var options = new RuntimeOptions();
        var placed = new PlacedModel(
            PlacementKind.LayersOnHost,
            cards.Select((card, index) => new CardBudget(index, card, 0, 0, 0)).ToArray(),
            layout,
            MemoryModel.Measure(model, options, layout));
        return SpeedModel.Estimate(model, options, placed, machine, load ?? ServingLoad.Default, sink);
    }
}
