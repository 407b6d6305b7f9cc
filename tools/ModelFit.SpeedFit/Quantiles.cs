namespace ModelFit.SpeedFit;

/// <summary>Quantiles of weighted values.</summary>
internal static class Quantiles
{
    /// <summary>The value below which a share of the weight lies.</summary>
    public static double Of(IEnumerable<(double Value, double Weight)> values, double share)
    {
        var sorted = values.OrderBy(pair => pair.Value).ToArray();
        var target = share * sorted.Sum(pair => pair.Weight);
        var sum = 0.0;
        for (var i = 0; i < sorted.Length; i++)
        {
            var next = sum + sorted[i].Weight;
            if (next >= target)
            {
                var part = sorted[i].Weight > 0 ? (target - sum) / sorted[i].Weight : 0;
                var before = i > 0 ? sorted[i - 1].Value : sorted[i].Value;
                return before + (part * (sorted[i].Value - before));
            }

            sum = next;
        }

        return sorted.Length > 0 ? sorted[^1].Value : 0;
    }

    /// <summary>The middle of plain values.</summary>
    public static double Median(IEnumerable<double> values) => Of(values.Select(value => (value, 1.0)), 0.5);
}
