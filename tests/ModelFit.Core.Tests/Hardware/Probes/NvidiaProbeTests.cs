using System.Diagnostics;
using System.IO;
using System.Threading;
using ModelFit.Hardware;
using ModelFit.Hardware.Probes;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Hardware.Probes;

/// <summary>
/// NVIDIA's cards by a library with NVML's names that the tests compile, and by programs named nvidia-smi.
/// </summary>
public sealed class NvidiaProbeTests : IDisposable
{
    /// <summary>Seconds that nothing here takes, whatever else the machine does.</summary>
    private const double Patience = 30;

    private const long Mib = 1L << 20;
    private const string Report = """
        <nvidia_smi_log><driver_version>570.1</driver_version><attached_gpus>1</attached_gpus><gpu id="0">
        <product_name>NVIDIA GeForce RTX 3090</product_name><uuid>GPU-smi</uuid>
        <fb_memory_usage><total>24576 MiB</total><reserved>300 MiB</reserved><used>1 MiB</used><free>24275 MiB</free>
        </fb_memory_usage></gpu></nvidia_smi_log>
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly HeardMessages _heard = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nvml_tells_every_figure()
    {
        var cards = Run(Library());
        Assert.Empty(_heard.Warnings);
        Assert.Equal(2, cards.Count);
        var first = cards[0].Facts;
        Assert.Equal(
            ("NVIDIA GeForce RTX 3090", "NVIDIA", 0, "GPU-0", "0000:01:00.0", "8.6", 4, 16),
            (first.Name, first.Vendor, first.Index, first.Uuid, first.PciBusId, first.ComputeCapability,
                first.PcieGeneration, first.PcieLanes));
        Assert.Equal(
            (24576 * Mib, 448 * Mib, 128 * Mib, 24000 * Mib),
            (first.MemoryBytes, first.MemoryReservedBytes, first.MemoryUsedBytes, first.MemoryFreeBytes));
        Assert.Equal(
            ("570.133.07", "12.8", 350.5, 41, 7, true, "1234 /usr/bin/python3 512 MiB; 99"),
            (first.DriverVersion, first.CudaVersion, first.PowerLimitWatts, first.Temperature, first.UtilizationPercent,
                first.DisplayActive, first.Processes));
        Assert.Equal((null, null, null), (first.EccMode, first.NvLinkCount, first.VirtualizationMode));
        Assert.Equal(new PciId("10DE", "2204"), cards[0].Id);
        var second = cards[1].Facts;
        Assert.Equal(
            ("NVIDIA A100-SXM4-40GB", 1, "0000:81:00.0", "8.0", "Enabled", 12, "Pass-Through", false),
            (second.Name, second.Index, second.PciBusId, second.ComputeCapability, second.EccMode, second.NvLinkCount,
                second.VirtualizationMode, second.DisplayActive));
    }

    [Fact]
    public void A_library_without_the_newer_functions_tells_what_it_can()
    {
        var card = Run(Library("OLD"))[0];
        Assert.Equal(
            (24576 * Mib, null, 576 * Mib, 24000 * Mib),
            (card.Facts.MemoryBytes, card.Facts.MemoryReservedBytes, card.Facts.MemoryUsedBytes,
                card.Facts.MemoryFreeBytes));
        Assert.Equal(("0000:01:00.0", null), (card.Facts.PciBusId, card.Facts.CudaVersion));
        Assert.Equal(new PciId("10DE", "2204"), card.Id);
    }

    [Fact]
    public void Memory_that_is_not_supported_is_the_systems()
    {
        var cards = Run(Library("NO_MEMORY"));
        Assert.Equal((null, null), (cards[0].Facts.MemoryBytes, cards[0].Facts.MemoryFreeBytes));
        var system = new MachineSpec { SystemMemoryBytes = 128L << 30, SystemMemoryFreeBytes = 100L << 30 };
        var machine = CardJoin.Complete(new DetectedMachine(system, [cards[0]]), FakeCatalog.Instance, _heard);
        var card = Assert.Single(machine.Gpus);
        Assert.Equal(
            ("NVIDIA GB10", true, 128L << 30, 100L << 30),
            (card.Name, card.IsUnifiedMemory, card.MemoryBytes, card.MemoryFreeBytes));
    }

    [Fact]
    public void Instances_of_a_divided_card_stand_in_its_place()
    {
        var cards = Run(Library("MIG"));
        Assert.Equal(["GPU-0", "MIG-100", "MIG-103"], cards.Select(card => card.Facts.Uuid!));
        Assert.Equal(
            ("NVIDIA A100-SXM4-40GB MIG 3g.20gb", "3g.20gb", 20096 * Mib, 20077 * Mib),
            (cards[1].Facts.Name, cards[1].Facts.MigProfile, cards[1].Facts.MemoryBytes,
                cards[1].Facts.MemoryFreeBytes));
        Assert.Equal("NVIDIA A100-SXM4-40GB", cards[1].WholeCardName);
    }

    [Fact]
    public void A_lost_card_is_a_warning_and_stays_a_card_of_unknown_memory()
    {
        var cards = Run(Library("LOST"));
        Assert.Contains("GPU 1", Assert.Single(_heard.Warnings), StringComparison.Ordinal);
        Assert.Contains("lost", _heard.Warnings[0], StringComparison.Ordinal);
        Assert.Equal((2, true, null), (cards.Count, cards[1].HasFailed, cards[1].Facts.MemoryBytes));
    }

    [Theory]
    [InlineData("FAILS=9", "the driver is not loaded")]
    [InlineData("FAILS=18", "versions do not match")]
    [InlineData("HANGS", "did not answer within")]
    public void Where_nvml_fails_or_hangs_nvidia_smi_is_asked(string variant, string says)
    {
        var watch = Stopwatch.StartNew();
        var program = Program($"cat <<'END'\n{Report}\nEND");
        var card = Assert.Single(Run(Library(variant), program, variant == "HANGS" ? 2 : Patience));
        Assert.Equal(("GPU-smi", 24576 * Mib), (card.Facts.Uuid, card.Facts.MemoryBytes));
        Assert.Contains(says, Assert.Single(_heard.Warnings), StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(Patience));
    }

    [Theory]
    [InlineData("exec sleep 60", "did not answer within")]
    [InlineData("echo garbage", "garbage")]
    [InlineData("echo 'NVIDIA-SMI has failed because it could not talk to the driver.'; exit 9", "ended with 9")]
    [InlineData("echo 'Unable to determine the device handle' >&2; exit 255", "device handle")]
    [InlineData("exit 3", "ended with 3")]
    public void Where_nvidia_smi_fails_too_a_warning_says_why_and_the_bus_is_read(string script, string says)
    {
        RequireUnix();
        var limit = TimeSpan.FromSeconds(says == "did not answer within" ? 4 : Patience);
        var probe = new Probe<IReadOnlyList<DetectedGpu>>(
            "NVIDIA's driver",
            TimeSpan.FromSeconds(2 * Patience),
            (sink, token) => NvidiaProbe.Run(["no-such-library.so"], Program(script), limit, sink, token),
            TestContext.Current.CancellationToken);
        Assert.Null(probe.Result(_heard, TestContext.Current.CancellationToken));
        Assert.Contains(says, Assert.Single(_heard.Warnings), StringComparison.Ordinal);
        foreach (var (name, text) in new[] { ("class", "0x030000\n"), ("vendor", "0x10de\n"), ("device", "0x2204\n") })
            _folder.Write(text, "sys", "bus", "pci", "devices", "0000:01:00.0", name);
        var gpus = UnixGpus.Read(new DiskFiles(_folder.Path), null, null, _heard);
        var machine = CardJoin.Complete(new DetectedMachine(new MachineSpec(), gpus), FakeCatalog.Instance, _heard);
        Assert.Equal("NVIDIA GeForce RTX 3090", Assert.Single(machine.Gpus).Name);
        Assert.Contains(_heard.Warnings, text => text.Contains("does not report the card at 0000:01:00.0"));
    }

    [Fact]
    public void A_stop_ends_a_hanging_program_within_a_second()
    {
        RequireUnix();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var watch = Stopwatch.StartNew();
        Assert.Throws<OperationCanceledException>(() => NvidiaProbe.Run(
            ["no-such-library.so"], Program("exec sleep 60"), TimeSpan.FromSeconds(30), _heard, stop.Token));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(Patience / 2));
    }

    [Fact]
    public void Without_library_and_program_there_is_nothing_to_tell() => Assert.Null(NvidiaProbe.Run(
        ["no-such-library.so"], null, TimeSpan.FromSeconds(2), _heard, TestContext.Current.CancellationToken));

    private IReadOnlyList<DetectedGpu> Run(string library, string? program = null, double limit = Patience)
    {
        var cards = NvidiaProbe.Run(
            [library], program, TimeSpan.FromSeconds(limit), _heard, TestContext.Current.CancellationToken);
        return Assert.IsAssignableFrom<IReadOnlyList<DetectedGpu>>(cards);
    }

    private static void RequireUnix() => Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh on Windows.");

    private string Program(string script)
    {
        RequireUnix();
        var path = _folder.Write($"#!/bin/sh\n{script}\n", "nvidia-smi");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(
            path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private string Library(string? define = null)
    {
        var compiler = new[] { "cc", "gcc", "clang" }.Select(ChildProcess.Find)
            .FirstOrDefault(path => path is not null);
        Assert.SkipWhen(
            compiler is null || !OperatingSystem.IsLinux(), "There is no C compiler on this Linux to make an NVML.");
        var library = _folder["libnvidia-ml.so"];
        string[] arguments =
            ["-shared", "-fPIC", "-o", library, RepositoryFolder.Path("tests", "data", "hardware", "nvml.c")];
        using var process = Process.Start(compiler!, define is null ? arguments : [$"-D{define}", .. arguments]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return library;
    }
}
