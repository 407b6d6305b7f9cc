using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Placement;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>What a device really gives: what its driver reports, not the size on the box.</summary>
public sealed class UsableMemoryTests
{
    private const long MiB = 1L << 20;

    /// <summary>
    /// As CUDA and Metal report them in logs of llama.cpp and vLLM (2026); two siblings that were not seen follow the
    /// rule of their vendor.
    /// </summary>
    [Theory]
    [InlineData("RTX 3090", 24_124, 0)]
    [InlineData("RTX 4090", 24_080, 0)]
    [InlineData("RTX 5060 Ti 16GB", 15_840, 0)]
    [InlineData("L40S", 45_588, 10)]
    [InlineData("Tesla T4", 14_909, 10)]
    [InlineData("RTX 2080", 7_807, 30)]
    [InlineData("RTX 5080", 15_840, 100)]
    [InlineData("NVIDIA A10", 22_500, 500)]
    [InlineData("Apple M4 16GB", 12_124, 1)]
    [InlineData("Apple M4 Pro 24GB", 18_186, 1)]
    [InlineData("Apple M4 32GB", 25_559, 1)]
    [InlineData("Apple M4 Pro 48GB", 38_339, 1)]
    [InlineData("Apple M4 Max 64GB", 53_084, 1)]
    [InlineData("Apple M4 Max 128GB", 110_100, 1)]
    [InlineData("GB10", 124_518, 1)]
    public void A_card_gives_what_its_driver_reports(string gpu, long mebibytes, long tolerance)
    {
        var there = Budget(Machines.Of(gpu)).Cards[0].AvailableBytes / MiB;
        Assert.InRange(there, mebibytes - tolerance, mebibytes + tolerance);
    }

    /// <summary>
    /// Linux's GTT and Windows' shared memory are half of the memory; a carve-out is taken off first.
    /// </summary>
    [Theory]
    [InlineData(null, 128, 64)]
    [InlineData(0.5, 128, 64.25)]
    [InlineData(96.0, 128, 112)]
    [InlineData(null, 16, 8)]
    [InlineData(16.0, 16, 8)] // all of the system's memory, as inventories list it, is no carve-out
    public void An_integrated_GPU_shares_half_of_the_memory(double? carvedGib, double systemGib, double usableGib)
    {
        var machine = Machines.Of("Radeon 8060S", systemGib);
        var card = machine.Gpus[0] with { MemoryBytes = (long?)(carvedGib * 1024) * MiB };
        var there = Budget(machine with { Gpus = [card] }).Cards[0].AvailableBytes;
        Assert.Equal((long)(usableGib * 1024) * MiB, there);
    }

    [Fact]
    public void What_was_detected_or_told_counts_before_the_rule()
    {
        var machine = Machines.Of("RTX 3090", 64);
        var free = machine.Gpus[0] with { MemoryFreeBytes = 9000 * MiB };
        var rebuilt = machine.Gpus[0] with { MemoryBytes = 48L << 30 };
        Assert.Equal(9000 * MiB, Budget(machine with { Gpus = [free] }).Cards[0].AvailableBytes);
        Assert.InRange(Budget(machine with { Gpus = [rebuilt] }).Cards[0].AvailableBytes / MiB, 48_000, 49_000);
        var told = GpuCatalog.Unnamed(24L << 30);
        Assert.Equal(24L << 30, Budget(machine with { Gpus = [told] }).Cards[0].AvailableBytes);
    }

    /// <summary>
    /// About 11,200 MiB are less than an M4 of 16 GB lets its GPU wire, and more than half of a PC's 16.
    /// </summary>
    [Theory]
    [InlineData("qwen3-14b", "Apple M4 16GB", null, "Fits", true)]
    [InlineData("qwen3-14b", "Intel Iris Plus Graphics 640", 16.0, "Fits", false)]
    public void Verdicts_follow_what_is_given(string model, string gpu, double? system, string verdict, bool expected)
    {
        var question = new FitQuestion
        {
            Model = ModelCatalog.Resolve(model, NullSink.Instance),
            Machine = Machines.Of(gpu, system),
            ReserveBytes = 0,
        };
        Assert.Equal(expected, FitEngine.Test(question, NullSink.Instance).Verdict == verdict);
    }

    /// <summary>
    /// A buffer that is mapped is the file's range from the first to the last of its tensors: 7,798 MiB were logged for
    /// a file of Gemma 4 E4B whose tensors on the GPU sum up to 4,788, and system memory needs nothing beside it.
    /// </summary>
    [Fact]
    public void A_mapped_buffer_is_a_range_of_the_file()
    {
        var question = new FitQuestion
        {
            Model = ModelCatalog.Resolve("gemma-4-E4B-it", NullSink.Instance),
            Quantization = "Q8_0",
            Machine = Machines.Of("Apple M4 16GB"),
        };
        var mapped = FitEngine.Test(question, NullSink.Instance);
        var copied = FitEngine.Test(
            question with { Options = question.Options with { MemoryMap = false } }, NullSink.Instance);
        Assert.InRange(mapped.RequiredBytes!.Value / MiB, 7_600, 8_000);
        Assert.InRange(copied.RequiredBytes!.Value / MiB, 4_700, 5_200);
        Assert.Equal(0, mapped.HostWeightBytes);
        Assert.Equal("Modelled", mapped.Accuracy);
    }

    /// <summary>What is mapped in part would be most of the file: a plan copies it.</summary>
    [Theory]
    [InlineData("qwen3-8b", false)]
    [InlineData("qwen3-32b", true)]
    public void A_part_is_copied_and_not_mapped(string model, bool isPart)
    {
        var question = new FitQuestion
        {
            Model = ModelCatalog.Resolve(model, NullSink.Instance),
            Quantization = "Q4_K_M",
            Machine = Machines.Of("Apple M4 Pro 24GB"),
        };
        var plan = FitEngine.Plan(question, NullSink.Instance);
        Assert.Equal((isPart ? "Offload" : "Fits", isPart), (plan.Verdict, plan.Arguments.Contains("-lm")));
    }

    private static MachineBudget Budget(MachineSpec machine) => MachineBudget.For(new FitQuestion
    {
        Model = ModelCatalog.Resolve("qwen3-8b", NullSink.Instance), Machine = machine,
    });
}
