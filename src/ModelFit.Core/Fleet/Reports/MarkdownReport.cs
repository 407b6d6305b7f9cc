using System.Text;
using static ModelFit.Common.NumberText;

namespace ModelFit.Fleet.Reports;

/// <summary>
/// Markdown: what the page says, without pictures. Text from outside is escaped, tables are GitHub's.
/// </summary>
internal static class MarkdownReport
{
    private const int MostRows = 500;
    private const int MostNames = 20;

    /// <summary>The report.</summary>
    public static string Write(ReportContent content)
    {
        var text = new StringBuilder();
        if (QuestionFacts.Of(content) is { } facts) WriteQuestion(text, facts, content.Title);
        else WriteFleet(text, content);
        text.Append($"\nMade {Figure.Time(content.MadeAt)} by ModelFit {CatalogVersion.Current}.\n");
        return text.ToString();
    }

    private static void WriteQuestion(StringBuilder text, QuestionFacts facts, string? title)
    {
        Heading(text, 1, title ?? facts.Title);
        text.Append($"\n**{facts.Verdict}.** {Escape(facts.Reason)}\n");
        Pairs(text, "Question", facts.Asked);
        Pairs(text, "Hardware", facts.Hardware);
        Items(text, "What binds", facts.Binds.Select(Escape));
        if (facts.Bars.Count > 0)
        {
            Heading(text, 2, "Memory");
            Table(text, new[] { "Device" }.Concat(facts.Bars[0].Parts.Select(part => part.Name))
                .Concat(new[] { "Total", "Available" }), facts.Bars.Select(bar => new[] { bar.Name }
                    .Concat(bar.Parts.Select(part => Figure.Bytes(part.Bytes)))
                    .Concat(new[] { Figure.Bytes(bar.TotalBytes), Figure.Bytes(bar.AvailableBytes) })));
        }

        if (facts.Contexts.Count > 0)
        {
            Heading(text, 2, "Context against memory");
            Table(text, new[] { "Tokens", "Memory" }, facts.Contexts.Select(point =>
                new[] { Number(point.Tokens), Figure.Bytes(point.Bytes) }));
        }

        Pairs(text, "Speed", facts.Speeds);
        Items(text, "What else would work", facts.Alternatives.Select(other =>
            Escape(other.Text) + (other.Command is null ? string.Empty : "\n  " + Code(other.Command))));
        if (facts.Plan is { CommandLine: { } line } plan)
        {
            Heading(text, 2, "How to run it");
            if (plan.Reason != facts.Reason) text.Append($"\n{Escape(plan.Reason)}\n");
            text.Append($"\n{Block(line)}\n");
        }

        Pairs(text, "How it is known", facts.Known);
    }

    private static void WriteFleet(StringBuilder text, ReportContent content)
    {
        Heading(text, 1, content.Title ?? "Which machines run which models");
        if (content.AllRecords is { Count: > 0 } records) WriteAudit(text, FleetFacts.Of(records));
        if (content.Changes.Count == 0) return;
        Heading(text, 2, "Changes");
        Table(text, new[] { "Computer", "Change", "Severity", "What" }, content.Changes.Take(MostRows).Select(change =>
            new[] { change.ComputerName ?? string.Empty, change.Change, change.Severity, change.Description }));
    }

    private static void WriteAudit(StringBuilder text, FleetFacts facts)
    {
        text.Append($"\n{facts.Summary}\n");
        Heading(text, 2, "How many machines run what");
        Table(text, new[] { "Demand", "Met", "Not met", "Unknown" }, facts.Standings.Select(standing => new[]
        {
            standing.Name, Number(standing.Compliant), Number(standing.Violated),
            Number(standing.Unknown),
        }));
        Items(text, "What one upgrade would change", facts.Upgrade.Select(Upgrade));
        Items(text, "Remedies", facts.Remedies.Take(MostRows).Select(remedy =>
            $"{Escape(Names(remedy.Machines))}: {Escape(remedy.Remedy)}"));
        Items(text, "Changes since the baseline", facts.Changes.Select(change =>
            $"{Escape(change.Name)}: {Escape(change.Changes)}"));
        Items(text, "Machines that did not answer", facts.Failed.Select(failed => Escape(failed.Reason)));
        Heading(text, 2, "Machines and models");
        Table(text, new[] { "Machines", "GPU" }.Concat(facts.Columns), facts.Rows.Take(MostRows).Select(row =>
            new[] { Names(row.Names), row.Gpu }.Concat(row.Answers.Select(answer =>
                answer is null ? string.Empty : answer.Verdict ?? answer.Compliance!))));
        if (facts.Rows.Count > MostRows)
            text.Append($"\n{Number(facts.Rows.Count - MostRows)} more rows are left out.\n");
    }

    /// <summary>An effect as a sentence.</summary>
    internal static string Upgrade(UpgradeEffect effect) =>
        $"With {Figure.Bytes(effect.AddedBytes)} more GPU memory, {Count(effect.Machines, "machine")} would meet " +
        $"{Number(effect.Questions)} more of the demands.";

    /// <summary>Names in a line, not too many.</summary>
    internal static string Names(IReadOnlyList<string> names) => names.Count <= MostNames
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(MostNames))} and {Number(names.Count - MostNames)} more";

    private static void Heading(StringBuilder text, int level, string title) =>
        text.Append(text.Length > 0 ? "\n" : string.Empty).Append('#', level).Append(' ').Append(Escape(title))
            .Append('\n');

    private static void Items(StringBuilder text, string title, IEnumerable<string> items)
    {
        var all = items.ToArray();
        if (all.Length == 0) return;
        Heading(text, 2, title);
        text.Append('\n');
        foreach (var item in all) text.Append("- ").Append(item).Append('\n');
    }

    private static void Pairs(StringBuilder text, string title, IEnumerable<(string Name, string Value)> pairs) =>
        Items(text, title, pairs.Select(pair => $"{pair.Name}: {Escape(pair.Value)}"));

    private static void Table(StringBuilder text, IEnumerable<string> heads, IEnumerable<IEnumerable<string>> rows)
    {
        var names = heads.Select(Escape).ToArray();
        text.Append($"\n| {string.Join(" | ", names)} |\n|{string.Concat(names.Select(_ => " --- |"))}\n");
        foreach (var row in rows) text.Append($"| {string.Join(" | ", row.Select(Escape))} |\n");
    }

    private static string Escape(string text)
    {
        var made = new StringBuilder();
        foreach (var letter in ReportText.OneLine(ReportText.Printable(text)))
        {
            if ("\\`*_[]<>|#".IndexOf(letter) >= 0) made.Append('\\');
            made.Append(letter);
        }

        return made.ToString();
    }

    /// <summary>Code in a line, fenced by more backticks than it has.</summary>
    private static string Code(string code) => code.Contains("`") ? $"`` {code} ``" : $"`{code}`";

    private static string Block(string code) => $"```\n{ReportText.Printable(code).Replace("```", "` ` `")}\n```";
}
