using ModelFit.Fleet;
using Xunit;

namespace ModelFit.Core.Tests.Fleet;

public class PolicyFileTests
{
    private const string Two = """
        {
          "$schema": "modelfit-policy-1",
          "rules": [
            { "name": "lab PCs run the tutor", "machines": { "ComputerName": "LAB-*" },
              "require": { "model": "qwen3-8b", "contextLength": "16k", "minimumTokensPerSecond": 20 } },
            { "name": "drivers", "machines": { "Vendor": "NVIDIA" }, "except": { "ComputerName": ["OLD-1", "OLD-2"] },
              "require": { "minimumDriverVersion": 550, "minimumFreeGpuMemory": "8GB" }, "severity": "Warning" }
          ]
        }
        """;

    [Fact]
    public void A_policy_says_what_must_hold_where_and_how_severe_it_is()
    {
        var rules = PolicyFile.Parse(Two, "policy.json", stop: TestContext.Current.CancellationToken).Rules;
        Assert.Equal(["lab PCs run the tutor", "drivers"], rules.Select(rule => rule.Name));
        Assert.Equal(["error", "warning"], rules.Select(rule => rule.Severity));
        Assert.Equal(["qwen3-8b"], rules[0].Require.Models);
        Assert.Equal((16384, 20.0, "Fits"), (rules[0].Require.ContextLength!.Value,
            rules[0].Require.MinimumTokensPerSecond!.Value, rules[0].Require.Accept));
        Assert.Equal(("550", 8L << 30),
            (rules[1].Require.MinimumDriverVersion, rules[1].Require.MinimumFreeGpuMemoryBytes!.Value));
    }

    [Theory]
    [InlineData("""{ "rules": [ { "name": "a", "require": { "modell": "x" } } ] }""", 1, 42, "model")]
    [InlineData(
        "{\n  \"rules\": [\n    { \"name\": \"a\",\n      \"require\": { \"model\": \"x\", \"users\": 0 } } ] }", 4, 43,
        "at least 1")]
    [InlineData("{ \"rules\": [ { \"name\": \"a\" } ] }", 1, 14, "'require' is missing")]
    [InlineData("{ \"rules\": [ ] }", 1, 12, "at least one element")]
    [InlineData(
        "{ \"rules\": [ { \"name\": \"a\", \"machines\": { \"Gpuu\": \"*\" }, \"require\": { \"model\": \"x\" } } ] "
        + "}", 1, 43,
        "Gpu")]
    [InlineData("{ \"$schema\": \"modelfit-policy-9\", \"rules\": [ ] }", 1, 14, "modelfit-policy-1")]
    [InlineData("{ \"$schema\": \"modelfit-catalog-1\", \"cards\": [ ] }", 1, 14, "modelfit-policy-1")]
    [InlineData("{ \"rules\": [ { \"name\": \"a\", \"require\": { \"accept\": \"Fits\" } } ] }", 1, 42,
        "needs a model")]
    [InlineData(
        "{ \"rules\": [ { \"name\": \"a\", \"require\": { \"model\": \"x\", \"reserve\": \"4 apples\" } } ] }", 1, 67,
        "16GB")]
    [InlineData(
        "{ \"rules\": [ { \"name\": \"a\",\n \"require\": { \"model\": \"x\" } },\n { \"name\": \"A\", \"require\": "
        + "{ \"model\": \"x\" } } ] }",
        3, 12, "already")]
    [InlineData("{ \"rules\": [\n { \"name\": \"a\" \"require\": 1 } ] }", 2, 15, "")]
    [InlineData("{ \"rules\": [ { \"name\": \"a\", \"name\": \"b\", \"require\": { \"model\": \"x\" } } ] }", 1,
        35, "name")]
    [InlineData("[]", 1, 1, "an object")]
    [InlineData("", 1, 1, "")]
    public void What_is_wrong_is_said_with_its_line_and_column(string text, int line, int column, string says)
    {
        var error = Assert.Throws<ModelFitException>(() => PolicyFile.Parse(text, "policy.json",
            stop: TestContext.Current.CancellationToken));
        Assert.Equal("InvalidPolicy", error.ErrorId);
        Assert.Contains($"policy.json, line {line}, column {column}:", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_no_catalog_knows_is_an_error_that_names_the_rule()
    {
        var policy = PolicyFile.Parse(
            """{ "rules": [ { "name": "tutor", "require": { "model": "no-such-model-7b" } } ] }""", "policy.json",
                stop: TestContext.Current.CancellationToken);
        var error = Assert.Throws<ModelFitException>(() => AuditQuestion.Of(policy, NullSink.Instance));
        Assert.Equal("ModelNotFound", error.ErrorId);
        Assert.StartsWith("Rule 'tutor': ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("550.54", "550.54.15", true)]
    [InlineData("550.54.15", "550.54", false)]
    [InlineData("535.104.05", "550", true)]
    [InlineData("31.0.15.5186", "31.0.15.900", false)]
    [InlineData("9.1", "10", true)]
    [InlineData("551.23-ubuntu1", "551.23", false)]
    [InlineData("unknown", "550", null)]
    public void Drivers_are_compared_number_by_number(string version, string than, bool? isOlder) =>
        Assert.Equal(isOlder, DriverVersions.IsOlder(version, than));
}
