using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Catalog;
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
    [InlineData(1, 99, 0, "(=CPU")]
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
        Assert.True(whole.DecodeTokensPerSecond > part.DecodeTokensPerSecond);
        Assert.True(part.DecodeTokensPerSecond > none.DecodeTokensPerSecond);
        Assert.True(whole.PrefillTokensPerSecond > part.PrefillTokensPerSecond);
        Assert.True(part.PrefillTokensPerSecond > none.PrefillTokensPerSecond);
        Assert.Equal("memory bandwidth of NVIDIA GeForce RTX 3090", whole.Bottleneck);
        Assert.Equal("system memory bandwidth", part.Bottleneck);
        Assert.Equal(Accuracy.Approximate, whole.Accuracy);
    }

    [Fact]
    public void A_full_cache_is_slower()
    {
        var layout = Layout(1, int.MaxValue);
        var empty = Estimate(Dense, layout, "RTX 3090")!;
        var full = Estimate(Dense, layout, "RTX 3090", cachedTokens: 8192)!;
        Assert.True(full.DecodeTokensPerSecond < empty.DecodeTokensPerSecond);
        Assert.Equal(empty.PrefillTokensPerSecond, full.PrefillTokensPerSecond);
    }

    [Fact]
    public void Several_cards_read_a_long_prompt_faster_and_write_no_faster()
    {
        var one = Estimate(Dense, Layout(1, int.MaxValue), "RTX 3090")!;
        var four = Estimate(Dense, Layout(4, int.MaxValue), "4x RTX 3090")!;
        Assert.True(four.PrefillTokensPerSecond > 1.5 * one.PrefillTokensPerSecond);
        Assert.True(four.DecodeTokensPerSecond < one.DecodeTokensPerSecond);
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

    private static SpeedEstimate? Estimate(
        ModelDefinition model,
        DeviceLayout layout,
        string? gpus,
        MachineSpec? machine = null,
        int cachedTokens = 0,
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
        return SpeedModel.Estimate(model, options, placed, machine, sink, cachedTokens);
    }
}
