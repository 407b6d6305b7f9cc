using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace ModelFit.Module.Tests.Tool;

/// <summary>The built tool as a process: the module lies where it looks for it, and it can be stopped.</summary>
public sealed class ProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task AnswersWithTheModuleBesideIt()
    {
        using var process = Start("Test-ModelFit", "mixtral-8x22b", "RTX 3090", "Q3_K_M");
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ExitAsync(process);
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("63.1 GiB (67.8 GB)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StopsWhenInterruptedEvenWhileItWaitsForInput()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signal to send.");
        using var process = Start("-InputFormat", "Text", "ForEach-Object", "{ $_ }");
        await process.StandardInput.WriteLineAsync("started");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal("started", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await ExitAsync(process);
        Assert.Equal(130, process.ExitCode);
    }

    private static Process Start(params string[] args)
    {
        var name = OperatingSystem.IsWindows() ? "ModelFit.Tool.exe" : "ModelFit.Tool";
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, name), args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        return Process.Start(start)!;
    }

    private static async Task ExitAsync(Process process) =>
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
}
