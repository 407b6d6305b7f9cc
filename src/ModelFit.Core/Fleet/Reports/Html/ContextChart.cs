using System.Globalization;
using System.Xml.Linq;
using static ModelFit.Common.NumberText;
using static ModelFit.Fleet.Reports.Html.Tags;

namespace ModelFit.Fleet.Reports.Html;

/// <summary>Memory against context length as a line, each doubling as wide as the next, and as a table.</summary>
internal static class ContextChart
{
    /// <summary>The chart; nothing of fewer than two points.</summary>
    public static IEnumerable<XElement> Of(IReadOnlyList<(int Tokens, long Bytes)> points, long? available)
    {
        if (points.Count < 2) yield break;
        var (least, last) = (points[0], points[points.Count - 1]);
        var most = Math.Max(points.Max(point => point.Bytes), available ?? 0) * 1.05;
        var width = Math.Log(last.Tokens) - Math.Log(least.Tokens);
        var there = available is null ? string.Empty : $" {Figure.Bytes(available)} are there.";
        yield return LineChart.Of(
            $"Memory against context: {Figure.Bytes(least.Bytes)} for {Number(least.Tokens)} tokens, " +
                $"{Figure.Bytes(last.Bytes)} for {Number(last.Tokens)}.{there}",
            points.Select(point => (
                (Math.Log(point.Tokens) - Math.Log(least.Tokens)) / width, point.Bytes / most,
                Figure.Tokens(point.Tokens))).ToArray(),
            labelWidth: 40,
            new[] { 0.25, 0.5, 0.75, 1.0 }.Select(share => (share, (share * most / (1L << 30))
                .ToString("0", CultureInfo.InvariantCulture) + " GiB")),
            available is { } limit ? (limit / most, $"{Figure.Bytes(limit)} there") : null);
        yield return E("details", E("summary", "The figures of the chart"), Table(
            "Memory by context length", new[] { "Tokens", "Memory" },
            points.Select(point => Row(Number(point.Tokens), Figure.Bytes(point.Bytes)))));
    }
}
