using System;
using System.Linq;
using ModelFit.Catalog;
using ModelFit.Core.Tests.Support;
using ModelFit.Fit;
using ModelFit.Models;
using ModelFit.Runtimes.Vllm;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>vLLM's memory against its own logs, and what it can share.</summary>
public sealed class VllmTests
{
    private const double GiB = 1L << 30;

    /// <summary>
    /// "PyTorch activation peak memory" of vLLM: github.com/vllm-project/vllm/pull/10511 (the first two), logs of
    /// version 0.8 with four cards, and of a T4 that profiles all of a long context at once.
    /// </summary>
    [Theory]
    [InlineData("meta-llama/Meta-Llama-3-8B", 1, 256, 8192, 1.26)]
    [InlineData("meta-llama/Meta-Llama-3-8B", 2, 256, 8192, 1.26)]
    [InlineData("Qwen/Qwen2.5-7B-Instruct", 4, 256, 8192, 1.45)]
    [InlineData("Qwen/Qwen2.5-1.5B-Instruct", 1, 256, 32768, 2.02)]
    public void Activations_are_near_what_its_logs_say(
        string model, int cards, int sequences, int batch, double measuredGib)
    {
        var map = VllmMemory.Measure(
            Define(model), new RuntimeOptions { ParallelSequences = sequences, BatchSize = batch }, cards);
        var few = VllmMemory.Measure(Define(model), new RuntimeOptions { BatchSize = 1, ContextLength = 16 }, cards);
        const int mostGraphs = 64;
        var graphs = mostGraphs * 8.0 / 1024;
        var activations = ((map.Devices[0].ComputeBytes - few.Devices[0].ComputeBytes) / GiB) - graphs;
        Assert.InRange(activations, 0.9 * measuredGib, 1.1 * measuredGib);
    }

    /// <summary>"model weights take" of the same logs: 14.96 GiB on one card, 7.48 on each of two.</summary>
    [Fact]
    public void Weights_and_cache_are_shared()
    {
        var one = VllmMemory.Measure(Define("meta-llama/Meta-Llama-3-8B"), new RuntimeOptions(), 1);
        var two = VllmMemory.Measure(Define("meta-llama/Meta-Llama-3-8B"), new RuntimeOptions(), 2);
        Assert.Equal(14.96, one.Devices[0].WeightBytes / GiB, 2);
        Assert.Equal(7.48, two.Devices[0].WeightBytes / GiB, 2);
        Assert.Equal(one.Devices[0].KvCacheBytes, 2 * two.Devices[0].KvCacheBytes);
        Assert.Equal(8192L * 32 * 2 * 8 * 128 * 2, one.Devices[0].KvCacheBytes);
    }

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
    [InlineData("Q4_K_M", null, true)]
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

    private static ModelDefinition Define(string model) =>
        ModelCatalog.Resolve(model, NullSink.Instance).Layout!.Define("BF16", []);
}
