using System.Threading.Tasks;
using Xunit;

namespace ModelFit.Module.Tests.Shell;

/// <summary>The Pester files in a real PowerShell, which is where most false answers were found.</summary>
public sealed class PesterSuiteTests
{
    [Theory]
    [InlineData("5.9.1")]
    [InlineData("6.2.0")]
    public async Task The_suite_passes_in_a_real_shell(string pester)
    {
        var (code, output, errors) = await RealShell.PowerShell(
            new Dictionary<string, string> { ["MODELFIT_PESTER"] = pester });
        Assert.True(code == 0, $"Exit code {code}.\n{output}\n{errors}");
        Assert.Contains("Tests Passed: ", output, StringComparison.Ordinal);
    }
}
