using ModelFit.Testing.Truth;
using ModelFit.Tools.Pages;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>
/// The planner against llama.cpp's own fit: never over the limit, and at least as much on the cards (layers, then
/// experts by their bytes, then context). Rows in which llama.cpp itself exceeded its margin are no measure of how much
/// fits and are compared for the limit only.
/// </summary>
public sealed class FitTruthTests(FitComparison comparison) : IClassFixture<FitComparison>
{
    [Fact]
    public void No_plan_is_over_the_limit() => Assert.Empty(comparison.Over);

    [Theory]
    [InlineData("dense", 200)]
    [InlineData("experts", 80)]
    [InlineData("multi-device", 60)]
    public void Plans_hold_at_least_as_much(string kind, int leastRows)
    {
        var rows = comparison.Rows.Where(row => row.Kind == kind).ToArray();
        foreach (var row in rows.Where(row => !row.HoldsAsMuch))
            TestContext.Current.TestOutputHelper!.WriteLine(row.Text);
        Assert.True(rows.Length >= leastRows, $"{rows.Length} rows");
        Assert.True(rows.Count(row => row.HoldsAsMuch) >= 0.95 * rows.Length);
    }

    [Fact]
    public void The_documentation_has_these_figures() =>
        Assert.Equal(PlanPage.Write(comparison), PlanPage.Read());
}
