using System.Xml.Linq;
using static ModelFit.Common.NumberText;
using static ModelFit.Fleet.Reports.Html.Tags;

namespace ModelFit.Fleet.Reports.Html;

/// <summary>The page about a fleet: the summary first, then the matrix of machines and models with filters.</summary>
internal static class FleetPage
{
    private const int MostRows = 2000;

    /// <summary>The page.</summary>
    public static (string Title, XElement Header, XElement Main) Of(ReportContent content)
    {
        var title = content.Title ?? "Which machines run which models";
        var records = content.AllRecords;
        var facts = records.Count == 0 ? null : FleetFacts.Of(records);
        var header = E("header", E("h1", title), facts is null
            ? E("p", $"{Count(content.Changes.Count, "change")} from one audit to the next.")
            : E("p", facts.Summary));
        var main = E("main", A("id", "content"), facts is null ? null : Parts(facts), Changes(content.Changes));
        return (title, header, main);
    }

    private static IEnumerable<XElement?> Parts(FleetFacts facts) => new[]
    {
        Section("runs", "How many machines run what", facts.Standings.Count == 0 ? null
            : E("div", facts.Standings.Select(Standing))),
        Section("upgrade", "What one upgrade would change", List(
            facts.Upgrade.Select(effect => E("li", MarkdownReport.Upgrade(effect))))),
        Section("remedies", "Remedies", List(facts.Remedies.Take(MostRows).Select(Remedy))),
        Section("changed", "Changes since the baseline", List(
            facts.Changes.Select(change => E("li", $"{change.Name}: {change.Changes}")))),
        Section("failed", "Machines that did not answer", List(
            facts.Failed.Select(failed => E("li", $"{failed.Name}: {failed.Reason}")))),
        Section("matrix-title", "Machines and models", Matrix(facts)),
    };

    private static XElement Remedy((string Remedy, IReadOnlyList<string> Machines) remedy)
    {
        var said = QuestionFacts.ReadAlternative(remedy.Remedy);
        return E("li", E("strong", said.Text), $" {Count(remedy.Machines.Count, "machine")}: ",
            MarkdownReport.Names(remedy.Machines), said.Command is null ? null : E("pre", E("code", said.Command)));
    }

    private static XElement Standing(FleetStanding standing)
    {
        var all = Math.Max(1, standing.All);
        var says = $"{Number(standing.Compliant)} of {Number(standing.All)} meet it" +
            (standing.Violated > 0 ? $", {Number(standing.Violated)} do not" : string.Empty) +
            (standing.Unknown > 0 ? $", {Number(standing.Unknown)} unknown" : string.Empty);
        XElement? Part(int before, int count, string name) =>
            count == 0 ? null : Box(BarPlace(before, all), BarPlace(count, all), name);
        return E("div", Class("bar"),
            E("div", Class("names"), E("span", standing.Name), E("span", says)),
            Bar(
                $"{standing.Name}: {says}",
                Part(0, standing.Compliant, "yes"),
                Part(standing.Compliant, standing.Violated, "no"),
                Part(standing.Compliant + standing.Violated, standing.Unknown, "maybe")));
    }

    private static XElement? Matrix(FleetFacts facts)
    {
        if (facts.Columns.Count == 0) return null;
        var left = facts.Rows.Count - MostRows;
        return E("div",
            Filters(),
            Table(
                "Machines with the same answers share a row",
                new[] { "Machines", "GPU" }.Concat(facts.Columns).ToArray(),
                facts.Rows.Take(MostRows).Select(Row), "matrix"),
            left > 0 ? E("p", $"{Number(left)} more rows are left out: filter the records first.") : null);
    }

    /// <summary>Hidden until the script that serves it runs.</summary>
    private static XElement Filters() => E("form", A("id", "filters"), A("hidden", "hidden"), Class("filters"),
        E("div", E("label", A("for", "filter-text"), "Machine or GPU contains"),
            E("input", A("id", "filter-text"), A("type", "text"))),
        E("div", E("label", A("for", "filter-state"), "Any answer is"),
            E("select", A("id", "filter-state"), E("option", A("value", string.Empty), "anything"),
                new[] { "Fits", "Tight", "Offload", "NoFit", "Unknown", "Violated", "Compliant" }
                    .Select(state => E("option", A("value", state), state)))),
        E("p", A("id", "filter-count"), A("role", "status")));

    private static XElement Row(MachineGroup group)
    {
        var states = group.Answers.Where(answer => answer is not null)
            .SelectMany(answer => new[] { answer!.Verdict, answer.Compliance }).OfType<string>().Distinct();
        var names = string.Join(", ", group.Names);
        return E("tr",
            A("data-search", names + " " + group.Gpu), A("data-states", string.Join(" ", states)),
            E("th", A("scope", "row"), group.Names.Count == 1 ? names : E("details",
                E("summary", $"{Number(group.Names.Count)} machines"), names)),
            E("td", group.Gpu),
            group.Answers.Select(Cell));
    }

    private static XElement Cell(AuditRecord? answer) => answer is null ? E("td", "not asked")
        : answer.Verdict is null ? E("td", Badge(answer.Compliance!))
        : E("td", Badge(answer.Verdict), answer.Compliance == "Violated"
            && answer.Verdict == "Fits" ? " violated" : null);

    private static XElement? Changes(IReadOnlyList<AuditChange> changes) => changes.Count == 0 ? null : Section(
        "changes", "Changes", Table(
            "What changed from one audit to the next", new[] { "Computer", "Change", "Severity", "What" },
            changes.Take(MostRows).Select(change => E("tr",
                E("th", A("scope", "row"), change.ComputerName ?? "unnamed"), E("td", change.Change),
                E("td", change.Severity), E("td", change.Description)))));
}
