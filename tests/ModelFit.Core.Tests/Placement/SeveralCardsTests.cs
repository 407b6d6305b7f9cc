using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Hardware;
using ModelFit.Placement;
using ModelFit.Runtimes;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>What llama.cpp does with several cards: copies, shares, numbers, a share of every tensor.</summary>
public sealed class SeveralCardsTests
{
    /// <summary>
    /// A reservation that fails is tried again without copies for pipeline parallelism (llama.cpp pull request 16748:
    /// Mistral-Small 24B Q8_0 with micro-batches of 4,096 on two cards runs).
    /// </summary>
    [Fact]
    public void Copies_that_find_no_room_are_given_up()
    {
        const string line = "llama-server -c 8192 -np 1 -ub 4096 -b 4096 -ngl 99 -ts 1,1";
        var wide = Asked(line, "mistral-small-24b", "2x RTX 4090");
        var copied = wide.Devices.Where(device => device.Kind == "Gpu")
            .Select(device => device.TotalBytes!.Value).Max();
        var tight = Asked(line, "mistral-small-24b", "2x RTX 4090", copied - (200L << 20));
        Assert.NotEqual("NoFit", tight.Verdict);
        Assert.True(tight.Devices.Max(device => device.Kind == "Gpu" ? device.ComputeBytes : 0)
            < wide.Devices.Max(device => device.Kind == "Gpu" ? device.ComputeBytes : 0));
    }

    /// <summary>A share a card says how layers are split, not how many there are.</summary>
    [Fact]
    public void A_pinned_split_still_lets_layers_be_chosen()
    {
        var plan = FitEngine.Plan(
            new FitQuestion
            {
                Model = ModelOf("llama-3.3-70b"),
                Machine = Machines.Of("RTX 3090 + RTX 3060 12GB", 64),
                Options = new RuntimeOptions { TensorSplit = new EquatableArray<double>([2, 1]) },
            },
            NullSink.Instance);
        Assert.Equal("Offload", plan.Verdict);
        Assert.True(plan.GpuLayers > 30, $"{plan.GpuLayers} layers");
        Assert.Equal("2,1", plan.TensorSplit);
    }

    /// <summary>The question that started it: one number where patterns gain little.</summary>
    [Theory]
    [InlineData("mixtral-8x22b", "Q3_K_M", "RTX 3090")]
    [InlineData("qwen3-30b-a3b", "Q4_K_M", "RTX 3060 12GB")]
    public void Experts_are_left_behind_by_their_number(string model, string quantization, string card)
    {
        var plan = FitEngine.Plan(
            new FitQuestion
            {
                Model = ModelOf(model), Quantization = quantization, Machine = Machines.Of(card, 64),
            },
            NullSink.Instance);
        Assert.Contains("--n-cpu-moe", plan.Arguments);
        Assert.DoesNotContain("-ot", plan.Arguments);
    }

    /// <summary>CUDA numbers the fastest card first; the order in which they were typed is not its.</summary>
    [Fact]
    public void Cards_are_numbered_as_CUDA_numbers_them()
    {
        var plan = FitEngine.Plan(
            new FitQuestion { Model = ModelOf("qwen3-32b"), Machine = Machines.Of("RTX 3060 12GB + RTX 3090", 64) },
            NullSink.Instance);
        var at = Array.IndexOf(plan.Arguments, "-mg");
        Assert.Equal("0", plan.Arguments[at + 1]);
        Assert.EndsWith("RTX 3090", plan.Devices[0].Name, StringComparison.Ordinal);
        Assert.Null(plan.Environment);
    }

    [Fact]
    public void Detected_cards_are_numbered_by_their_place_on_the_bus()
    {
        GpuSpec[] cards =
        [
            new GpuSpec { Name = "RTX 3090", Fp32Flops = 35_600_000_000_000, PciBusId = "00000000:41:00.0" },
            new GpuSpec { Name = "RTX 3060", Fp32Flops = 12_700_000_000_000, PciBusId = "00000000:01:00.0" },
        ];
        Assert.Equal([1, 0], DeviceOrder.Of(cards, ComputeBackend.Cuda));
        Assert.Equal([0, 1], DeviceOrder.Of(cards, ComputeBackend.Vulkan));
        Assert.True(DeviceOrder.IsByBus(cards, ComputeBackend.Cuda));
    }

    /// <summary>Two equal cards share every tensor: Qwen3.8-27B takes 9,808 MiB of each of two RTX 5060 Ti.</summary>
    [Fact]
    public void A_share_of_every_tensor_is_half_of_weights_and_cache()
    {
        var layer = Asked("llama-server -c 8192 -np 1 -ngl 99", "qwen3-8b", "2x RTX 3090");
        var tensor = Asked("llama-server -c 8192 -np 1 -ngl 99 -sm tensor", "qwen3-8b", "2x RTX 3090");
        Assert.Equal("Modelled", tensor.Accuracy);
        Assert.Equal(tensor.Devices[0].WeightBytes, tensor.Devices[1].WeightBytes);
        Assert.InRange(
            tensor.Devices.Take(2).Sum(device => device.WeightBytes!.Value),
            layer.Devices.Take(2).Sum(device => device.WeightBytes!.Value) - 2,
            layer.Devices.Take(2).Sum(device => device.WeightBytes!.Value) + 2);
        Assert.True(tensor.DecodeTokensPerSecond > layer.DecodeTokensPerSecond);
        Assert.Throws<ModelFitException>(
            () => Asked("llama-server -c 8192 -sm tensor", "deepseek-v3", "8x H100 SXM"));
    }

    /// <summary>
    /// Builds before June 2026 reserve logits for every token: hundreds of MiB of a large vocabulary.
    /// </summary>
    [Theory]
    [InlineData("b9272", true)]
    [InlineData("4621", true)]
    [InlineData("b9999", false)]
    [InlineData("0.5.0", false)]
    [InlineData(null, false)]
    public void A_build_reserves_logits_as_it_did(string? version, bool isMore)
    {
        long Compute(string? of) => FitEngine.Measure(
            new FitQuestion { Model = ModelOf("qwen3-8b"), Options = new RuntimeOptions { RuntimeVersion = of } },
            NullSink.Instance).ComputeBytes!.Value;
        Assert.Equal(isMore, Compute(version) > Compute(null) + (100L << 20));
    }

    private static ModelSpec ModelOf(string model) => ModelCatalog.Resolve(model, NullSink.Instance);

    private static OffloadPlan Asked(string line, string model, string gpus, long? memory = null)
    {
        var machine = Machines.Of(gpus, 64);
        if (memory is { } bytes)
        {
            var gpuSpecs = machine.Gpus.Select(gpu => gpu with { MemoryFreeBytes = bytes }).ToArray();
            machine = machine.WithGpus(gpuSpecs, GpuCatalogLookup.Instance);
        }

        return FitEngine.Plan(
            LaunchReader.Parse(line, NullSink.Instance).ApplyTo(
                new FitQuestion { Model = ModelOf(model), Machine = machine, Quantization = "Q8_0" }),
            NullSink.Instance);
    }
}
