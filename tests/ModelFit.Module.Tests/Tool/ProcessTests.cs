using System.Diagnostics;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using ModelFit.Module.Tests.Hardware;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Module.Tests.Tool;

/// <summary>The built tool as a process: the module lies where it looks for it, and it can be stopped.</summary>
public sealed class ProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Answers_with_the_module_beside_it()
    {
        using var process = Start("Test-ModelFit", "mixtral-8x22b", "RTX 3090", "Q3_K_M");
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ExitAsync(process);
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("63.1 GiB (67.8 GB)", output, StringComparison.Ordinal);
        Assert.Contains(": modelfit Test-ModelFit mistralai/Mixtral-8x7B-v0.1 ", Regex.Replace(output, @"\s+", " "));
    }

    [Fact]
    public async Task Prints_what_the_readme_shows()
    {
        var readme = await File.ReadAllTextAsync(
            RepositoryFolder.Path("README.md"), TestContext.Current.CancellationToken);
        var shown = readme.Replace("\r\n", "\n").Split("```text\n")[1].Split("\n```")[0];
        using var process = Start("Test-ModelFit", "mixtral-8x22b", "RTX 3090", "Q3_K_M");
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ExitAsync(process);
        Assert.Equal(shown, output.Replace("\r\n", "\n").TrimEnd());
    }

    [Fact]
    public void No_compiler_lies_beside_it()
    {
        var files = Directory.GetFiles(Path.GetDirectoryName(Program)!, "*.dll", SearchOption.AllDirectories)
            .Where(path => !path.Contains("xunit", StringComparison.OrdinalIgnoreCase))
            .Select(Path.GetFileName);
        Assert.DoesNotContain(files, name => name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stops_when_interrupted_even_while_it_waits_for_input()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signal to send.");
        Assert.SkipWhen(ToolProcess.IgnoresInterrupts, "The tests run where interrupts are ignored.");
        using var process = Start("--script-blocks", "-InputFormat", "Text", "ForEach-Object", "{ $_ }");
        await process.StandardInput.WriteLineAsync("started");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal("started", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await ExitAsync(process);
        Assert.Equal(130, process.ExitCode);
    }

    [Fact]
    public async Task Ends_quietly_when_its_reader_has_enough()
    {
        using var process = Start("Get-GpuSpec", "-ListAvailable", "-OutputFormat", "Json");
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        process.StandardOutput.Close();
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ExitAsync(process);
        Assert.Empty(error);
    }

    [Fact]
    public async Task Reads_and_writes_utf_8()
    {
        using var process = Start("-InputFormat", "Csv", "-OutputFormat", "Json", "Test-ModelFit", "qwen3-8b");
        var input = Encoding.UTF8.GetBytes("ComputerName,Gpu\nBüro-☃,RTX 3090\n");
        await process.StandardInput.BaseStream.WriteAsync(input, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ExitAsync(process);
        Assert.Contains("\"Büro-☃\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Does_not_wait_for_an_input_that_is_closed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only there does another pipe take the number of a closed input.");
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", "exec \"$0\" -InputFormat Csv Test-ModelFit qwen3-8b <&-", Program]);
        using var process = Process.Start(start)!;
        await ExitAsync(process);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task An_input_that_is_empty_is_an_error_where_it_is_all_that_is_asked()
    {
        using var process = Start("ConvertTo-MachineSpec");
        process.StandardInput.Close();
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ExitAsync(process);
        Assert.Equal(2, process.ExitCode);
        Assert.Contains("[EmptyArgument]", error, StringComparison.Ordinal);
    }

    private static string Program => Path.Combine(
        AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "ModelFit.Tool.exe" : "ModelFit.Tool");

    private static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(Program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        return Process.Start(start)!;
    }

    private static async Task ExitAsync(Process process) =>
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
}
