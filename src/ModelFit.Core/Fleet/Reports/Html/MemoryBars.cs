using System.Xml.Linq;
using static ModelFit.Fleet.Reports.Html.Tags;

namespace ModelFit.Fleet.Reports.Html;

/// <summary>
/// The memory of devices as stacked bars, all on one scale, with a key and the same figures as a table.
/// </summary>
internal static class MemoryBars
{
    /// <summary>The bars.</summary>
    public static IEnumerable<XElement> Of(IReadOnlyList<DeviceBar> bars)
    {
        if (bars.Count == 0) yield break;
        var scale = bars.Max(bar => Math.Max(bar.TotalBytes, bar.AvailableBytes ?? 0));
        yield return E("ul", Class("key"),
            bars[0].Parts.Select((part, i) => E("li", Key(Box("0", "10", PartClass(i), 10)), part.Name)),
            E("li", Key(Mark("5", "edge", 10)), "What there is"));
        foreach (var bar in bars) yield return Bar(bar, Math.Max(1, scale));
        yield return E("details", E("summary", "The figures of the bars"), Table(
            "Memory of each device",
            new[] { "Device" }.Concat(bars[0].Parts.Select(part => part.Name))
                .Concat(new[] { "Total", "Available" }).ToArray(),
            bars.Select(bar => Row(bar.Name, bar.Parts.Select(part => Figure.Bytes(part.Bytes))
                .Concat(new[] { Figure.Bytes(bar.TotalBytes), Figure.Bytes(bar.AvailableBytes) }).ToArray()))));
    }

    private static XElement Key(XElement picture) =>
        E("svg", A("viewBox", "0 0 10 10"), A("aria-hidden", "true"), picture);

    private static XElement Bar(DeviceBar bar, long scale)
    {
        var parts = new List<XElement>();
        long at = 0;
        for (var i = 0; i < bar.Parts.Count; i++)
        {
            parts.Add(Box(BarPlace(at, scale), BarPlace(bar.Parts[i].Bytes, scale), PartClass(i)));
            at += bar.Parts[i].Bytes;
        }

        if (bar.AvailableBytes is { } available)
            parts.AddRange(new[] { "halo", "edge" }.Select(name => Mark(BarPlace(available, scale), name)));
        var says = $"{Figure.Bytes(bar.TotalBytes)} of {Figure.Bytes(bar.AvailableBytes)}";
        var figures = string.Join(", ", bar.Parts.Select(part => $"{part.Name} {Figure.Bytes(part.Bytes)}"));
        return E("div", Class("bar"),
            E("div", Class("names"), E("span", bar.Name), E("span", says)),
            Tags.Bar($"{bar.Name}: {says}: {figures}", parts));
    }
}
