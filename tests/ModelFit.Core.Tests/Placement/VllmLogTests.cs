using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>vLLM's memory against its public load logs (tests/data/vllm).</summary>
public sealed class VllmLogTests(VllmLogTests.Logs logs) : IClassFixture<VllmLogTests.Logs>
{
    [Theory]
    [InlineData("weights", 0.005, 0.02)]
    [InlineData("activations", 0.05, 0.05)]
    [InlineData("cache of a request", 0.001, 0.02)]
    [InlineData("concurrency", 0.03, 0.06)]
    public void Errors_are_as_small_as_promised(string figure, double median, double mean)
    {
        var errors = ErrorSummary.Of(logs.Comparison.Errors
            .Where(error => error.Figure == figure).Select(error => error.Share));
        Assert.InRange(errors.Median, 0, median);
        Assert.InRange(errors.Mean, 0, mean);
        if (figure == "concurrency") Assert.InRange(errors.P95, 0, 0.15);
    }

    [Fact]
    public void The_cache_of_a_request_is_right_in_every_kind_of_layers()
    {
        foreach (var kind in logs.Comparison.Errors.Where(error => error.Figure == "cache of a request")
            .GroupBy(error => error.Kind))
        {
            var errors = ErrorSummary.Of(kind.Select(error => error.Share));
            Assert.True(errors.Median <= 0.001 && errors.Mean <= 0.02, $"{kind.Key}: {errors}");
        }
    }

    [Fact]
    public void Each_log_that_is_far_off_is_explained() => Assert.DoesNotContain(
        logs.Comparison.All, error => error is { Share: > 0.3, Row.Note: null });

    [Fact]
    public void What_ran_starts()
    {
        Assert.InRange(logs.Comparison.Judged, 60, int.MaxValue);
        Assert.InRange(logs.Comparison.Refused.Count, 0, logs.Comparison.Judged / 20);
    }

    /// <summary>The comparison, made once.</summary>
    public sealed class Logs
    {
        internal VllmComparison Comparison { get; } = new();
    }
}
