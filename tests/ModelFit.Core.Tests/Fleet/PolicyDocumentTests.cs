using System.IO;
using System.Text.RegularExpressions;
using ModelFit.Fleet;
using ModelFit.Testing;
using Newtonsoft.Json.Linq;
using Xunit;

namespace ModelFit.Core.Tests.Fleet;

/// <summary>What is published of policies is what is read.</summary>
public class PolicyDocumentTests
{
    private static readonly JObject Schema =
        JObject.Parse(File.ReadAllText(RepositoryFolder.Path("schemas", "modelfit-policy-1.schema.json")));

    [Fact]
    public void The_schema_names_what_the_reader_takes()
    {
        var require = Schema["definitions"]!["require"]!;
        Assert.Equal(
            PolicyRequirements.Names.Order(), ((JObject)require["properties"]!).Properties()
                .Select(item => item.Name).Order());
        foreach (var lost in ((JObject)require["dependencies"]!).Properties())
        {
            var value = lost.Name switch
            {
                "users" or "contextLength" or "minimumTokensPerSecond" => "1",
                "ignoreUsage" => "true",
                "reserve" => "\"1GB\"",
                "runtime" => "\"Vllm\"",
                "kvCacheType" => "\"Q8_0\"",
                "accept" => "\"Tight\"",
                _ => "\"x\"",
            };
            var text = $$"""{ "rules": [ { "name": "a", "require": { "{{lost.Name}}": {{value}} } } ] }""";
            var error = Assert.Throws<ModelFitException>(() => PolicyFile.Parse(text, "p",
                stop: TestContext.Current.CancellationToken));
            Assert.Contains("needs a model", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("docs/guide/fleet.md")]
    [InlineData("en-US/about_ModelFit_Fleet.help.txt")]
    public void The_policies_of_the_documents_are_read(string path)
    {
        var text = File.ReadAllText(RepositoryFolder.Path(path.Split('/')));
        var policy = Regex.Match(
            text, @"\{\s*""\$schema"": ""modelfit-policy-1"".*?\]\s*\}\s*(?=\n(```|\n))", RegexOptions.Singleline);
        Assert.True(policy.Success);
        var rules = PolicyFile.Parse(policy.Value, path, stop: TestContext.Current.CancellationToken).Rules;
        Assert.InRange(rules.Count, 2, 9);
        Assert.NotEmpty(AuditQuestion.Of(new Policy(rules), NullSink.Instance));
    }
}
