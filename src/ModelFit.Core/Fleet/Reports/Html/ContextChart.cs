using System.Globalization;
using System.Xml.Linq;
using static ModelFit.Fleet.Reports.Html.Tags;

namespace ModelFit.Fleet.Reports.Html;

/// <summary>Memory against context length as a line, each doubling as wide as the next, and as a table.</summary>
internal static class ContextChart
{
    private const double Left = 52;
    private const double Right = 388;
    private const double Top = 14;
    private const double Bottom = 206;

    /// <summary>The chart.</summary>
    public static IEnumerable<XElement> Of(IReadOnlyList<(int Tokens, long Bytes)> points, long? available)
    {
        if (points.Count < 2) yield break;
        var most = Math.Max(points.Max(point => point.Bytes), available ?? 0) * 1.05;
        var (first, last) = (Math.Log(points[0].Tokens), Math.Log(points[points.Count - 1].Tokens));
        double X(int tokens) => Left + ((Math.Log(tokens) - first) / (last - first) * (Right - Left));
        double Y(double bytes) => Bottom - (bytes / most * (Bottom - Top));
        var limit = available is not { } there ? null : new[]
        {
            E("line", Class("edge"), A("x1", N(Left)), A("x2", N(Right)), A("y1", N(Y(there))), A("y2", N(Y(there)))),
            E("text", A("x", N(Right)), A("y", N(Y(there) - 4)), A("text-anchor", "end"),
                $"{Figure.Bytes(there)} there"),
        };
        yield return E("svg", Class("chart"), A("viewBox", "0 0 400 232"), A("role", "img"),
            A("aria-label", Says(points, available)),
            E("polyline", Class("axis"),
                A("points", $"{N(Left)},{N(Top)} {N(Left)},{N(Bottom)} {N(Right)},{N(Bottom)}")),
            Labels(points, X),
            new[] { 0.25, 0.5, 0.75, 1.0 }.Select(
                share => E("text", A("x", N(Left - 4)), A("y", N(Y(share * most) + 4)),
                A("text-anchor", "end"), (share * most / (1L << 30))
                    .ToString("0", CultureInfo.InvariantCulture) + " GiB")),
            limit,
            E("polyline", Class("curve"), A("points", string.Join(
                " ", points.Select(point => $"{N(X(point.Tokens))},{N(Y(point.Bytes))}")))),
            points.Select(point =>
                E("circle", Class("dot"), A("cx", N(X(point.Tokens))), A("cy", N(Y(point.Bytes))), A("r", 3))));
        yield return E("details", E("summary", "The figures of the chart"), Table(
            "Memory by context length", new[] { "Tokens", "Memory" },
            points.Select(point => Row(Figure.Count(point.Tokens), Figure.Bytes(point.Bytes)))));
    }

    private static IEnumerable<XElement> Labels(IReadOnlyList<(int Tokens, long Bytes)> points, Func<int, double> x)
    {
        var free = double.NegativeInfinity;
        foreach (var (tokens, _) in points)
        {
            if (x(tokens) < free) continue;
            free = x(tokens) + 40;
            yield return E("text", A("x", N(x(tokens))), A("y", N(Bottom + 16)), A("text-anchor", "middle"),
                Figure.Tokens(tokens));
        }
    }

    private static string Says(IReadOnlyList<(int Tokens, long Bytes)> points, long? available)
    {
        var (least, most) = (points[0], points[points.Count - 1]);
        var there = available is null ? string.Empty : $" {Figure.Bytes(available)} are there.";
        return $"Memory against context: {Figure.Bytes(least.Bytes)} for {Figure.Count(least.Tokens)} tokens, " +
            $"{Figure.Bytes(most.Bytes)} for {Figure.Count(most.Tokens)}.{there}";
    }
}
