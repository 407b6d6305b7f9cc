using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>SGLang and MLX against public measurements (tests/data/sglang, tests/data/mlx).</summary>
public sealed class ServedLogTests
{
    [Theory]
    [InlineData("weights", 10, 0.01, 0.05)]
    [InlineData("cache of a token", 15, 0.002, 0.01)]
    [InlineData("tokens", 8, 0.03, 0.06)]
    public void SGLang_has_the_pool_that_it_logs(string figure, int least, double median, double mean) =>
        AssertSmall(ServedComparison.SGLang().Where(error => error.Figure == figure), least, median, mean);

    [Fact]
    public void MLX_peaks_where_it_was_measured() => AssertSmall(ServedComparison.Mlx(), 15, 0.02, 0.04);

    private static string Line(ServingError error) =>
        FormattableString.Invariant($"{error.Row}: {error.Share:0.0000}");

    private static void AssertSmall(IEnumerable<ServingError> errors, int least, double median, double mean)
    {
        var all = errors.ToArray();
        var summary = ErrorSummary.Of(all.Select(error => error.Share));
        Assert.True(
            all.Length >= least && summary.Median <= median && summary.Mean <= mean,
            summary + Environment.NewLine + string.Join(Environment.NewLine, all.Select(Line)));
    }
}
