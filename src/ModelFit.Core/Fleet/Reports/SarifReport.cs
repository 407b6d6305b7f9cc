using System.Globalization;
using System.IO;
using Newtonsoft.Json;
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
        var log = new JObject
        {
            ["$schema"] = Schema,
            ["version"] = "2.1.0",
            ["runs"] = new JArray(new JObject
            {
                ["tool"] = new JObject { ["driver"] = Driver(rules) },
                ["results"] = new JArray(findings.Where(finding => finding.Compliance != Compliance.Compliant)
                    .Select(finding => Result(finding, Array.IndexOf(rules, finding.Rule)))),
            }),
        };
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var json = new JsonTextWriter(text) { Formatting = Formatting.Indented };
        log.WriteTo(json);
        return text + "\n";
    }

    private static JObject Driver(IEnumerable<string> rules) => new()
    {
        ["name"] = "ModelFit",
        ["version"] = typeof(SarifReport).Assembly.GetName().Version!.ToString(3),
        ["informationUri"] = "https://github.com/modelfit/modelfit",
        ["rules"] = new JArray(rules.Select(ReportText.Printable).Select(rule => new JObject
        {
            ["id"] = rule, ["shortDescription"] = new JObject { ["text"] = rule },
        })),
    };

    private static JObject Result(Finding finding, int ruleIndex)
    {
        var isOpen = finding.Compliance == Compliance.Unknown;
        var computer = ReportText.Printable(finding.Computer);
        var message = $"{finding.Computer}: {finding.Subject}: {finding.Message} {finding.Remedy}".TrimEnd();
        return new JObject
        {
            ["ruleId"] = ReportText.Printable(finding.Rule),
            ["ruleIndex"] = ruleIndex,
            ["kind"] = isOpen ? "open" : "fail",
            ["level"] = isOpen ? "none" : finding.Severity == "info" ? "note" : ReportText.Printable(finding.Severity),
            ["message"] = new JObject { ["text"] = ReportText.Printable(message) },
            ["locations"] = new JArray(new JObject
            {
                ["physicalLocation"] = new JObject
                {
                    ["artifactLocation"] = new JObject { ["uri"] = "machines/" + Uri.EscapeDataString(computer) },
                    ["region"] = new JObject { ["startLine"] = 1 },
                },
                ["logicalLocations"] = new JArray(new JObject { ["name"] = computer, ["kind"] = "resource" }),
            }),
            ["partialFingerprints"] = new JObject
            {
                ["modelfit/v1"] = HardwareIdentity.Hash($"{finding.Computer}\n{finding.Rule}\n{finding.Subject}"),
            },
        };
    }
}
