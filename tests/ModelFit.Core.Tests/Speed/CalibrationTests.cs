using ModelFit.Fit;
using Xunit;

namespace ModelFit.Core.Tests.Speed;

/// <summary>What measured rows of a machine say of its others.</summary>
public sealed class CalibrationTests
{
    [Theory]
    [InlineData(new[] { 0.2, 0.2, 0.2 }, 0.18, 0.2)]
    [InlineData(new[] { -0.4, -0.9, -0.45 }, -0.45, -0.2)]
    [InlineData(new[] { 0.2 }, 0.1, 0.2)]
    public void Rows_that_agree_correct(double[] misses, double least, double most) =>
        Assert.InRange(Calibrations.Shift(misses), least, most);

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new[] { 0.02, -0.05, 0.13 })]
    [InlineData(new[] { 0.03, -0.6, 0.5 })]
    [InlineData(new[] { 0.02 })]
    public void Rows_that_disagree_or_are_near_correct_nothing(double[] misses) =>
        Assert.Equal(0, Calibrations.Shift(misses));

    [Fact]
    public void A_correction_never_turns_round_and_never_goes_further_than_the_middle()
    {
        var random = new Random(17);
        for (var i = 0; i < 1000; i++)
        {
            var misses = Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.NextDouble() - 0.5).ToArray();
            var sorted = misses.Order().ToArray();
            var middle = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
            var shift = Calibrations.Shift(misses);
            Assert.True(shift == 0 || Math.Sign(shift) == Math.Sign(middle));
            Assert.True(Math.Abs(shift) <= Math.Abs(middle));
        }
    }
}
