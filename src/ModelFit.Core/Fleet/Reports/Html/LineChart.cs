using System.Xml.Linq;
using static ModelFit.Fleet.Reports.Html.Tags;

namespace ModelFit.Fleet.Reports.Html;

/// <summary>A curve through points, with its two axes. Places are shares of the chart, from 0 to 1.</summary>
internal static class LineChart
{
    private const double Left = 52, Right = 388, Top = 14, Bottom = 206;

    /// <summary>The chart.</summary>
    /// <param name="says">What is read aloud of it.</param>
    /// <param name="points">The points from left to right, each with what stands below it if there is room.</param>
    /// <param name="labelWidth">Room that such a label takes, in 400ths of the width.</param>
    /// <param name="heights">Labels at the left, by their height.</param>
    /// <param name="limit">A line from left to right, with what stands on it; null for none.</param>
    public static XElement Of(
        string says, IReadOnlyList<(double X, double Y, string Label)> points, double labelWidth,
        IEnumerable<(double Y, string Label)> heights, (double Y, string Label)? limit = null) => E(
        "svg", Class("chart"), A("viewBox", "0 0 400 232"), A("role", "img"), A("aria-label", says),
        E("polyline", Class("axis"), A("points", $"{N(Left)},{N(Top)} {N(Left)},{N(Bottom)} {N(Right)},{N(Bottom)}")),
        Labels(points, labelWidth),
        heights.Select(height => Text(Left - 4, Y(height.Y) + 4, "end", height.Label)),
        limit is not { } line ? null : new[]
        {
            E("line", Class("edge"), A("x1", N(Left)), A("x2", N(Right)), A("y1", N(Y(line.Y))), A("y2", N(Y(line.Y)))),
            Text(Right, Y(line.Y) - 4, "end", line.Label),
        },
        E("polyline", Class("curve"), A("points", string.Join(
            " ", points.Select(point => $"{N(X(point.X))},{N(Y(point.Y))}")))),
        points.Select(point => E(
            "circle", Class("dot"), A("cx", N(X(point.X))), A("cy", N(Y(point.Y))), A("r", 3))));

    private static IEnumerable<XElement> Labels(
        IReadOnlyList<(double X, double Y, string Label)> points, double labelWidth)
    {
        var free = double.NegativeInfinity;
        foreach (var (share, _, label) in points)
        {
            if (X(share) < free) continue;
            free = X(share) + labelWidth;
            yield return Text(X(share), Bottom + 16, "middle", label);
        }
    }

    private static XElement Text(double x, double y, string anchor, string text) => E(
        "text", A("x", N(x)), A("y", N(y)), A("text-anchor", anchor), text);

    private static double X(double share) => Left + (share * (Right - Left));

    private static double Y(double share) => Bottom - (share * (Bottom - Top));
}
