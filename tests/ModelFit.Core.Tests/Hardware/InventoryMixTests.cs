using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Hardware;

/// <summary>
/// A fixed corpus of what <c>bench/ModelFit.Fuzz inventories</c> does for minutes: recordings cut, joined and mixed.
/// </summary>
public sealed class InventoryMixTests
{
    [Fact]
    public void What_is_read_of_a_mixed_text_is_named_in_it()
    {
        var problems = Enumerable.Range(1, 600)
            .Select(seed => (seed, Problem: InventoryMixes.Problem(InventoryMixes.Mix(InventoryMixes.Originals, seed))))
            .Where(run => run.Problem is not null).Select(run => $"seed {run.seed}: {run.Problem}").Take(10);
        Assert.Empty(problems);
    }
}
