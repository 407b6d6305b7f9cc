using System;
using System.Globalization;
using System.IO;
using System.Linq;
using ModelFit.Catalog;
using ModelFit.Hardware.Inventory;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Hardware;

/// <summary>
/// Exports in the forms that the tools document: a line a machine, with its name, its memory in GiB, and its cards with
/// their memory in MiB and what of it is in use.
/// </summary>
public class ExportsTests
{
    private const string Mi300 = "AMD Instinct MI300X 196592";

    [Theory]
    [InlineData("amd-smi-static.txt", $": 2x {Mi300}")]
    [InlineData("amd-smi-metric.txt", ": AMD GPU 24560 (560)")]
    [InlineData("amd-smi-table.txt", $": 2x {Mi300} (288)")]
    [InlineData("rocm-smi-concise.txt", ": 2x PCI device 1002:744C")]
    [InlineData("rocm-smi-concise-old.txt", ": 2x AMD GPU")]
    [InlineData("system-profiler-m2.txt", "studio 64: Apple M2 Max 49152")]
    [InlineData("system-profiler-two-cards.txt", ": AMD Radeon Pro 5500M 8192")]
    [InlineData("kubectl-describe.txt", "worker-1 1008: 2x NVIDIA A100-SXM4-80GB 81920 | worker-2 31:")]
    [InlineData("lshw.txt", ": NVIDIA GeForce RTX 3090 24576")]
    [InlineData("lshw.json", " 64: AMD Radeon RX 7900 XT/7900 XTX/7900M")]
    [InlineData("vulkaninfo.txt", ": AMD Radeon RX 7900 XTX 24576")]
    [InlineData("vulkaninfo-list.txt", ": NVIDIA GeForce RTX 4070 12288; AMD Radeon RX 7800 XT 16384")]
    [InlineData("clinfo-l.txt", ": 2x NVIDIA GeForce RTX 3090 24576")]
    [InlineData("clinfo.txt", ": Radeon RX 7900 XTX 24560")]
    [InlineData("rocminfo.txt", " 62: Radeon RX 7900 XTX 24560")]
    [InlineData("sinfo.txt", "gpu01 503: 4x a100 | gpu02 503: 4x a100 | gpu07 503: 4x a100 | login 62:")]
    [InlineData("scontrol.json", "g1 2013: 8x nvidia h100 80gb hbm3 81920 | c1 62:")]
    [InlineData("sinfo.json", "g1 503: 2x tesla t4 16384 | g2 503: 2x tesla t4 16384")]
    [InlineData("ansible.txt", "web1 63: ? | web3 31: ?")]
    [InlineData("nomad.json", "client-1 251: 2x Tesla T4 15360")]
    [InlineData("xpu-smi.txt", ": Intel(R) Data Center GPU Flex 170 16384")]
    [InlineData("xpu-smi.json", ": Intel(R) Arc(TM) A770 Graphics")]
    [InlineData("intel-gpu-top.txt", ": Intel Dg2 (Gen12)")]
    [InlineData("llama-devices.txt", ": NVIDIA GeForce RTX 3090 24124 (624); NVIDIA GeForce RTX 3090 24124 (124)")]
    [InlineData("llama-log.txt", ": NVIDIA GeForce RTX 3090 24576")]
    [InlineData("aws.json", "g5.12xlarge 192: 4x NVIDIA A10G 24576 | m5.large 8:")]
    [InlineData("computer-info.txt", "PC-7 32: ?")]
    [InlineData("report.txt", " 63: NVIDIA GeForce RTX 3090 24576")]
    [InlineData("gb10.txt", " 119: NVIDIA GB10 122070")]
    [InlineData("cim.json", "PC-9: NVIDIA GeForce RTX 4090 24576")]
    [InlineData("amdgpu-top.json", ": AMD Radeon RX 6800 16368 (1024)")]
    [InlineData("llmfit.json", " 64: 2x NVIDIA GeForce RTX 3090 24576")]
    [InlineData("llmfit.txt", " 32: Apple M1 Max 21845")]
    [InlineData("noheader.csv", ": 2x NVIDIA GeForce RTX 3090 24576")]
    public void An_export_is_read(string file, string expected)
    {
        var text = File.ReadAllText(RepositoryFolder.Path("tests", "data", "hardware", "exports", file));
        var machines = InventoryReader.ReadText(text, file, GpuCatalogLookup.Instance, NullSink.Instance).ToList();
        Assert.Equal(expected, string.Join(" | ", machines.Select(Line)));
        foreach (var end in new[] { text.Length / 3, text.Length / 2, text.Length - 2 }) AssertNoCrash(text[..end]);
    }

    /// <summary>A text that ends early is read as far as it goes, or is an error of the inventory.</summary>
    private static void AssertNoCrash(string text)
    {
        try
        {
            _ = InventoryReader.ReadText(text, null, GpuCatalogLookup.Instance, NullSink.Instance, _ => { }).ToList();
        }
        catch (ModelFitException error)
        {
            Assert.Equal(ErrorIds.UnknownInventory, error.ErrorId);
        }
    }

    private static string Line(MachineSpec machine)
    {
        var memory = machine.SystemMemoryBytes is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $" {Math.Round(bytes / (double)(1L << 30))}") : string.Empty;
        var cards = machine.GpuCount is null ? " ?" : string.Join(";", machine.Gpus.Select(Card)
            .GroupBy(card => card).Select(same => same.Count() == 1 ? same.Key : $" {same.Count()}x{same.Key}"));
        return $"{machine.ComputerName}{memory}:{cards}";
    }

    private static string Card(GpuSpec card) => $" {card.Name}"
        + (card.MemoryBytes is { } memory ? $" {memory >> 20}" : string.Empty)
        + (card.MemoryUsedBytes is { } used ? $" ({used >> 20})" : string.Empty);
}
