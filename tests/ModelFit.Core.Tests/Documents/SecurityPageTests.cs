using System.IO;
using System.Text.RegularExpressions;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Documents;

/// <summary>What the page on security promises stands in code that exists, and is held by tests that exist.</summary>
public sealed partial class SecurityPageTests
{
    private static readonly string[][] Promises = File
        .ReadAllLines(RepositoryFolder.Path("docs", "internals", "security.md"))
        .SkipWhile(line => !line.StartsWith("| promise ", StringComparison.Ordinal)).Skip(2)
        .TakeWhile(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|')).ToArray();

    [Fact]
    public void Every_promise_names_tests_that_exist()
    {
        var tests = Sources("tests");
        Assert.InRange(Promises.Length, 20, 100);
        Assert.All(Promises, promise =>
        {
            var named = Names().Matches(promise[2]).Select(match => match.Groups[1].Value.Split('.')).ToArray();
            Assert.NotEmpty(named);
            Assert.All(named, test =>
            {
                var text = string.Concat(tests.Where(file => Path.GetFileNameWithoutExtension(file) == test[0])
                    .Select(File.ReadAllText));
                var isThere = test.Length == 1 ? text.Contains("[Fact]", StringComparison.Ordinal)
                        || text.Contains("[Theory]", StringComparison.Ordinal)
                    : Regex.IsMatch(text, $@"public (?:async Task|void) {test[1]}\(");
                Assert.True(isThere, $"{string.Join('.', test)}, for: {promise[0]}");
            });
        });
    }

    [Fact]
    public void Every_promise_names_code_that_exists()
    {
        var known = Sources("src").Select(Path.GetFileNameWithoutExtension).Append("packages.lock.json")
            .Append("Regex");
        Assert.Empty(Promises.SelectMany(promise => Names().Matches(promise[1]))
            .Select(match => match.Groups[1].Value).Except(known.ToArray()!));
    }

    private static IEnumerable<string> Sources(string root) => Directory
        .GetFiles(RepositoryFolder.Path(root), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Split(Path.DirectorySeparatorChar).Intersect(["obj", "bin"]).Any());

    [GeneratedRegex("`([A-Za-z_.0-9]+)`")]
    private static partial Regex Names();
}
