using System.Collections;
using System.Management.Automation;
using Xunit;

namespace ModelFit.Module.Tests.Engine;

public class CompletionTests
{
    [Theory]
    [InlineData("Test-ModelFit -Model qwen3-8", "Qwen3-8B")]
    [InlineData("Test-ModelFit qwen3-8b -Gpu 'RTX 309", "RTX 3090")]
    [InlineData("Test-ModelFit qwen3-8b -Quantization q4_k", "Q4_K_M")]
    [InlineData("Test-ModelFit qwen3-8b -KeyCacheType q8", "Q8_0")]
    [InlineData("Test-ModelFit qwen3-8b -Accept o", "Offload")]
    [InlineData("Get-GpuSpec -Vendor nv", "NVIDIA")]
    [InlineData("Get-GpuSpec -Segment data", "DataCenter")]
    [InlineData("Get-ModelSpec -Family qwen", "Qwen")]
    [InlineData("Get-QuantizationSpec iq4", "IQ4_XS")]
    public void Names_are_completed_by_what_is_known(string line, string expected)
    {
        using var session = new ModuleSession();
        using var shell = PowerShell.Create(session.Runspace);
        var completion = CommandCompletion.CompleteInput(line, line.Length, new Hashtable(), shell);
        Assert.Contains(completion.CompletionMatches.Select(match => match.CompletionText),
            text => text.Contains(expected, System.StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What is offered first, and how it is quoted.</summary>
    [Theory]
    [InlineData("Test-ModelFit qwen3-8b -Gpu 3", "'RTX 3090'")]
    [InlineData("Test-ModelFit qwen3-8b -Gpu 'RTX 30", "'RTX 3090'")]
    [InlineData("Test-ModelFit qwen3-8b -Gpu \"rtx30", "\"RTX 3090\"")]
    [InlineData("Test-ModelFit qwen3-8b -Gpu '2x RTX 30", "'2x RTX 3090'")]
    [InlineData("Test-ModelFit qwen3-8b -Gpu '2x RTX 3090 + 40", "'2x RTX 3090 + RTX 4090'")]
    [InlineData("Test-ModelFit qwen3-8b -Gpu 'RTX 4070', 309", "'RTX 3090'")]
    [InlineData("Test-ModelFit qwen3-8b -Gpu l40", "L40S")]
    [InlineData("Test-ModelFit qwen3-8b -Quantization q4", "Q4_K_M")]
    [InlineData("Test-ModelFit qwen3-8b -Quantization Q4_K_M,q5", "Q5_K_M")]
    [InlineData("Test-ModelFit qwen3-8b -ContextLength 3", "32k")]
    [InlineData("Test-ModelFit qwen3-8b 3090 -SystemMemory 6", "64GB")]
    public void The_commonest_comes_first(string line, string expected) =>
        Assert.Equal(expected, Complete(line)[0].CompletionText);

    [Theory]
    [InlineData("Test-ModelFit qwen3-8b -Gpu 3090", "NVIDIA GeForce RTX 3090, 24.0 GiB GDDR6X, 936 GB/s")]
    [InlineData("Test-ModelFit qwen3-8", "8.2B parameters")]
    [InlineData("Test-ModelFit qwen3-8b -Quantization q4_k_m", "4.89 bits a weight, about 5.0 GB of Qwen/Qwen3-8B")]
    public void A_tooltip_says_what_decides(string line, string expected) =>
        Assert.Contains(expected, Complete(line)[0].ToolTip, System.StringComparison.Ordinal);

    [Fact]
    public void What_is_offered_for_a_card_is_that_card() => Assert.All(
        ModelFit.Catalog.CommonNames.Gpus(),
        entry => Assert.Equal(
            entry.Item.Name, ModelFit.Catalog.GpuCatalog.Resolve(entry.Name, null, NullSink.Instance).Name));

    [Fact]
    public void What_starts_with_the_word_comes_first_without_its_owner() =>
        Assert.StartsWith("Qwen/Qwen3-8B", Complete("Test-ModelFit -Model qwen3-8")[0].CompletionText);

    private static System.Collections.ObjectModel.Collection<CompletionResult> Complete(string line)
    {
        using var session = new ModuleSession();
        using var shell = PowerShell.Create(session.Runspace);
        return CommandCompletion.CompleteInput(line, line.Length, new Hashtable(), shell).CompletionMatches;
    }
}
