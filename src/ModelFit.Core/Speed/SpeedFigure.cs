namespace ModelFit.Speed;

/// <summary>A predicted figure: expected, and between what four of five measurements are likely to be.</summary>
/// <param name="Low">One of ten measurements is below it.</param>
/// <param name="Expected">Half of them are.</param>
/// <param name="High">One of ten is above it.</param>
internal readonly record struct SpeedFigure(double Low, double Expected, double High)
{
    /// <summary>An expected figure with a spread.</summary>
    public static SpeedFigure Of(double expected, Spread spread) =>
        new(expected * spread.Low, expected, expected * spread.High);

    /// <summary>The figure times a factor; with the half width of its interval in percent, if that is known.</summary>
    public SpeedFigure Corrected(double factor, double? spreadPercent)
    {
        var expected = Expected * factor;
        if (spreadPercent is not { } percent) return new SpeedFigure(Low * factor, expected, High * factor);
        var spread = Math.Exp(percent / 100);
        return new SpeedFigure(expected / spread, expected, expected * spread);
    }
}
