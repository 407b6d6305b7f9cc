using System.IO;
using Json.Schema;
using ModelFit.Module.Tests.Packages;
using ModelFit.Testing;
using Newtonsoft.Json.Linq;
using Xunit;

namespace ModelFit.Module.Tests.Tool;

/// <summary>The operations that modelfit.dsc.resource.json names, asked of the machine that runs the tests.</summary>
public sealed class DscTests
{
    [Fact]
    public void Get_gives_the_state_of_this_machine()
    {
        var state = Assert.Single(Run("get", """{"model":"qwen3-0.6b","contextLength":4096}""").Objects);
        Assert.Equal(("Qwen/Qwen3-0.6B", 4096), ((string?)state["model"], (int)state["contextLength"]!));
        Assert.NotNull(state["verdict"]);
        Assert.Null(state["_inDesiredState"]);
    }

    /// <summary>No machine that runs tests has the memory for the last two.</summary>
    [Theory]
    [InlineData("""{"model":"qwen3-0.6b","accept":"Offload"}""", true)]
    [InlineData("""{"model":"qwen3-0.6b","accept":"Offload","minimumTokensPerSecond":1000000}""", false)]
    [InlineData("""{"model":"kimi-k3","quantization":"Q8_0","accept":"Offload"}""", false)]
    [InlineData("""{"model":"kimi-k3","quantization":"Q8_0"}""", false)]
    public void Test_says_whether_the_machine_is_as_desired(string instance, bool expected) =>
        Assert.Equal(expected, (bool)Assert.Single(Run("test", instance).Objects)["_inDesiredState"]!);

    [Theory]
    [InlineData("get", "{}")]
    [InlineData("get", "no json")]
    [InlineData("get", """{"model":["a","b"]}""")]
    [InlineData("test", """{"model":"no-such-model-9b"}""")]
    [InlineData("test", """{"model":"qwen3-0.6b","accept":"fit"}""")]
    [InlineData("set", """{"model":"qwen3-0.6b"}""")]
    public void What_is_not_understood_exits_with_two(string operation, string instance)
    {
        var run = ToolRun.With(instance, "dsc", operation);
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.NotEmpty(run.Error);
    }

    /// <summary>Each line is a state of its own: dsc checks it by the schema that the manifest embeds.</summary>
    [Theory]
    [InlineData("get", """{"model":"qwen3-0.6b","contextLength":4096}""")]
    [InlineData("test", """{"model":"qwen3-0.6b","minimumTokensPerSecond":5}""")]
    [InlineData("test", """{"model":"kimi-k3","quantization":"Q8_0"}""")]
    [InlineData("export", """{"model":"qwen3-*b","contextLength":4096}""")]
    public void What_is_written_follows_the_schema_of_the_resource(string operation, string instance)
    {
        var manifest = JObject.Parse(
            File.ReadAllText(RepositoryFolder.Path("src", "ModelFit.Tool", "modelfit.dsc.resource.json")));
        var schema = JsonSchema.FromText(manifest["schema"]!["embedded"]!.ToString());
        Assert.Empty(ManifestSchema.Problems(schema, instance));
        Assert.NotEmpty(ManifestSchema.Problems(schema, """{"model":"qwen3-0.6b","context":1}"""));
        var lines = Run(operation, instance).Lines;
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Empty(ManifestSchema.Problems(schema, line)));
    }

    [Fact]
    public void Export_gives_the_models_that_are_like_the_instance()
    {
        var states = Run("export", """{"model":"qwen3-*b","contextLength":4096}""").Objects;
        Assert.All(states, state =>
        {
            Assert.StartsWith("Qwen/Qwen3-", (string)state["model"]!);
            Assert.Equal(4096, (int)state["contextLength"]!);
        });
        Assert.Equal(states.Count, states.Select(state => (string)state["model"]!).Distinct().Count());
    }

    private static ToolRun Run(string operation, string instance)
    {
        var run = ToolRun.With(instance, "dsc", operation);
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        return run;
    }
}
