using ModelFit.Common;
using Xunit;

namespace ModelFit.Module.Tests.Engine;

/// <summary>The digits of a card's name are no count, also through the parameter itself.</summary>
public sealed class CardNameTests
{
    [Fact]
    public void Every_name_of_the_catalog_that_is_typed_is_one_card()
    {
        // An alias of several cards is an error that names them; what is left stands for one.
        var names = EmbeddedText.Rows("gpus.tsv")
            .SelectMany(row => row[21].Split(';').Where(alias => alias.Length > 0).Prepend(row[0]))
            .GroupBy(name => name, System.StringComparer.OrdinalIgnoreCase)
            .Where(alike => alike.Count() == 1).Select(alike => alike.Key)
            .SelectMany(name => new[] { name, name.ToUpperInvariant(), name.ToLowerInvariant() })
            .Distinct().ToArray();
        var run = ModuleSession.Once(
            "foreach ($name in $rows) { Test-ModelFit pythia-14m -Gpu $name -SystemMemory 64GB }", names);
        Assert.Empty(run.Errors);
        Assert.Equal(Enumerable.Repeat<object?>(1, names.Length), run.Values("GpuCount"));
    }

    /// <summary>A name that is the catalog's own stays as it is, in whatever case it is typed.</summary>
    [Fact]
    public void Every_own_name_of_the_catalog_is_that_card()
    {
        var names = EmbeddedText.Rows("gpus.tsv").Select(row => row[0]).Distinct().ToArray();
        foreach (var typed in new[] { names, names.Select(name => name.ToUpperInvariant()).ToArray() })
        {
            var run = ModuleSession.Once(
                "foreach ($name in $rows) { Test-ModelFit pythia-14m -Gpu $name -SystemMemory 64GB }", typed);
            Assert.Empty(run.Errors);
            Assert.Equal(names, run.Values("Gpu"));
        }
    }
}
