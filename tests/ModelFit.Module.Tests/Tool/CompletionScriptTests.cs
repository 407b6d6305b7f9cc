using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace ModelFit.Module.Tests.Tool;

/// <summary>
/// The completion scripts in the shells that they are for; a shell that is not installed skips its rows.
/// </summary>
public sealed class CompletionScriptTests
{
    private const string Bash = """
        source "$1"
        shift
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _modelfit
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    private const string Fish = """
        source $argv[1]
        complete -C "$argv[2..-1]" | string split -f1 \t
        """;

    [Theory]
    [InlineData("Test-ModelFit", "Te")]
    [InlineData("-Runtime", "Test-ModelFit", "-Ru")]
    [InlineData("Ollama", "Test-ModelFit", "-Runtime", "o")]
    [InlineData("RTX\\ 3090", "Test-ModelFit", "qwen3-8b", "3")]
    [InlineData("RTX 4090", "Test-ModelFit", "qwen3-8b", "-Quiet", "'rtx 40")]
    [InlineData("Q4_K_M", "Test-ModelFit", "qwen3-8b", "3090", "q4")]
    [InlineData("RTX\\ 3090", "Get-GpuSpec", "309")]
    public async Task Bash_completes_the_commonest_first(string expected, params string[] words)
    {
        var lines = await RunAsync("bash", ["-c", Bash, "bash", Script("bash"), "modelfit", .. words]);
        Assert.Equal(expected, lines[0]);
    }

    [Theory]
    [InlineData("Test-ModelFit", "modelfit Te")]
    [InlineData("Ollama", "modelfit Test-ModelFit -Runtime o")]
    [InlineData("RTX 3090", "modelfit Test-ModelFit qwen3-8b 3090")]
    public async Task Fish_completes_too(string expected, string line)
    {
        var lines = await RunAsync("fish", "-N", "-c", Fish, Script("fish"), line);
        Assert.Equal(expected, lines[0]);
    }

    [Fact]
    public async Task Zsh_reads_its_script() => Assert.Equal(
        ["_modelfit"],
        await RunAsync("zsh", "-f", "-c", "compdef() { echo $1 }; source $1", "zsh", Script("zsh")));

    [Fact]
    public void An_unknown_shell_is_wrong_usage()
    {
        var run = ToolRun.Of("completion", "tcsh");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("bash", run.Error, StringComparison.Ordinal);
    }

    private static string Script(string shell)
    {
        var run = ToolRun.Of("completion", shell);
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        var path = Path.Combine(Path.GetTempPath(), $"modelfit-{Environment.ProcessId}.{shell}");
        File.WriteAllText(path, run.Output);
        return path;
    }

    private static async Task<string[]> RunAsync(string shell, params string[] words)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        Assert.SkipUnless(folders.Any(folder => File.Exists(Path.Combine(folder, shell))),
            $"{shell} is not installed.");
        using var process = Process.Start(new ProcessStartInfo(shell, words) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
