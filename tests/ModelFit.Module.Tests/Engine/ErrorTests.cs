using System.Globalization;
using System.IO;
using System.Management.Automation;
using Xunit;
using static ModelFit.Module.Tests.Engine.ModuleSession;

namespace ModelFit.Module.Tests.Engine;

public class ErrorTests
{
    [Theory]
    [InlineData("Test-ModelFit no-such-model-xyz 3090", "ModelNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Get-ModelSpec no-such-model-xyz", "ModelNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Test-ModelFit qwen3-8b 'Voodoo 9'", "GpuNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Get-GpuSpec 'Voodoo 9'", "GpuNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Test-ModelFit qwen3-8b 'RTX 3080'", "GpuAmbiguous", ErrorCategory.InvalidArgument)]
    [InlineData("Test-ModelFit qwen3-8b '2x3090' -GpuCount 4", "GpuCountMismatch", ErrorCategory.InvalidArgument)]
    [InlineData("Test-ModelFit qwen3-8b 3090 q9_z", "QuantizationNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("@{ Model = 'qwen3-8b' } | Test-ModelFit", "MissingColumn", ErrorCategory.InvalidArgument)]
    [InlineData("@{ Gpu = '3090' } | Test-ModelFit", "MissingColumn", ErrorCategory.InvalidArgument)]
    [InlineData("Test-ModelFit qwen3-8b -Gpu $null", "EmptyArgument", ErrorCategory.InvalidArgument)]
    [InlineData("Test-ModelFit qwen3-8b -Machine $null", "EmptyArgument", ErrorCategory.InvalidArgument)]
    [InlineData("Test-ModelFit qwen3-8b -Machine @()", "EmptyArgument", ErrorCategory.InvalidArgument)]
    [InlineData("Test-ModelFit qwen3-8b -Gpu @()", "EmptyArgument", ErrorCategory.InvalidArgument)]
    [InlineData("Test-ModelFit qwen3-8b -Gpu ''", "EmptyArgument", ErrorCategory.InvalidArgument)]
    [InlineData("Test-ModelFit qwen3-8b -Gpu '3090',''", "EmptyArgument", ErrorCategory.InvalidArgument)]
    [InlineData("Test-ModelFit -Model $null -Gpu 3090", "EmptyArgument", ErrorCategory.InvalidArgument)]
    [InlineData("Test-ModelFit -Gpu 3090", "EmptyArgument", ErrorCategory.InvalidArgument)]
    [InlineData("@{ Model = 'qwen3-8b'; Gpu = '3090'; GpuMemory = '24' } | Test-ModelFit", "InvalidArgument",
        ErrorCategory.InvalidArgument)]
    [InlineData("Test-ModelFit qwen3-8b -Machine 'somewhere-else'", "InvalidArgument", ErrorCategory.InvalidArgument)]
    [InlineData("Get-ModelSpec -LiteralPath '/no/such/file.gguf'", "FileUnreadable", ErrorCategory.ReadError)]
    [InlineData("'nothing that anybody exports' | ConvertTo-MachineSpec", "UnknownInventory",
        ErrorCategory.InvalidData)]
    public void A_failure_has_its_id_and_category(string script, string id, ErrorCategory category)
    {
        var run = Once(script);
        Assert.Equal([id], run.ErrorIds);
        Assert.Equal(category, run.Errors[0].CategoryInfo.Category);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("-GpuMemory 24")]
    [InlineData("-GpuMemory '24,5GB'")]
    [InlineData("-SystemMemory '-5GB'")]
    [InlineData("-ContextLength '8,192'")]
    [InlineData("-ContextLength 0")]
    [InlineData("-KeyCacheType q3_k")]
    public void What_cannot_be_used_is_refused_when_it_is_typed(string argument)
    {
        var run = Once($"Test-ModelFit qwen3-8b {argument}");
        Assert.Equal(["ParameterArgumentTransformationError"], run.ErrorIds);
    }

    /// <summary>Windows shows who the user is to whoever a share names; a record may name anybody.</summary>
    [Theory]
    [InlineData(@"[pscustomobject]@{ LiteralPath = '\\host.invalid\s\x.gguf' } | Get-ModelSpec")]
    [InlineData(
        @"[pscustomobject]@{ PSPath = 'Microsoft.PowerShell.Core\FileSystem::\\host.invalid\s\x' } | Get-ModelSpec")]
    [InlineData(@"[pscustomobject]@{ LiteralPath = '\\host.invalid\s\x.json' } | ConvertTo-MachineSpec")]
    [InlineData(@"[pscustomobject]@{ PSPath = '\\host.invalid\s\x.json' } | ConvertTo-MachineSpec")]
    [InlineData(@"[pscustomobject]@{ LiteralPath = '\\host.invalid\s\x.json' } | Import-ModelFitCatalog")]
    [InlineData(@"[pscustomobject]@{ Model = '\\host.invalid\s\x.gguf'; Gpu = '3090' } | Test-ModelFit")]
    [InlineData(@"[pscustomobject]@{ ModelPath = '\\host.invalid\s\x.gguf'; Gpu = '3090' } | Test-ModelFit")]
    public void A_share_that_was_not_typed_is_an_error(string script)
    {
        var run = Once(script);
        Assert.Equal(["InvalidArgument"], run.ErrorIds);
        Assert.Contains("not fetched", run.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"Get-ModelSpec -LiteralPath '\\host.invalid\s\x.gguf'")]
    [InlineData(@"ConvertTo-MachineSpec -LiteralPath '\\host.invalid\s\x.json'")]
    public void A_share_that_was_typed_is_looked_up(string script) =>
        Assert.Equal(["FileUnreadable"], Once(script).ErrorIds);

    [Fact]
    public void One_bad_element_is_one_error_and_the_others_are_answered()
    {
        var run = Once("Test-ModelFit qwen3-8b,no-such-model-xyz,qwen3-4b 3090 q4_k_m,q9_z -GpuCount 1,2");
        Assert.Equal(["QuantizationNotFound", "ModelNotFound"], run.ErrorIds);
        Assert.Equal(4, run.Output.Count);
    }

    [Fact]
    public void A_missing_column_is_told_with_its_row()
    {
        var rows = new[] { Row(("Gpu", "3090"), ("DNSHostName", "pc1")), Row(("Gpu", ""), ("DNSHostName", "pc2")) };
        var run = Once("$rows | Test-ModelFit qwen3-8b", rows);
        Assert.Equal("pc1", Assert.Single(run.Values("ComputerName")));
        Assert.StartsWith("Row 2 (pc2): ", Assert.Single(run.Errors).Exception.Message);
        Assert.Same(rows[1], run.Errors[0].TargetObject);
    }

    [Theory]
    [InlineData("Test-ModelFit no-such-model-xyz 3090", "Get-ModelSpec -ListAvailable")]
    [InlineData("Test-ModelFit qwen3-8b 'Voodoo 9'", "Get-GpuSpec -ListAvailable")]
    [InlineData("Get-QuantizationSpec zz", "Get-QuantizationSpec")]
    [InlineData("Test-ModelFit qwen3-8b 'RTX 3O90'", "'NVIDIA GeForce RTX 3090'")]
    [InlineData("Test-ModelFit qwen3-8c 3090", "'qwen3-8b'")]
    public void An_unknown_name_says_what_to_do(string script, string expected) =>
        Assert.Contains(expected, Assert.Single(Once(script).Errors).Exception.Message);

    [Fact]
    public void A_damaged_file_is_an_error_and_brackets_are_literal()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "a [1].gguf");
            File.WriteAllText(path, "not a model");
            using var session = new ModuleSession();
            Assert.Equal(["InvalidModelFile"], session.Run($"Get-ModelSpec -LiteralPath '{path}'").ErrorIds);
            Assert.Equal(["InvalidModelFile"], session.Run($"Test-ModelFit '{path}' 3090").ErrorIds);
            Assert.Equal(["InvalidModelFile"], session.Run(
                "$rows | Test-ModelFit -Gpu 3090", new FileInfo(path)).ErrorIds);
            Assert.Equal(["InvalidModelFile"], session.Run(
                "$rows | Get-ModelSpec", Row(("PSPath", path))).ErrorIds);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("de-DE")]
    public void An_inventory_gives_as_many_answers_and_errors_as_it_should_in_order(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            using var session = new ModuleSession();
            var rows = Enumerable.Range(0, 500).Select(InventoryRow).ToArray();
            var run = session.Run("$rows | Test-ModelFit qwen3-8b -ErrorAction Continue 2>&1", rows);
            var said = run.Output.Select(Said).ToArray();
            Assert.Equal(Enumerable.Range(0, 500).Select(i => Expected(i)), said);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static object InventoryRow(int index)
    {
        var (gpu, memory) = (index % 10) switch
        {
            1 => ("", "32GB"),
            2 => ("[N/A]", "32GB"),
            3 => ("RTX 3060", "31,9 GB"),
            4 => ("Voodoo 9", "32GB"),
            5 => ("RTX 3090", ""),
            6 => ("RTX 3090", "[N/A]"),
            _ => ("RTX 3090", "31.9 GB"),
        };
        return index % 10 == 7
            ? Row(("ComputerName", $"pc{index}"), ("SystemMemory", memory))
            : Row(("ComputerName", $"pc{index}"), ("Gpu", gpu), ("SystemMemory", memory));
    }

    private static string Expected(int index) => (index % 10) switch
    {
        1 or 2 or 7 => "MissingColumn",
        3 => "ParameterArgumentTransformationError",
        4 => "GpuNotFound",
        _ => $"pc{index}",
    };

    private static string Said(PSObject item) => item.BaseObject is ErrorRecord error
        ? error.FullyQualifiedErrorId.Split(',')[0]
        : (string)item.Properties["ComputerName"].Value;
}
