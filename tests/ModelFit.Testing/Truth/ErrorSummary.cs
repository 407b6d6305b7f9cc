namespace ModelFit.Testing.Truth;

/// <summary>Errors in one line: how many, median, mean, 90th and 95th percentile, the largest.</summary>
internal sealed record ErrorSummary(int Count, double Median, double Mean, double P90, double P95, double Max)
{
    public static ErrorSummary Of(IEnumerable<double> errors)
    {
        var sorted = errors.Order().ToArray();
        double At(double share) => sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(share * sorted.Length))];
        return new(sorted.Length, At(0.5), sorted.Average(), At(0.9), At(0.95), sorted[^1]);
    }
}
