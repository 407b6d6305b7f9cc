using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Module.Tests.Engine;

/// <summary>Lines that are quoted for a shell, run in that shell and in the other.</summary>
public sealed class ShellTextTests
{
    public static TheoryData<string> Words => new(
        "plain", "", "-a.b", "-", "--", "a b", "it's", "a''b", "'", "$(touch FILE)", "`touch FILE`", "; touch FILE; '",
        "';touch FILE;'", "\u2019; touch FILE; \u2018", "\u201a;touch FILE;\u201b", "\u201d; touch FILE; \u201c",
        "\"; touch FILE; \"", "a\u2018\u2019'\u201ab", "\\", "a\\", "\\'; touch FILE #", "a\n; touch FILE\n'",
        "\u2019\n$(touch FILE)`touch FILE`", "\u001b[2J\u0003", "\u0085x", "%PATH%", "!!", "@x", "*?[a]", "~", "#", "|&<>",
        "\ud83d\ude00 \u00e9", "blk\\.(1[0-9]|2)\\.ffn_.*=CPU");

    [Theory]
    [MemberData(nameof(Words))]
    public void A_word_comes_out_of_its_shell_as_it_went_in(string word)
    {
        using var folder = new TemporaryFolder();
        var mark = Path.Combine(folder.Path, "ran");
        var nasty = word.Replace("FILE", mark, StringComparison.Ordinal);
        string[] words = ["%s\\0", nasty, "end"];
        Assert.Equal(nasty + "\0end\0", Bash(ShellText.Join(CommandShell.Posix, "printf", words)));
        Assert.Equal([nasty, "end"], InPowerShell(CommandShell.PowerShell, nasty, "end"));
        Bash(ShellText.Join(CommandShell.PowerShell, "printf", words));
        InPowerShell(CommandShell.Posix, nasty, "end");
        Assert.False(File.Exists(mark));
    }

    private static string Bash(string line)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", line])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var text = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();
        return text;
    }

    private static string?[] InPowerShell(CommandShell shell, params string[] words) => ModuleSession
        .Once("function show { $args | ForEach-Object { [string]$_ } }\n" + ShellText.Join(shell, "show", words))
        .Output.Select(item => item?.ToString()).ToArray();
}
