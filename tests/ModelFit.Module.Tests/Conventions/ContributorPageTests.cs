using System.Diagnostics;
using System.IO;
using System.Text.RegularExpressions;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Module.Tests.Conventions;

/// <summary>The pages for newcomers say what is there.</summary>
public sealed class ContributorPageTests
{
    private static readonly string[] Pages = ["ARCHITECTURE.md", "CONTRIBUTING.md"];

    private static readonly Regex NamedPath = new(@"\b(?:src/ModelFit|tests|tools|docs|bench)[\w./-]*[\w/]");

    private static readonly Regex NamedCommit = new(@"\b(?:[Cc]ommit |, )([0-9a-f]{7})\b");

    [Fact]
    public void Every_path_that_a_page_names_exists() => Assert.All(
        Pages.SelectMany(page => NamedPath.Matches(Read(page)).Select(match => match.Value)),
        path => Assert.True(Path.Exists(RepositoryFolder.Path(path)), path));

    [Fact]
    public void Every_room_of_Core_is_in_the_table()
    {
        var text = Read("ARCHITECTURE.md");
        var rooms = Directory.GetDirectories(RepositoryFolder.Path("src", "ModelFit.Core"))
            .Select(folder => Path.GetFileName(folder)!).Where(name => name is not ("bin" or "obj"));
        Assert.All(rooms, room => Assert.Contains($"| `{room}/` |", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_recipe_names_a_commit_of_this_history()
    {
        Assert.SkipUnless(Git("rev-parse", "--is-shallow-repository") == "false", "there is no whole history");
        var text = Read("CONTRIBUTING.md");
        var recipes = text.Split("\n## Add a").Skip(1);
        Assert.All(recipes, recipe => Assert.Matches(NamedCommit, recipe));
        Assert.All(
            NamedCommit.Matches(text).Select(match => match.Groups[1].Value),
            commit => Assert.True(Git("merge-base", "--is-ancestor", commit, "HEAD") is not null, commit));
    }

    private static string Read(string page) => File.ReadAllText(RepositoryFolder.Path(page));

    /// <summary>What git says; null where it fails or is not there.</summary>
    private static string? Git(params IEnumerable<string> words)
    {
        try
        {
            var start = new ProcessStartInfo("git", words)
            {
                WorkingDirectory = RepositoryFolder.Path(), RedirectStandardOutput = true, RedirectStandardError = true,
            };
            using var git = Process.Start(start)!;
            var said = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? said : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
