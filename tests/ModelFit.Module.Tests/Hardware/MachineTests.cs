using System.Diagnostics;
using System.IO;
using System.Management.Automation;
using ModelFit.Module.Tests.Engine;
using ModelFit.Testing;
using Xunit;
using static ModelFit.Module.Tests.Engine.ModuleSession;

namespace ModelFit.Module.Tests.Hardware;

/// <summary>This machine, and machines that came back from others, as the cmdlets give and take them.</summary>
public sealed class MachineTests
{
    private const string Inventory = "$rows | ConvertTo-MachineSpec";

    [Fact]
    public void This_machine_is_known_and_seen_again_quickly()
    {
        using var session = new ModuleSession();
        var machine = (MachineSpec)Assert.Single(session.Run("Get-MachineSpec").Output).BaseObject;
        Assert.Equal((Environment.MachineName, "local"), (machine.ComputerName, machine.Source));
        Assert.InRange(machine.SystemMemoryFreeBytes!.Value, 1, machine.SystemMemoryBytes!.Value);
        Assert.NotNull(machine.Cpu);
        Assert.NotNull(machine.OperatingSystem);
        Assert.True(machine.LogicalProcessorCount > 0 && machine.ModelStoreFreeBytes > 0);
        Assert.Equal(DateTimeKind.Utc, machine.CollectedAt!.Value.Kind);
        Assert.Equal(machine.Gpus.Length, machine.GpuCount);
        Assert.Equal(machine.Gpus.Length, session.Run("Get-GpuSpec").Output.Count);
    }

    [Fact]
    public void Bandwidth_is_measured_in_about_a_second()
    {
        var watch = Stopwatch.StartNew();
        var run = Once("Get-MachineSpec -MeasureBandwidth");
        Assert.InRange((long)run.Values("MemoryBandwidth").Single()!, 100_000_000, 10_000_000_000_000);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void A_probe_that_fails_is_a_warning_and_the_rest_is_reported()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "nvidia-smi is stood in for by a script.");
        Assert.SkipWhen(DebianPackage.Find("nvidia-smi") is not null, "There is a driver of NVIDIA here.");
        using var folder = new TemporaryFolder();
        var program = folder.Write("#!/bin/sh\necho 'NVIDIA-SMI has failed: no driver.'\nexit 9\n", "nvidia-smi");
        DebianPackage.Run("chmod", "755", program);
        var path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", folder.Path + ":" + path);
        try
        {
            using var session = new ModuleSession();
            var run = session.Run("Get-MachineSpec 3>&1");
            var warning = run.Output.Select(item => item.BaseObject).OfType<WarningRecord>().First();
            Assert.Contains("nvidia-smi ended with 9: NVIDIA-SMI has failed", warning.Message,
                StringComparison.Ordinal);
            Assert.Single(run.Output.Select(item => item.BaseObject).OfType<MachineSpec>());
            Assert.Empty(run.Errors);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void A_machine_that_came_back_is_taken_as_it_was(int depth)
    {
        using var session = new ModuleSession();
        var live = (MachineSpec)Assert.Single(session.Run(Inventory, Rows()).Output).BaseObject;
        var back = Deserialized(live, depth);
        var again = session.Run("$rows | ConvertTo-MachineSpec", back);
        Assert.Empty(again.Errors);
        var machine = (MachineSpec)Assert.Single(again.Output).BaseObject;
        Assert.Equal(
            (live.ComputerName, live.SystemMemoryBytes, live.Gpu, live.GpuCount, live.TotalGpuMemoryBytes),
            (machine.ComputerName, machine.SystemMemoryBytes, machine.Gpu, machine.GpuCount,
                machine.TotalGpuMemoryBytes));
        Assert.Equal(
            live.Gpus.Select(card => (card.MemoryBytes, card.MemoryBandwidth)),
            machine.Gpus.Select(card => (card.MemoryBytes, card.MemoryBandwidth)));
        if (depth == 3) Assert.Equal(live.Gpus.Select(card => card.Name), machine.Gpus.Select(card => card.Name));
        foreach (var ask in new[] { "$rows | Test-ModelFit qwen3-32b", "Test-ModelFit qwen3-32b -Machine $rows" })
        {
            var run = session.Run(ask, back);
            Assert.Empty(run.Errors);
            Assert.Equal(
                session.Run(ask, live).Values("HeadroomBytes").Concat(["n7"]),
                run.Values("HeadroomBytes").Concat(run.Values("ComputerName")));
        }
    }

    [Fact]
    public void Text_rows_files_and_machines_in_one_pipeline_are_all_read()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("ComputerName,Gpu\nf1,RTX 3090\n", "pcs [1].csv");
        using var session = new ModuleSession();
        var live = Assert.Single(session.Run(Inventory, Rows()).Output);
        var run = session.Run(
            Inventory, "GPU 0: NVIDIA GeForce RTX 3090 (UUID: GPU-1)", Row(("ComputerName", "r1"), ("RAM", "64GB")),
            new FileInfo(file), live);
        Assert.Empty(run.Errors);
        Assert.Equal(["f1", "n7", null, "r1"], run.Values("ComputerName"));
        Assert.Equal(["f1"], session.Run($"ConvertTo-MachineSpec -LiteralPath '{file}'").Values("ComputerName"));
        Assert.Equal(["f1"], session.Run($"ConvertTo-MachineSpec -Path '{folder.Path}/pcs*.csv'")
            .Values("ComputerName"));
    }

    /// <summary>What Get-Content and remote commands add to the lines that they emit.</summary>
    [Fact]
    public void Lines_are_one_text_until_another_file_begins_whatever_they_carry()
    {
        using var session = new ModuleSession();
        var a = session.Run(Inventory, Line(0, "a.txt"), Line(1, "a.txt"), Line(2, "a.txt"));
        Assert.Empty(a.Errors);
        Assert.Equal([3], a.Values("GpuCount"));
        var filtered = session.Run(Inventory, Line(1, "a.txt"));
        Assert.Equal([1], filtered.Values("GpuCount"));
        var two = session.Run(Inventory, Line(0, "a.txt"), Line(1, "a.txt"), Line(0, "b.txt"));
        Assert.Equal([2, 1], two.Values("GpuCount"));
        Assert.Equal(["a.txt", "b.txt"], session.Run(
                Inventory, Line("nothing", "a.txt"), Line("nothing", "b.txt"))
            .Errors.Select(error => ((ModelFitException)error.Exception).Target));
    }

    [Fact]
    public void Lines_of_several_computers_come_mixed_and_are_a_text_for_each()
    {
        using var session = new ModuleSession();
        var run = session.Run(
            Inventory, Line(0, null, "h1"), Line(0, null, "h2"), Line(1, null, "h1"), Line(1, null, "h2"));
        Assert.Empty(run.Errors);
        Assert.Equal(["h1", "h2"], run.Values("ComputerName"));
        Assert.Equal([2, 2], run.Values("GpuCount"));
    }

    [Fact]
    public void A_row_that_carries_a_path_is_a_row_and_one_that_is_only_a_path_is_the_file()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("ComputerName,Gpu\nf1,RTX 3090\n", "pcs.csv");
        using var session = new ModuleSession();
        var run = session.Run(
            Inventory, Row(("PSPath", "Registry::x"), ("ComputerName", "r1"), ("Gpu", "RTX 3060 12GB")),
            Row(("PSPath", file)), Row(("LiteralPath", file)));
        Assert.Empty(run.Errors);
        Assert.Equal(["f1", "f1", "r1"], run.Values("ComputerName"));
    }

    [Fact]
    public void A_named_card_of_unknown_memory_makes_the_verdict_unknown()
    {
        using var session = new ModuleSession();
        const string text = "GPU 0: NVIDIA Unheard 9000 (UUID: GPU-1)";
        var run = session.Run(Inventory + " | Test-ModelFit qwen3-8b", text);
        Assert.Empty(run.Errors);
        Assert.Equal(["Unknown"], run.Values("Verdict"));
        Assert.Equal([null], run.Values("Fits"));
        Assert.True((long)run.Values("RequiredBytes")[0]! > 4L << 30);
        var quiet = session.Run(Inventory + " | Test-ModelFit qwen3-8b -Quiet", text);
        Assert.Equal([false], quiet.Output.Select(item => item.BaseObject));
        Assert.Equal(["MissingColumn"], quiet.ErrorIds);
        var plan = session.Run(Inventory + " | Get-OffloadPlan qwen3-8b", text);
        Assert.Equal(["Unknown"], plan.Values("Verdict"));
        var given = session.Run(Inventory + " | Test-ModelFit qwen3-8b -GpuMemory 24GB", text);
        Assert.Equal(["Fits"], given.Values("Verdict"));
    }

    private static PSObject Line(int card, string? file, string? computer = null) =>
        Line($"GPU {card}: NVIDIA GeForce RTX 3090 (UUID: GPU-{card})", file, computer);

    private static PSObject Line(string text, string? file, string? computer = null)
    {
        var line = new PSObject(text);
        if (file is not null)
        {
            line.Properties.Add(new PSNoteProperty("PSPath", "Microsoft.PowerShell.Core\\FileSystem::" + file));
            line.Properties.Add(new PSNoteProperty("ReadCount", 1L));
        }

        if (computer is not null) line.Properties.Add(new PSNoteProperty("PSComputerName", computer));
        return line;
    }

    private static object[] Rows() =>
        [Row(("ComputerName", "n7"), ("Gpu", "2x RTX 3090 + RTX 3060 12GB"), ("SystemMemory", "64GB"))];

    /// <summary>As remoting leaves it; at a depth of 1 the cards are text.</summary>
    private static object Deserialized(MachineSpec machine, int depth) =>
        PSSerializer.Deserialize(PSSerializer.Serialize(machine, depth));
}
