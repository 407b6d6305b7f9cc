namespace ModelFit.Speed;

/// <summary>Between which factors of a prediction four of five measurements lie.</summary>
/// <param name="Low">One of ten is below it.</param>
/// <param name="High">One of ten is above it.</param>
internal readonly record struct Spread(double Low, double High)
{
    /// <summary>Both spreads together, as independent causes: their logarithms add as squares do.</summary>
    public Spread Widened(Spread other) => new(
        Math.Exp(-Hypotenuse(Math.Log(Math.Min(1, Low)), Math.Log(Math.Min(1, other.Low)))),
        Math.Exp(Hypotenuse(Math.Log(Math.Max(1, High)), Math.Log(Math.Max(1, other.High)))));

    private static double Hypotenuse(double a, double b) => Math.Sqrt((a * a) + (b * b));
}
