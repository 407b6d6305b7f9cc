using ModelFit.Catalog;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Placement;
using ModelFit.Speed;
using Xunit;

namespace ModelFit.Core.Tests.Speed;

/// <summary>What a processor's name and a machine's facts say of its speed.</summary>
public sealed class ProcessorTests
{
    /// <summary>Names as Windows, Linux and LocalScore print them; memory as the makers specify it.</summary>
    [Theory]
    [InlineData("Intel(R) Core(TM) i7-8700 CPU @ 3.20GHz", "Skylake", "AVX2", 128, 2666)]
    [InlineData("11th Gen Intel(R) Core(TM) i7-1185G7 @ 3.00GHz", "Ice Lake", "AVX-512", 128, 4266)]
    [InlineData("12th Gen Intel(R) Core(TM) i5-12500", "Alder Lake", "AVX2", 128, 4800)]
    [InlineData("Intel(R) Core(TM) Ultra 7 165U", "Alder Lake", "AVX2", 128, 5600)]
    [InlineData("Intel(R) Xeon(R) CPU E5-2697A v4 @ 2.60GHz", "Haswell", "AVX2", 256, 2400)]
    [InlineData("Intel(R) Xeon(R) Gold 6230R CPU @ 2.10GHz", "Skylake-X", "AVX-512", 384, 2933)]
    [InlineData("INTEL(R) XEON(R) PLATINUM 8480+", "Sapphire Rapids", "AMX", 512, 4800)]
    [InlineData("Intel(R) Xeon(R) 6980P", "Granite Rapids", "AMX", 768, 6400)]
    [InlineData("AMD Ryzen 7 5800X3D 8-Core Processor", "Zen 3", "AVX2", 128, 3200)]
    [InlineData("AMD Ryzen 7 PRO 7840U w/ Radeon 780M Graphics", "Zen 4", "AVX-512", 128, 5600)]
    [InlineData("AMD RYZEN AI MAX+ 395 w/ Radeon 8060S", "Zen 5", "AVX-512", 256, 8000)]
    [InlineData("AMD EPYC 7763 64-Core Processor", "Zen 3", "AVX2", 512, 3200)]
    [InlineData("AMD EPYC 9654 96-Core Processor", "Zen 4", "AVX-512", 768, 4800)]
    [InlineData("AMD FX(tm)-8350 Eight-Core Processor", "Piledriver", "AVX", 128, 1866)]
    [InlineData("Raspberry Pi 5 Model B Rev 1.0", "Cortex-A76", "NEON", 32, 4267)]
    public void A_name_says_cores_instructions_and_memory(
        string name, string kind, string kernels, int bits, int transfers) =>
        Assert.Equal(new ProcessorKind(kind, kernels, bits, transfers), ProcessorKind.Of(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("QEMU Virtual CPU version 2.5+")]
    [InlineData("Intel Core Processor (Haswell, no TSX)")]
    [InlineData("OptiPlex 7090")]
    public void A_name_that_says_nothing_is_not_guessed(string? name) => Assert.Null(ProcessorKind.Of(name));

    /// <summary>
    /// Boards of two channels take four modules of 64 GB at most (AM5, LGA 1851); an EPYC 7003 has eight channels.
    /// </summary>
    [Theory]
    [InlineData(64, "system memory of 51.2 GB/s (2 channels at 3200 MT/s) and a processor of 8 cores")]
    [InlineData(256, "system memory of 51.2 GB/s (2 channels at 3200 MT/s) and a processor of 8 cores")]
    [InlineData(
        384,
        "system memory of 204.8 GB/s (8 channels at 3200 MT/s, as over 256 GB is a server's)"
            + " and a processor of 32 cores")]
    public void Memory_that_no_desktop_takes_is_a_servers(int gib, string supposed) =>
        Assert.Equal(supposed, HostSpeed.Supposed(new MachineSpec { SystemMemoryBytes = (long)gib << 30 }));

    [Fact]
    public void What_the_machine_tells_comes_before_what_the_name_says()
    {
        var named = new MachineSpec { Cpu = "AMD EPYC 9654 96-Core Processor" };
        Assert.Equal(460.8e9, HostSpeed.BytesPerSecond(named), 1e6);
        Assert.Equal(
            "system memory of 460.8 GB/s (12 channels at 4800 MT/s, the most that the processor takes)"
                + " and a processor of 72 cores",
            HostSpeed.Supposed(named));
        var half = named with { MemoryChannels = 6 };
        Assert.Equal(230.4e9, HostSpeed.BytesPerSecond(half), 1e6);
        var told = half with { MemorySpeed = 4400 };
        Assert.Equal(211.2e9, HostSpeed.BytesPerSecond(told), 1e6);
        Assert.Equal("a processor of 33 cores", HostSpeed.Supposed(told));
        Assert.Null(HostSpeed.Supposed(told with { CoreCount = 96 }));
        Assert.Equal(100e9, HostSpeed.BytesPerSecond(told with { MemoryBandwidth = 100_000_000_000 }), 1e6);
    }

    [Fact]
    public void More_channels_write_faster_and_more_cores_read_faster()
    {
        SpeedPrediction Of(MachineSpec machine) => Predict(machine with { Cpu = "AMD EPYC 9654 96-Core Processor" });
        var small = new MachineSpec { CoreCount = 32, MemoryChannels = 6, MemorySpeed = 4800 };
        var large = small with { CoreCount = 96 };
        Assert.True(Of(large with { MemoryChannels = 12 }).Decode.Expected > 1.4 * Of(large).Decode.Expected);
        Assert.True(Of(large).Prefill.Expected > 2 * Of(small).Prefill.Expected);
        Assert.True(Of(small with { NumaNodeCount = 2 }).Decode.Expected < Of(small).Decode.Expected);
    }

    /// <summary>
    /// A processor that nobody told has the cores that its memory needs: measured processors have 8 at 51 GB/s, 14 at
    /// 90 and 66 at 461 in the median. A memory that the GPU shares says nothing of them.
    /// </summary>
    [Theory]
    [InlineData(51.2, 8)]
    [InlineData(89.6, 14)]
    [InlineData(460.8, 72)]
    public void Memory_that_is_told_decides_where_the_processor_is_not(double gigabytes, int cores)
    {
        var told = new MachineSpec { MemoryBandwidth = (long)(gigabytes * 1e9) };
        Assert.Equal($"a processor of {cores} cores", HostSpeed.Supposed(told));
        var ordinary = Predict(new MachineSpec { MemoryBandwidth = 51_200_000_000 }).Decode.Expected;
        Assert.Equal(gigabytes / 51.2, Predict(told).Decode.Expected / ordinary, 0.1 * gigabytes / 51.2);
        var shared = told with { Gpus = [new GpuSpec { Name = "one", IsUnifiedMemory = true }] };
        Assert.Equal("a processor of 8 cores", HostSpeed.Supposed(shared));
    }

    [Theory]
    [InlineData("AVX2", "AVX2 AVX512F AVX512BW")]
    [InlineData("AVX512F AVX512BW", "AVX512F AVX512BW AMX-INT8")]
    public void Better_instructions_read_faster(string less, string more)
    {
        var machine = new MachineSpec { CoreCount = 16, MemoryBandwidth = 100_000_000_000 };
        Assert.True(
            Predict(machine with { CpuFeatures = more }).Prefill.Expected
            > Predict(machine with { CpuFeatures = less }).Prefill.Expected);
    }

    [Fact]
    public void A_processor_of_unknown_class_is_wide()
    {
        static double Width(SpeedFigure figure) => (figure.High - figure.Low) / figure.Expected;
        var known = Predict(new MachineSpec { Cpu = "AMD Ryzen 7 5800X 8-Core Processor", CoreCount = 8 });
        var unknown = Predict(new MachineSpec { CoreCount = 8, MemoryBandwidth = 51_200_000_000 });
        Assert.True(Width(unknown.Decode) > Width(known.Decode));
        Assert.Equal(0.5, unknown.Decode.Low / unknown.Decode.Expected, 0.01);
        Assert.True(Width(Predict(new MachineSpec { CoreCount = 8 }).Decode) > Width(unknown.Decode));
    }

    private static SpeedPrediction Predict(MachineSpec machine)
    {
        var model = ModelCatalog.Resolve("meta-llama/Llama-3.1-8B-Instruct", NullSink.Instance).Layout!
            .Define("Q4_K_M", new List<string>());
        var options = new RuntimeOptions();
        var layout = new DeviceLayout { GpuCount = 0, GpuLayers = 0, Backend = ComputeBackend.Cpu };
        var placed = new PlacedModel(
            PlacementKind.LayersOnHost,
            Array.Empty<CardBudget>(),
            layout,
            MemoryModel.Measure(model, options, layout));
        return SpeedModel.Estimate(model, options, placed, machine, ServingLoad.Default, NullSink.Instance)!;
    }
}
