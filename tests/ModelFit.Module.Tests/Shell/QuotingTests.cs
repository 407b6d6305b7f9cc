using System.Globalization;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using ModelFit.Module.Tests.Engine;
using ModelFit.Module.Tests.Hardware;
using ModelFit.Module.Tests.Tool;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Module.Tests.Shell;

/// <summary>
/// Lines are pasted into real shells, where a program of the line's name writes down the arguments that it got.
/// </summary>
public sealed class QuotingTests
{
    /// <summary>Names that try to leave their quotes; each would make the file ran.</summary>
    private static readonly string[] Names =
    [
        "plain", "-a.b", "-", "--", "a b", "it's", "a''b", "'", "$(touch ran)", "`touch ran`", "; touch ran; '",
        "';touch ran;'", "\u2019; touch ran; \u2018", "\u201a;touch ran;\u201b", "\u201d; touch ran; \u201c",
        "\"; touch ran; \"", "a\u2018\u2019'\u201ab", "\\", "a\\", "\\'; touch ran #", "%PATH%", "!!", "!touch ran",
        "@x", "@{a=1}", "*?[a]", "~", "~root", "#", "|&<>", "& touch ran", "\ud83d\ude00 \u00e9", "{1,2}", "$HOME",
        "blk\\.(1[0-9]|2)\\.ffn_.*=CPU", "--%", "-a:b", "$env:PATH", "$(Set-Content ran x)", "';Set-Content ran x;'",
        "\u2019;Set-Content ran x;\u2018", "\u00a0x", "\u2014x", "\u2015", "a,b", "1kb", "0x10", "\u2028touch ran",
    ];

    public static TheoryData<CommandShell, CommandShell> Pastes => new(
        from written in Enum.GetValues<CommandShell>()
        from pasted in new[] { CommandShell.Posix, CommandShell.PowerShell }
        select new TheoryDataRow<CommandShell, CommandShell>(written, pasted));

    /// <summary>In its own shell a word is what it was; in another it may be misread, but runs nothing.</summary>
    [Theory]
    [MemberData(nameof(Pastes))]
    public async Task A_name_stays_text_in_a_real_shell(CommandShell written, CommandShell pasted)
    {
        var names = Names.Append(string.Empty).Where(name => ShellText.Quote(written, name) is not null).ToArray();
        var lines = names.Select(name => ShellText.Join(written, "show", [name, "end"])!);
        var (calls, ran) = await Paste(pasted, "show", lines);
        Assert.False(ran);
        if (written != pasted) return;
        Assert.Equal(names.Select(name => new[] { name, "end" }), calls);
        Assert.Equal(written == CommandShell.Posix ? [] : ["--%"], Names.Except(names));
    }

    /// <summary>PowerShell itself makes slashes of backslashes in paths.</summary>
    private static string[] Files(TemporaryFolder folder)
    {
        byte[] model = [.. SampleModels.Llama().Header(), .. new byte[1 << 20]];
        return Names.Where(name => !name.Contains('\\'))
            .Select(name => folder.Write(model, name.Replace('/', '-') + ".gguf")).ToArray();
    }

    /// <summary>What a plan writes for a file of such a name starts the program with its very arguments.</summary>
    [Theory]
    [InlineData(CommandShell.Posix)]
    [InlineData(CommandShell.PowerShell)]
    public async Task A_plan_for_a_file_of_any_name_starts_with_its_arguments(CommandShell shell)
    {
        using var folder = new TemporaryFolder();
        var files = Files(folder);
        var run = ModuleSession.Once(
            "Get-ModelSpec -LiteralPath $rows | Get-OffloadPlan -Gpu 'RTX 3090' -Shell " + shell, files);
        Assert.Empty(run.Errors);
        var plans = run.Output.Select(item => (OffloadPlan)item.BaseObject).ToArray();
        Assert.Equal(files.Length, plans.Length);
        var (calls, ran) = await Paste(shell, "llama-server", plans.Select(plan => plan.CommandLine!));
        Assert.False(ran);
        Assert.Equal(plans.Select(plan => plan.Arguments), calls);
    }

    /// <summary>The command that asks again about such a file is PowerShell's.</summary>
    [Fact]
    public async Task Advice_about_a_file_of_any_name_asks_about_that_file()
    {
        using var folder = new TemporaryFolder();
        var files = Files(folder);
        var run = ModuleSession.Once(
            "Get-ModelSpec -LiteralPath $rows | Test-ModelFit -Gpu 'RTX 3090' -SystemMemory 64GB "
                + "-GpuLayers 0 | ForEach-Object Advice", files);
        var lines = run.Output.Select(item => ((string)item.BaseObject).Split(": ", 2)[1]).ToArray();
        Assert.Equal(files.Length, lines.Length);
        var (calls, ran) = await Paste(CommandShell.PowerShell, "Get-OffloadPlan", lines);
        Assert.False(ran);
        Assert.Equal(files, calls.Select(words => words[0]));
    }

    /// <summary>What the tool advises is typed into the shell that has started it.</summary>
    [Fact]
    public async Task Advice_of_the_tool_runs_in_the_shell_that_started_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no bash.");
        using var folder = new TemporaryFolder();
        var file = folder.Write([.. SampleModels.Llama().Header(), .. new byte[1 << 20]], "it's $(touch ran).gguf");
        using var tool = ToolProcess.Start(
            "Test-ModelFit", file, "-Gpu", "RTX 3060 12GB", "-SystemMemory", "64GB", "-GpuLayers", "0", "-OutputFormat",
            "Json");
        var written = await tool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var answer = JsonDocument.Parse(written);
        var lines = answer.RootElement.GetProperty("Advice").GetString()!.Split('\n')
            .Select(line => line.Split(": ", 2)[1]).ToArray();
        Assert.NotEmpty(lines);
        var (calls, ran) = await Paste(CommandShell.Posix, "modelfit", lines);
        Assert.False(ran);
        Assert.Equal(lines.Length, calls.Count);
        Assert.All(calls, call => Assert.Equal(0, ToolRun.Of(call).ExitCode));
        Assert.All(calls, call => Assert.Equal(file, call[1]));
    }

    [Theory]
    [InlineData("a\n; touch ran\n'")]
    [InlineData("\u001b[2J\u0003")]
    [InlineData("\u0085x")]
    [InlineData("x\ry")]
    public void A_name_with_control_characters_has_arguments_and_no_line(string name)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write([.. SampleModels.Llama().Header(), .. new byte[1 << 20]], name + ".gguf");
        foreach (var runtime in new[] { "LlamaCpp", "Ollama" })
        {
            var run = ModuleSession.Once(
                $"$plan = Get-OffloadPlan $rows[0] 'RTX 3090' -Runtime {runtime} -WarningVariable warned 3>$null\n"
                    + "$plan; [string]$warned", new FileInfo(file));
            Assert.Empty(run.Errors);
            var plan = (OffloadPlan)run.Output[0].BaseObject;
            Assert.Null(plan.Configuration);
            if (runtime == "Ollama") continue;
            Assert.Null(plan.CommandLine);
            Assert.Contains(file, plan.Arguments);
            Assert.Contains("Arguments", run.Output[1].ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("C:\\models\\a b.gguf", "\"C:\\models\\a b.gguf\"")]
    [InlineData("C:\\models\\", "\"C:\\models\\\\\"")]
    [InlineData("a&b|c^d", "\"a&b|c^d\"")]
    [InlineData("it's", "\"it's\"")]
    [InlineData("", "\"\"")]
    [InlineData("-ngl", "-ngl")]
    [InlineData("%PATH%", null)]
    [InlineData("a\"b", null)]
    [InlineData("$(calc)", null)]
    public void The_command_prompt_takes_double_quotes_or_nothing(string word, string? line) =>
        Assert.Equal(line, ShellText.Quote(CommandShell.Cmd, word));

    private static async Task<(List<string[]> Calls, bool Ran)> Paste(
        CommandShell shell, string program, IEnumerable<string> lines)
    {
        using var folder = new TemporaryFolder();
        var record = Path.Combine(folder.Path, "words");
        var environment = RealShell.Recording(folder, program, record);
        var pasted = shell == CommandShell.Posix
            ? await RealShell.Bash(environment, string.Join("\n", lines.Select(line => $"eval {Literal(line)}")))
            : await RealShell.PowerShell(environment, "-NoProfile", "-File", folder.Write(
                "param($file)\nforeach ($line in [IO.File]::ReadAllText($file) | ConvertFrom-Json) {\n"
                    + "try { Invoke-Expression $line } catch { } }", "paste.ps1"),
                folder.Write(JsonSerializer.Serialize(lines), "lines.json"));
        Assert.NotNull(pasted.Errors);
        var words = File.Exists(record) ? File.ReadAllText(record).Split('\0') : [string.Empty];
        var calls = new List<string[]>();
        for (var at = 0; at < words.Length - 1;)
        {
            var count = int.Parse(words[at], CultureInfo.InvariantCulture);
            calls.Add(words[(at + 1)..(at + 1 + count)]);
            at += count + 1;
        }

        return (calls, File.Exists(Path.Combine(folder.Path, "ran")));
    }

    private static string Literal(string line) => "'" + line.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
