using System.Collections;
using System.Linq;
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

    [Fact]
    public void What_starts_with_the_word_comes_first_without_its_owner()
    {
        using var session = new ModuleSession();
        using var shell = PowerShell.Create(session.Runspace);
        const string line = "Test-ModelFit -Model qwen3-8";
        var completion = CommandCompletion.CompleteInput(line, line.Length, new Hashtable(), shell);
        Assert.StartsWith("Qwen/Qwen3-8B", completion.CompletionMatches[0].CompletionText);
    }
}
