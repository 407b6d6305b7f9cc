using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Management.Automation;
using ModelFit.Core.Tests.Support;
using ModelFit.Module.Tests.Engine;
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

    private static object[] Rows() =>
        [Row(("ComputerName", "n7"), ("Gpu", "2x RTX 3090 + RTX 3060 12GB"), ("SystemMemory", "64GB"))];

    /// <summary>As remoting leaves it; at a depth of 1 the cards are text.</summary>
    private static object Deserialized(MachineSpec machine, int depth) =>
        PSSerializer.Deserialize(PSSerializer.Serialize(machine, depth));
}
