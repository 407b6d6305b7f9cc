using System;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using ModelFit.Testing;
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
        var host = typeof(PesterSuiteTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "PesterHost").Value!;
        var start = new ProcessStartInfo("dotnet", [host])
        {
            WorkingDirectory = RepositoryFolder.Path(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MODELFIT_PESTER"] = pester;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"Exit code {process.ExitCode}.\n{await output}\n{await errors}");
        Assert.Contains("Tests Passed: ", await output, StringComparison.Ordinal);
    }
}
