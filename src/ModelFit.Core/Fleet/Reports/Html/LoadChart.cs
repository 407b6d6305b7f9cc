using System.Globalization;
using System.Xml.Linq;
using static ModelFit.Common.NumberText;
using static ModelFit.Fleet.Reports.Html.Tags;

namespace ModelFit.Fleet.Reports.Html;

/// <summary>Seconds to the first token against users, in doublings, and as a table with each user's rate.</summary>
internal static class LoadChart
{
    /// <summary>The chart; nothing of fewer than two points.</summary>
    public static IEnumerable<XElement> Of(IReadOnlyList<(int Users, double FirstToken, double Rate)> points)
    {
        if (points.Count < 2) yield break;
        var (few, many) = (points[0], points[points.Count - 1]);
        var low = Log(points.Min(point => point.FirstToken)) - 0.2;
        var height = Log(points.Max(point => point.FirstToken)) + 0.2 - low;
        var width = Math.Max(Math.Log(points.Max(point => point.Users)), 1e-9);
        yield return LineChart.Of(
            $"Time to the first token against users: {Seconds(few.FirstToken)} for {Number(few.Users)}, " +
                $"{Seconds(many.FirstToken)} for {Number(many.Users)}.",
            points.Select(point => (
                Math.Log(point.Users) / width, (Log(point.FirstToken) - low) / height,
                Number(point.Users))).ToArray(),
            labelWidth: 30,
            new[] { 0.0, 0.5, 1.0 }.Select(share => (share, Seconds(Math.Exp(low + (share * height))))));
        yield return E("p", Class("soft"), "Seconds to the first token against users of one replica.");
        yield return E("details", E("summary", "The figures of the chart"), Table(
            "Latency and rate by users", new[] { "Users", "First token", "Tokens/s each" },
            points.Select(point => Row(
                Number(point.Users), Seconds(point.FirstToken), Rate(point.Rate)))));
    }

    private static double Log(double seconds) => Math.Log(Math.Max(seconds, 1e-3));

    private static string Seconds(double seconds) =>
        seconds.ToString(seconds < 10 ? "0.00" : "0", CultureInfo.InvariantCulture) + " s";
}
