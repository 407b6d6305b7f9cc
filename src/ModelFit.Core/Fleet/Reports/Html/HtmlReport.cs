using System.Security.Cryptography;
using System.Text;
using ModelFit.Common;
using static ModelFit.Fleet.Reports.Html.Tags;

namespace ModelFit.Fleet.Reports.Html;

/// <summary>
/// One self-contained page: nothing is fetched, and the page itself forbids it. Light and dark as the reader's system,
/// printable, and whole without its script, which only filters.
/// </summary>
internal static class HtmlReport
{
    private static readonly Lazy<string> Style = new(() => EmbeddedText.Whole("Reports.report.css"));
    private static readonly Lazy<string> Script = new(() => EmbeddedText.Whole("Reports.report.js"));

    /// <summary>The report.</summary>
    public static string Write(ReportContent content)
    {
        var page = content.IsPlanning ? PlanningPage.Of(content)
            : QuestionFacts.Of(content) is { } facts ? QuestionPage.Of(facts, content.Title)
            : FleetPage.Of(content);
        var policy = $"default-src 'none'; style-src '{Hash(Style.Value)}'; script-src '{Hash(Script.Value)}'; " +
            "base-uri 'none'; form-action 'none'";
        return HtmlText.Write(E("html", A("lang", "en"),
            E("head",
                E("meta", A("charset", "utf-8")),
                E("meta", A("http-equiv", "Content-Security-Policy"), A("content", policy)),
                E("meta", A("name", "viewport"), A("content", "width=device-width, initial-scale=1")),
                E("meta", A("name", "generator"), A("content", "ModelFit")),
                E("title", page.Title),
                E("style", Style.Value)),
            E("body",
                E("a", Class("skip"), A("href", "#content"), "Skip to the content"),
                page.Header,
                page.Main,
                E("footer", E("p", Class("soft"),
                    $"Made {Figure.Time(content.MadeAt)} by ModelFit {CatalogVersion.Current}.")),
                E("script", Script.Value))));
    }

    private static string Hash(string text)
    {
        using var hash = SHA256.Create();
        return "sha256-" + Convert.ToBase64String(hash.ComputeHash(Encoding.UTF8.GetBytes(text)));
    }
}
