using Xunit;
using static ModelFit.Module.Tests.Engine.ModuleSession;

namespace ModelFit.Module.Tests.Engine;

/// <summary>What a typed part of the question takes the place of, and what stays of what is piped.</summary>
public class WhatIfTests
{
    private const long GiB = 1L << 30;
    private const string Pc =
        "(@{ ComputerName = 'pc'; Gpu = '2x RTX 3090'; SystemMemory = '64GB' } | ConvertTo-MachineSpec)";

    public static TheoryData<string> Ways => ["Live", "Serializer", "Csv", "Json"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_typed_card_takes_the_place_of_the_piped_one(string way)
    {
        var run = Ask($"Test-ModelFit qwen3-32b -Machine {Pc}", way, "Test-ModelFit -Gpu 3060");
        Assert.Empty(run.Errors);
        Assert.Equal([12 * GiB], run.Values("GpuMemoryBytes"));
        Assert.Equal([1], run.Values("GpuCount"));
        Assert.Equal(["pc"], run.Values("ComputerName"));
        Assert.Equal([64 * GiB], run.Values("SystemMemoryBytes"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_typed_machine_takes_the_place_of_the_piped_computer(string way)
    {
        var run = Ask(
            $"Test-ModelFit qwen3-32b -Machine {Pc}",
            way,
            "Test-ModelFit -Machine (@{ ComputerName = 'other'; Gpu = 'RTX 3060' } | ConvertTo-MachineSpec)");
        Assert.Empty(run.Errors);
        Assert.Equal([12 * GiB], run.Values("GpuMemoryBytes"));
        Assert.Equal(["other"], run.Values("ComputerName"));
        Assert.Equal([null], run.Values("SystemMemoryBytes"));
    }

    [Theory]
    [InlineData("-GpuCount 1", 1, 24)]
    [InlineData("-GpuCount 4", 4, 24)]
    [InlineData("-GpuMemory 48GB", 2, 48)]
    [InlineData("-GpuCount 3 -GpuMemory 48GB", 3, 48)]
    public void A_typed_count_or_memory_keeps_the_card(string typed, int count, int gibibytes)
    {
        foreach (var way in Ways)
        {
            foreach (var make in new[] { $"Test-ModelFit qwen3-32b -Machine {Pc}", Pc })
            {
                var run = Ask(make, way.Data, $"Test-ModelFit qwen3-32b {typed}");
                Assert.Empty(run.Errors);
                Assert.Equal([count], run.Values("GpuCount"));
                Assert.Equal([gibibytes * GiB], run.Values("GpuMemoryBytes"));
                Assert.Contains("RTX 3090", (string)Assert.Single(run.Values("Gpu"))!);
            }
        }
    }

    [Fact]
    public void A_count_beside_the_card_it_counts_is_its_total()
    {
        var run = Once("Test-ModelFit qwen3-8b '2x 3090' -GpuCount 4");
        Assert.Equal(["GpuCountMismatch"], run.ErrorIds);
    }

    [Theory]
    [InlineData("3090 + 3090", 2)]
    [InlineData("RTX 3090; 3090", 2)]
    [InlineData("RTX 3060\nRTX 3060", 2)]
    [InlineData("24GB + 24GB", 2)]
    [InlineData("3090 + 3060", 2)]
    [InlineData("RTX 3090, 24GB", 1)]
    [InlineData("Sapphire NITRO+ RX 7900 XTX", 1)]
    public void Cards_in_one_text_are_counted(string text, int cards)
    {
        var run = Once("Test-ModelFit qwen3-8b $rows[0]", text);
        Assert.Empty(run.Errors);
        Assert.Equal([cards], run.Values("GpuCount"));
    }

    /// <summary>A number where a card is named is how many there are, never a name that ends in it.</summary>
    [Theory]
    [InlineData("4")]
    [InlineData("16")]
    public void A_number_of_cards_is_no_name(string number)
    {
        var run = Once("$rows | Test-ModelFit qwen3-8b", Row(("ComputerName", "pc"), ("Gpu", number)));
        Assert.Equal(["MissingColumn"], run.ErrorIds);
        var told = Once(
            "$rows | Test-ModelFit qwen3-8b",
            Row(("ComputerName", "pc"), ("Gpu", number), ("GpuMemory", "24GB")));
        Assert.Empty(told.Errors);
        Assert.Equal([int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)], told.Values("GpuCount"));
    }

    /// <summary>
    /// A cell that does not bind is an error of the shell's, which gets the row's number and computer.
    /// </summary>
    [Fact]
    public void An_error_of_binding_names_its_row()
    {
        var rows = new[] { "8GB", "lots", "8GB", "many" }
            .Select((size, i) => (object)Row(("ComputerName", "PC" + i), ("Gpu", "3060"), ("Size", size))).ToArray();
        using var session = new ModuleSession();
        var run = session.Run("$rows | Test-ModelFit qwen3-8b -SystemMemory { $_.Size }", rows);
        Assert.Equal(2, run.Output.Count);
        var said = session.Run("$Error | ForEach-Object { $_.ToString() }").Output.Select(text => text.ToString());
        Assert.Contains(said, text => text!.StartsWith("Row 2 (PC1): ", StringComparison.Ordinal));
        Assert.Contains(said, text => text!.StartsWith("Row 4 (PC3): ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pipeline_variable_is_the_answers_own_row()
    {
        var rows = new[] { "PC1", "PC2", "PC3" }
            .Select(name => (object)Row(("ComputerName", name), ("Gpu", "RTX 3090"))).ToArray();
        foreach (var command in new[] { "Test-ModelFit", "Get-OffloadPlan" })
        {
            var run = Once(
                "function Write-Row { [CmdletBinding()] param([Parameter(ValueFromPipeline)] $Row) process { $Row } }\n"
                    + "$rows | Write-Row -PipelineVariable row | " + command + " qwen3-8b | "
                    + "ForEach-Object { $_.ComputerName + '=' + $row.ComputerName }",
                rows);
            Assert.Equal(["PC1=PC1", "PC2=PC2", "PC3=PC3"], run.Output.Select(item => item.ToString()));
        }
    }

    [Theory]
    [InlineData("Test-ModelFit qwen3-8b 3060 -SystemMemory 15.9GB", 17_072_495_002L)]
    [InlineData("Test-ModelFit qwen3-8b 3060 -SystemMemory '15.9GB'", 17_072_495_002L)]
    [InlineData("Test-ModelFit qwen3-8b 3060 -SystemMemory 16GB", 16 * GiB)]
    public void A_fraction_of_a_byte_is_rounded(string script, long bytes)
    {
        var run = Once(script);
        Assert.Empty(run.Errors);
        Assert.Equal([bytes], run.Values("SystemMemoryBytes"));
    }

    private static ScriptRun Ask(string make, string way, string ask)
    {
        using var session = new ModuleSession();
        var made = Assert.Single(session.Run(make).Output);
        return session.Run($"$rows | {ask}", Back(made, way));
    }
}
