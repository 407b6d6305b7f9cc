using System.Globalization;
using System.IO;
using Newtonsoft.Json;

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
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using (var json = new JsonTextWriter(text) { Formatting = Formatting.Indented })
        {
            json.WriteStartObject();
            Member(json, "$schema", Schema);
            Member(json, "version", "2.1.0");
            Array(json, "runs", () => Object(json, () =>
            {
                Tool(json, rules);
                Array(json, "results", () =>
                {
                    foreach (var finding in findings.Where(finding => finding.Compliance != Compliance.Compliant))
                        Result(json, finding, rules);
                });
            }));
            json.WriteEndObject();
        }

        return text.ToString() + "\n";
    }

    private static void Tool(JsonTextWriter json, IReadOnlyList<string> rules) => Named(json, "tool", () =>
        Named(json, "driver", () =>
        {
            Member(json, "name", "ModelFit");
            Member(json, "version", typeof(SarifReport).Assembly.GetName().Version!.ToString(3));
            Member(json, "informationUri", "https://github.com/modelfit/modelfit");
            Array(json, "rules", () =>
            {
                foreach (var rule in rules) Object(json, () =>
                {
                    Member(json, "id", rule);
                    Named(json, "shortDescription", () => Member(json, "text", rule));
                });
            });
        }));

    private static void Result(JsonTextWriter json, Finding finding, string[] rules) => Object(json, () =>
    {
        var isOpen = finding.Compliance == Compliance.Unknown;
        Member(json, "ruleId", finding.Rule);
        json.WritePropertyName("ruleIndex");
        json.WriteValue(System.Array.IndexOf(rules, finding.Rule));
        Member(json, "kind", isOpen ? "open" : "fail");
        Member(json, "level", isOpen ? "none" : finding.Severity == "info" ? "note" : finding.Severity);
        var remedy = finding.Remedy is null ? string.Empty : " " + finding.Remedy;
        Named(json, "message", () =>
            Member(json, "text", $"{finding.Computer}: {finding.Subject}: {finding.Message}{remedy}"));
        Array(json, "locations", () => Object(json, () => Location(json, finding.Computer)));
        Named(json, "partialFingerprints", () => Member(
            json, "modelfit/v1", HardwareIdentity.Hash($"{finding.Computer}\n{finding.Rule}\n{finding.Subject}")));
    });

    private static void Location(JsonTextWriter json, string computer)
    {
        Named(json, "physicalLocation", () =>
        {
            Named(json, "artifactLocation", () =>
                Member(json, "uri", "machines/" + Uri.EscapeDataString(ReportText.Printable(computer))));
            Named(json, "region", () =>
            {
                json.WritePropertyName("startLine");
                json.WriteValue(1);
            });
        });
        Array(json, "logicalLocations", () => Object(json, () =>
        {
            Member(json, "name", computer);
            Member(json, "kind", "resource");
        }));
    }

    private static void Member(JsonTextWriter json, string name, string value)
    {
        json.WritePropertyName(name);
        json.WriteValue(ReportText.Printable(value));
    }

    private static void Named(JsonTextWriter json, string name, Action members)
    {
        json.WritePropertyName(name);
        Object(json, members);
    }

    private static void Object(JsonTextWriter json, Action members)
    {
        json.WriteStartObject();
        members();
        json.WriteEndObject();
    }

    private static void Array(JsonTextWriter json, string name, Action elements)
    {
        json.WritePropertyName(name);
        json.WriteStartArray();
        elements();
        json.WriteEndArray();
    }
}
