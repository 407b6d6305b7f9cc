using System.Globalization;
using System.Xml.Linq;
using ModelFit.Common;
using static ModelFit.Fleet.Reports.Html.Tags;

namespace ModelFit.Fleet.Reports.Html;

/// <summary>Seconds to the first token against users, in doublings, and as a table with each user's rate.</summary>
internal static class LoadChart
{
    private const double Left = 52, Right = 388, Top = 14, Bottom = 206;

    /// <summary>The chart; nothing of fewer than two points.</summary>
    public static IEnumerable<XElement> Of(IReadOnlyList<(int Users, double FirstToken, double Rate)> points)
    {
        if (points.Count < 2) yield break;
        var least = Log(points.Min(point => point.FirstToken)) - 0.2;
        var most = Log(points.Max(point => point.FirstToken)) + 0.2;
        var last = Math.Log(points.Max(point => point.Users));
        double X(int users) => Left + (Math.Log(users) / Math.Max(last, 1e-9) * (Right - Left));
        double Y(double seconds) => Bottom - ((Log(seconds) - least) / (most - least) * (Bottom - Top));
        var axis = $"{N(Left)},{N(Top)} {N(Left)},{N(Bottom)} {N(Right)},{N(Bottom)}";
        yield return E("svg", Class("chart"), A("viewBox", "0 0 400 232"), A("role", "img"),
            A("aria-label", Says(points)),
            E("polyline", Class("axis"), A("points", axis)),
            Labels(points, X),
            new[] { 0.0, 0.5, 1.0 }.Select(share => Math.Exp(least + (share * (most - least)))).Select(seconds => E(
                "text", A("x", N(Left - 4)), A("y", N(Y(seconds) + 4)), A("text-anchor", "end"), Seconds(seconds))),
            E("polyline", Class("curve"), A("points", string.Join(
                " ", points.Select(point => $"{N(X(point.Users))},{N(Y(point.FirstToken))}")))),
            points.Select(point => E(
                "circle", Class("dot"), A("cx", N(X(point.Users))), A("cy", N(Y(point.FirstToken))), A("r", 3))));
        yield return E("p", Class("soft"), "Seconds to the first token against users of one replica.");
        yield return E("details", E("summary", "The figures of the chart"), Table(
            "Latency and rate by users", new[] { "Users", "First token", "Tokens/s each" },
            points.Select(point => Row(
                Figure.Count(point.Users), Seconds(point.FirstToken), NumberText.Rate(point.Rate)))));
    }

    private static IEnumerable<XElement> Labels(
        IReadOnlyList<(int Users, double FirstToken, double Rate)> points, Func<int, double> x)
    {
        var free = double.NegativeInfinity;
        foreach (var (users, _, _) in points)
        {
            if (x(users) < free) continue;
            free = x(users) + 30;
            yield return E(
                "text", A("x", N(x(users))), A("y", N(Bottom + 16)), A("text-anchor", "middle"), Figure.Count(users));
        }
    }

    private static string Says(IReadOnlyList<(int Users, double FirstToken, double Rate)> points)
    {
        var (few, many) = (points[0], points[points.Count - 1]);
        return $"Time to the first token against users: {Seconds(few.FirstToken)} for {Figure.Count(few.Users)}, " +
            $"{Seconds(many.FirstToken)} for {Figure.Count(many.Users)}.";
    }

    private static double Log(double seconds) => Math.Log(Math.Max(seconds, 1e-3));

    private static string Seconds(double seconds) =>
        seconds.ToString(seconds < 10 ? "0.00" : "0", CultureInfo.InvariantCulture) + " s";
}
