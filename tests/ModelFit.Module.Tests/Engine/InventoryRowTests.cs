using Xunit;
using static ModelFit.Module.Tests.Engine.ModuleSession;

namespace ModelFit.Module.Tests.Engine;

/// <summary>Rows of inventories, whose columns mean other things than a question's.</summary>
public class InventoryRowTests
{
    private const long GiB = 1L << 30;

    [Fact]
    public void A_model_of_a_computer_is_no_language_model()
    {
        var row = Row(("ComputerName", "PC017"), ("Model", "OptiPlex 7090"), ("Gpu", "RTX 3090"));
        var run = Once("$rows | Test-ModelFit", row);
        Assert.Equal(["MissingColumn"], run.ErrorIds);
        Assert.Contains("OptiPlex 7090", run.Errors[0].Exception.Message);
        Assert.Contains("computer", run.Errors[0].Exception.Message);
        Assert.Equal(["Qwen/Qwen3-8B"], Once("$rows | Test-ModelFit qwen3-8b", row).Values("Model"));
        var found = Once("$rows | Find-ModelFit -MinimumTokensPerSecond 200", row);
        Assert.Empty(found.Errors);
        Assert.True(found.Output.Count > 1);
    }

    [Fact]
    public void A_model_that_is_one_is_asked_about() => Assert.Equal(
        ["Qwen/Qwen3-8B"],
        Once("$rows | Test-ModelFit", Row(("Model", "qwen3-8b"), ("Gpu", "RTX 3090"))).Values("Model"));

    [Theory]
    [InlineData("RAM_GB", "32", 32)]
    [InlineData("RAM (GB)", "64", 64)]
    [InlineData("TotalPhysicalMemory", "17179869184", 16)]
    public void System_memory_is_read_under_the_names_of_inventories(string column, string cell, int gibibytes)
    {
        var run = Once("$rows | Test-ModelFit qwen3-8b", Row(("Gpu", "RTX 3090"), (column, cell)));
        Assert.Empty(run.Errors);
        Assert.Equal([gibibytes * GiB], run.Values("SystemMemoryBytes"));
    }

    [Fact]
    public void An_exact_column_or_a_typed_size_counts_before_those()
    {
        var row = Row(("Gpu", "RTX 3090"), ("RAM", "32"), ("SystemMemory", "48GB"));
        Assert.Equal([48 * GiB], Once("$rows | Test-ModelFit qwen3-8b", row).Values("SystemMemoryBytes"));
        var typed = Once("$rows | Test-ModelFit qwen3-8b -SystemMemory 16GB", row);
        Assert.Empty(typed.Errors);
        Assert.Equal([16 * GiB], typed.Values("SystemMemoryBytes"));
    }

    [Theory]
    [InlineData("Gpu", "Voodoo 9", "GpuNotFound")]
    [InlineData("Gpu", "", "MissingColumn")]
    [InlineData("Quantization", "Q9_Z", "QuantizationNotFound")]
    public void An_error_names_the_row_and_its_computer(string column, string cell, string id)
    {
        var rows = new[] { "PC001", "PC002", "PC003" }.Select(name => (object)Row(
            ("ComputerName", name),
            ("Gpu", name == "PC002" && column == "Gpu" ? cell : "RTX 3090"),
            ("Quantization", name == "PC002" && column == "Quantization" ? cell : "Q4_K_M"))).ToArray();
        var run = Once("$rows | Test-ModelFit qwen3-8b", rows);
        Assert.Equal([id], run.ErrorIds);
        Assert.StartsWith("Row 2 (PC002): ", run.Errors[0].Exception.Message);
        Assert.Equal("PC002", System.Management.Automation.PSObject.AsPSObject(run.Errors[0].TargetObject)
            .Properties["ComputerName"].Value);
        Assert.Equal(["PC001", "PC003"], run.Values("ComputerName"));
    }

    [Fact]
    public void A_script_block_that_fails_shifts_no_row()
    {
        var rows = new[] { "PC001", "PC002", "PC003" }.Select(name => (object)Row(
            ("ComputerName", name), ("Card", name == "PC003" ? "Voodoo 9" : "RTX 3090"))).ToArray();
        var run = Once(
            "$rows | Test-ModelFit qwen3-8b -Gpu { if ($_.ComputerName -eq 'PC001') { throw 'no' } $_.Card }", rows);
        Assert.Equal(2, run.Errors.Count);
        Assert.StartsWith("Row 3 (PC003): ", run.Errors[1].Exception.Message);
    }
}
