using System.Xml.Linq;
using static ModelFit.Common.NumberText;
using static ModelFit.Fleet.Reports.Html.Tags;

namespace ModelFit.Fleet.Reports.Html;

/// <summary>The page about plans: latency against users, and machines with what they carry, as pictures.</summary>
internal static class PlanningPage
{
    private const int MostMachines = 500;

    /// <summary>The page.</summary>
    public static (string Title, XElement Header, XElement Main) Of(ReportContent content)
    {
        var title = content.Title ?? (content.Placements.Count == 0 ? "How many users, on what" : "What runs where");
        var placed = content.Placements.Count(line => line.IsPlaced);
        var header = E("header", E("h1", title), content.Placements.Count == 0 ? null : E(
            "p", $"{Number(placed)} of {Count(content.Placements.Count, "replica")} have a place."));
        var main = E("main", A("id", "content"),
            content.Capacities.Select(Capacity),
            Section("placement", "Machines with their models", Machines(content.Placements)),
            Section("refused", "Replicas without a place", List(content.Placements.Where(line => !line.IsPlaced)
                .Select(line => E("li", line.Reason)))));
        return (title, header, main);
    }

    private static XElement? Capacity(CapacityFacts facts, int index) => Section(
        $"capacity-{Number(index)}", facts.Where is null ? facts.Name : $"{facts.Name} on {facts.Where}",
        E("p", Class("verdict"), Badge(facts.Outcome), " ", facts.Reason),
        LoadChart.Of(facts.Points),
        facts.CommandLine is null ? null : E("pre", E("code", facts.CommandLine)));

    private static XElement? Machines(IReadOnlyList<PlacementFacts> lines)
    {
        var machines = lines.Where(line => line.IsPlaced).GroupBy(line => line.ComputerName ?? "unnamed").ToArray();
        if (machines.Length == 0) return null;
        var most = machines.SelectMany(Bars).Max(bar => bar.Sum(line => line.RequiredBytes) + Left(bar));
        var more = machines.Length - MostMachines;
        return E("div",
            machines.Take(MostMachines).Select(machine => Machine(machine, most)),
            more > 0 ? E("p", $"{Number(more)} more machines are left out of the picture.") : null,
            E("details", E("summary", "The figures of the picture"), Table(
                "Replicas by machine", new[] { "Machine", "Cards", "Model", "Replica", "Memory", "Left there" },
                lines.Where(line => line.IsPlaced).Select(line => Row(
                    line.ComputerName ?? "unnamed", line.Cards!, line.Model, Number(line.Replica),
                    Figure.Bytes(line.RequiredBytes), Figure.Bytes(line.HeadroomBytes))))));
    }

    private static IEnumerable<IGrouping<string, PlacementFacts>> Bars(IEnumerable<PlacementFacts> machine) =>
        machine.GroupBy(line => line.Cards!);

    /// <summary>What is left is that of the fullest card, so that the least of a bar's replicas counts.</summary>
    private static long Left(IEnumerable<PlacementFacts> bar) => Math.Max(0, bar.Min(line => line.HeadroomBytes));

    private static XElement Machine(IGrouping<string, PlacementFacts> machine, long most)
    {
        var first = machine.First();
        var label = first.Label is null ? string.Empty : $" ({first.Label})";
        return E("div", Class("bar"),
            E("div", Class("names"), E("span", machine.Key + label), E("span", first.Gpu ?? string.Empty)),
            Bars(machine).OrderBy(bar => bar.Key, StringComparer.Ordinal).Select(bar => Bar(bar, most)));
    }

    private static IEnumerable<XElement> Bar(IGrouping<string, PlacementFacts> bar, long most)
    {
        var boxes = new List<XElement>();
        var names = new List<string>();
        long at = 0;
        var scale = Math.Max(1, most);
        foreach (var line in bar)
        {
            boxes.Add(Box(BarPlace(at, scale), BarPlace(line.RequiredBytes, scale), PartClass(boxes.Count)));
            at += line.RequiredBytes;
            names.Add($"{line.Model} {Figure.Bytes(line.RequiredBytes)}");
        }

        boxes.Add(Mark(BarPlace(at + Left(bar), scale), "edge"));
        var says = $"card {bar.Key}: {string.Join(", ", names)}; {Figure.Bytes(Left(bar))} left";
        yield return Tags.Bar(says, boxes);
        yield return E("p", Class("soft"), says);
    }
}
