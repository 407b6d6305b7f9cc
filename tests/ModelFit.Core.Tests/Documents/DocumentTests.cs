using System.IO;
using System.Reflection;
using System.Text.RegularExpressions;
using ModelFit.Memory;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Documents;

/// <summary>The pages that people read name only what exists.</summary>
public sealed class DocumentTests
{
    public static TheoryData<string> Pages =>
    [
        "README.md", "CHANGELOG.md", "bench/README.md",
        .. Directory.GetFiles(RepositoryFolder.Path("docs"), "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(RepositoryFolder.Path(), path).Replace('\\', '/')),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_relative_link_resolves(string page)
    {
        var folder = Path.GetDirectoryName(RepositoryFolder.Path(page.Split('/')))!;
        var broken =
            from Match link in Regex.Matches(Read(page), @"\]\(([^)\s]+)\)")
            let target = link.Groups[1].Value
            where !target.Contains("://")
            let parts = target.Split('#')
            let path = parts[0].Length == 0 ? RepositoryFolder.Path(page.Split('/')) : Path.Combine(folder, parts[0])
            where !Exists(path) || (parts.Length > 1 && !Anchors(File.ReadAllText(path)).Contains(parts[1]))
            select target;
        Assert.Empty(broken);
    }

    [Fact]
    public void Estimation_names_classes_and_tests_that_exist()
    {
        var types = typeof(MemoryModel).Assembly.GetTypes().Concat(Assembly.GetExecutingAssembly().GetTypes())
            .Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
        const RegexOptions options = RegexOptions.Multiline | RegexOptions.Singleline;
        var paragraphs = Regex.Matches(
            Read("docs/internals/estimation.md"), @"^\*(?:Ours|Tested):\*(.*?)(?=^$|^\*)", options);
        var names = paragraphs.SelectMany(paragraph => Regex.Matches(paragraph.Value, "`([A-Z][A-Za-z]+)`"))
            .Select(name => name.Groups[1].Value).ToArray();
        Assert.InRange(names.Length, 50, int.MaxValue);
        Assert.Empty(names.Except(types));
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    private static string Read(string page) => File.ReadAllText(RepositoryFolder.Path(page.Split('/')));

    /// <summary>The anchors of the headings, as GitHub makes them.</summary>
    private static IEnumerable<string> Anchors(string text) =>
        from Match heading in Regex.Matches(text, @"^#+ (.+?)\s*$", RegexOptions.Multiline)
        let words = Regex.Replace(heading.Groups[1].Value.ToLowerInvariant(), @"[^\w\- ]", string.Empty)
        select words.Replace(' ', '-');
}
