using System.Xml.Linq;
using static ModelFit.Fleet.Reports.Html.Tags;

namespace ModelFit.Fleet.Reports.Html;

/// <summary>The page about one question: the verdict first, then why, then what to do.</summary>
internal static class QuestionPage
{
    /// <summary>The page.</summary>
    public static (string Title, XElement Header, XElement Main) Of(QuestionFacts facts, string? title)
    {
        var name = title ?? facts.Title;
        var missing = facts.HeadroomBytes < 0 ? $"{Figure.Bytes(-facts.HeadroomBytes)} are missing. " : string.Empty;
        var header = E("header",
            E("h1", name),
            E("p", Class("verdict"), Badge(facts.Verdict), " ", missing + Meaning(facts.Verdict)),
            E("p", facts.Reason));
        var main = E("main", A("id", "content"),
            E("div", Class("columns"),
                Section("asked", "The question", Pairs(facts.Asked)),
                Section("hardware", "The hardware", Pairs(facts.Hardware))),
            Section("binds", "What binds", List(facts.Binds.Select(sentence => E("li", sentence)))),
            Section("memory", "Memory", Some(MemoryBars.Of(facts.Bars))),
            Section("context", "Context against memory", Some(ContextChart.Of(facts.Contexts, facts.AvailableBytes))),
            Section("speed", "Speed", Pairs(facts.Speeds)),
            Section("alternatives", "What else would work", List(facts.Alternatives.Select(other => E("li",
                other.Text, other.Command is null ? null : E("pre", E("code", other.Command)))))),
            Run(facts.Plan, facts.Reason),
            Section("known", "How it is known", Pairs(facts.Known)));
        return (name, header, main);
    }

    private static XElement? Run(OffloadPlan? plan, string reason) => plan is null || plan.Verdict == "NoFit"
        ? null
        : Section(
        "run", "How to run it", plan.Reason == reason ? null : E("p", plan.Reason),
        plan.CommandLine is null ? null : E("pre", E("code", plan.CommandLine)),
        plan.Environment is null ? null : E("pre", E("code", plan.Environment)),
        plan.Configuration is null ? null : E("pre", E("code", plan.Configuration)));

    private static XElement? Some(IEnumerable<XElement> elements)
    {
        var all = elements.ToArray();
        return all.Length == 0 ? null : E("div", all);
    }

    private static string Meaning(string verdict) => verdict switch
    {
        "Fits" => "The whole model is in GPU memory, and the reserve stays free.",
        "Tight" => "The whole model is in GPU memory, but it uses part of the reserve.",
        "Offload" => "It runs only with a part in system memory.",
        "NoFit" => "It does not run on this hardware.",
        _ => "A size that the answer depends on is not known.",
    };
}
