using ModelFit.Architectures;
using ModelFit.Models;
using Xunit;

namespace ModelFit.Core.Tests.Architectures;

/// <summary>The definitions that are held: alike ones once, the latest only, never one in another's place.</summary>
public sealed class DefinitionCacheTests
{
    [Fact]
    public void Definitions_that_say_the_same_are_held_once()
    {
        var (one, other) = (new DefinitionCache(), new DefinitionCache());
        Assert.Same(one.Get("Q8_0", () => Definition(8, 4096)), other.Get("Q8_0", () => Definition(8, 4096)));
        Assert.NotSame(one.Get("Q4_0", () => Definition(8, 4096)), other.Get("Q4_0", () => Definition(8, 8192)));
    }

    [Fact]
    public void What_is_held_no_more_is_not_found_as_another_of_the_same_tensors()
    {
        var (first, last) = (new DefinitionCache(), new DefinitionCache());
        Assert.Equal(1024, ContextOf(first.Get("F16", () => Definition(1, 1024))));
        for (var i = 0; i < 3000; i++) new DefinitionCache().Get("F16", () => Definition(100 + i, 4096));
        last.Get("F16", () => Definition(1, 2048));
        Assert.Null(first.Find("F16"));
        Assert.Equal(1024, ContextOf(first.Get("F16", () => Definition(1, 1024))));
        Assert.Equal(2048, ContextOf(last.Get("F16", () => Definition(1, 2048))));
    }

    private static long? ContextOf(ModelDefinition definition) => definition.Metadata.Integer("context_length");

    private static ModelDefinition Definition(int rows, long context) => new(
        new ModelMetadata("cached", new Dictionary<string, object> { ["cached.context_length"] = context }),
        [new TensorInfo("token_embd.weight", TensorType.F16, 32, rows)],
        Accuracy.Exact);
}
