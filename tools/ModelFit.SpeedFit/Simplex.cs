namespace ModelFit.SpeedFit;

/// <summary>
/// The search of Nelder and Mead (1965): a minimum of a function of a few numbers, without derivatives.
/// </summary>
internal static class Simplex
{
    /// <summary>The best point found from a start.</summary>
    public static double[] Minimize(Func<double[], double> function, double[] start, double step, int evaluations)
    {
        var n = start.Length;
        var points = Enumerable.Range(0, n + 1).Select(i =>
        {
            var point = (double[])start.Clone();
            if (i > 0) point[i - 1] += step;
            return (Point: point, Value: function(point));
        }).ToArray();
        for (var used = n + 1; used < evaluations; used += 2)
        {
            Array.Sort(points, (a, b) => a.Value.CompareTo(b.Value));
            if (points[n].Value - points[0].Value < 1e-9) break;
            var center = Enumerable.Range(0, n).Select(j => points.Take(n).Average(p => p.Point[j])).ToArray();
            (double[] Point, double Value) At(double distance)
            {
                var point = center.Select((c, j) => c + (distance * (points[n].Point[j] - c))).ToArray();
                return (point, function(point));
            }

            var reflected = At(-1);
            if (reflected.Value < points[0].Value)
            {
                var expanded = At(-2);
                points[n] = expanded.Value < reflected.Value ? expanded : reflected;
            }
            else if (reflected.Value < points[n - 1].Value)
            {
                points[n] = reflected;
            }
            else if (At(0.5) is var contracted && contracted.Value < points[n].Value)
            {
                points[n] = contracted;
            }
            else
            {
                for (var i = 1; i <= n; i++)
                {
                    var shrunk = points[i].Point.Select((x, j) => points[0].Point[j] + (0.5 * (x - points[0].Point[j])))
                        .ToArray();
                    points[i] = (shrunk, function(shrunk));
                }

                used += n;
            }
        }

        return points.MinBy(p => p.Value).Point;
    }
}
