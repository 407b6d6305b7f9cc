using Newtonsoft.Json.Linq;

namespace ModelFit.Fleet.Reports;

/// <summary>
/// SARIF 2.1.0: a result for each violation, and an open one for what is not known. The computer is the artifact.
/// </summary>
internal static class SarifReport
{
    private const string Schema = "https://json.schemastore.org/sarif-2.1.0.json";

    /// <summary>The report.</summary>
    public static string Write(ReportContent content)
    {
        var findings = Finding.Of(content);
        var rules = findings.Select(finding => finding.Rule).Distinct().ToArray();
        var report = new JObject
        {
            ["$schema"] = Schema,
            ["version"] = "2.1.0",
            ["runs"] = new JArray(new JObject
            {
                ["tool"] = new JObject { ["driver"] = Driver(rules) },
                ["results"] = new JArray(findings.Where(finding => finding.Compliance != Compliance.Compliant)
                    .Select(finding => Result(finding, rules))),
            }),
        };
        return report.ToString().Replace("\r\n", "\n") + "\n";
    }

    private static JObject Driver(IEnumerable<string> rules) => new()
    {
        ["name"] = "ModelFit",
        ["version"] = typeof(SarifReport).Assembly.GetName().Version!.ToString(3),
        ["informationUri"] = "https://github.com/modelfit/modelfit",
        ["rules"] = new JArray(rules.Select(rule => new JObject
        {
            ["id"] = Text(rule), ["shortDescription"] = new JObject { ["text"] = Text(rule) },
        })),
    };

    private static JObject Result(Finding finding, string[] rules)
    {
        var isOpen = finding.Compliance == Compliance.Unknown;
        var remedy = finding.Remedy is null ? string.Empty : " " + finding.Remedy;
        return new()
        {
            ["ruleId"] = Text(finding.Rule),
            ["ruleIndex"] = Array.IndexOf(rules, finding.Rule),
            ["kind"] = isOpen ? "open" : "fail",
            ["level"] = isOpen ? "none" : finding.Severity == "info" ? "note" : Text(finding.Severity),
            ["message"] = new JObject
            {
                ["text"] = Text($"{finding.Computer}: {finding.Subject}: {finding.Message}{remedy}"),
            },
            ["locations"] = new JArray(Location(finding.Computer)),
            ["partialFingerprints"] = new JObject
            {
                ["modelfit/v1"] =
                    HardwareIdentity.Hash($"{finding.Computer}\n{finding.Rule}\n{finding.Subject}"),
            },
        };
    }

    private static JObject Location(string computer) => new()
    {
        ["physicalLocation"] = new JObject
        {
            ["artifactLocation"] = new JObject { ["uri"] = "machines/" + Uri.EscapeDataString(Text(computer)) },
            ["region"] = new JObject { ["startLine"] = 1 },
        },
        ["logicalLocations"] = new JArray(new JObject { ["name"] = Text(computer), ["kind"] = "resource" }),
    };

    private static string Text(string text) => ReportText.Printable(text);
}
