using System.IO;
using System.Xml.Linq;
using System.Xml.Schema;
using ModelFit.Module.Tests.Engine;
using ModelFit.Module.Tests.Hardware;
using ModelFit.Module.Tests.Tool;
using ModelFit.Testing;
using Newtonsoft.Json.Linq;
using Xunit;

namespace ModelFit.Module.Tests.Fleet;

/// <summary>Reports as other programs read them, of a fleet whose names try to be markup.</summary>
public sealed class ReportTests
{
    private const string Hostile = "PC-<script>alert(1)</script>&\"'|=cmd";

    private const string Policy = """
        { "rules": [
          { "name": "tutor", "require": { "model": "qwen3-8b" } },
          { "name": "large", "require": { "model": "llama-3.3-70b" }, "severity": "warning" },
          { "name": "driver", "require": { "minimumDriverVersion": "550" }, "severity": "info" } ] }
        """;

    private static readonly object[] Rows =
    [
        Row("OK-1", "RTX 3090"), Row(Hostile, "GTX 1050 Ti"), Row("A100", "A100 80GB"),
        ModuleSession.Row(("ComputerName", "BAD"), ("Gpu", "RTX 3090"), ("SystemMemory", "much")),
    ];

    [Fact]
    public void JUnit_counts_what_it_says()
    {
        var root = XDocument.Parse(Report("JUnit")).Root!;
        Assert.Equal("testsuites", root.Name);
        Assert.Equal(4, root.Elements("testsuite").Count());
        foreach (var suite in root.Elements("testsuite"))
        {
            Assert.Equal((int)suite.Attribute("tests")!, suite.Elements("testcase").Count());
            Assert.Equal((int)suite.Attribute("failures")!, suite.Descendants("failure").Count());
            Assert.Equal((int)suite.Attribute("errors")!, suite.Descendants("error").Count());
            foreach (var name in new[] { "name", "hostname", "timestamp", "package", "id", "time" })
                Assert.False(string.IsNullOrEmpty(suite.Attribute(name)?.Value), name);
            Assert.All(suite.Elements("testcase"), item => Assert.NotNull(item.Attribute("classname")));
        }

        var hostile = root.Elements("testsuite").Single(suite => (string)suite.Attribute("name")! == Hostile);
        Assert.Equal((2, 1), ((int)hostile.Attribute("failures")!, (int)hostile.Attribute("errors")!));
    }

    [Fact]
    public void JUnit_is_what_the_schema_of_Jenkins_takes()
    {
        var schemas = new XmlSchemaSet();
        schemas.Add(null, RepositoryFolder.Path("tests", "data", "fleet", "junit.xsd"));
        var document = XDocument.Parse(Report("JUnit"));
        document.Validate(schemas, (_, problem) => Assert.Fail(problem.Message));
        document.Root!.Element("testsuite")!.SetAttributeValue("tests", null);
        Assert.Throws<XmlSchemaValidationException>(() => document.Validate(schemas, null));
    }

    [Fact]
    public void Sarif_has_a_result_for_each_violation_and_open_ones_for_what_is_unknown()
    {
        var run = JObject.Parse(Report("Sarif"))["runs"]![0]!;
        var rules = run["tool"]!["driver"]!["rules"]!.Select(rule => (string)rule["id"]!).ToArray();
        Assert.Equal(["tutor", "large", "driver"], rules);
        var results = run["results"]!.ToArray();
        Assert.All(results, result => Assert.Equal((string)result["ruleId"]!, rules[(int)result["ruleIndex"]!]));
        Assert.All(results.Where(result => (string)result["kind"]! == "open"), result =>
            Assert.Equal("none", result["level"]));
        Assert.Equal(
            results.Length, results.Select(result => (string)result["partialFingerprints"]!["modelfit/v1"]!)
                .Distinct().Count());
        Assert.All(results, result => Assert.True(Uri.IsWellFormedUriString(
            (string)result["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"]!, UriKind.Relative)));
    }

    [Fact]
    public void Sarif_is_what_its_schema_takes()
    {
        var document = JObject.Parse(Report("Sarif"));
        var schema = new SarifSchema();
        Assert.Empty(schema.Problems(document));
        document["runs"]![0]!["results"]![0]!["level"] = "bad";
        document["runs"]![0]!["results"]![0]!["odd"] = 1;
        ((JObject)document["runs"]![0]!["results"]![0]!).Remove("message");
        Assert.Equal(3, schema.Problems(document).Count());
    }

    [Fact]
    public void Prometheus_is_what_promtool_takes()
    {
        var promtool = OperatingSystem.IsLinux() ? DebianPackage.Unpack("promtool", "prometheus") : null;
        Assert.SkipWhen(promtool is null, "There is no promtool, and apt-get could not load Debian's prometheus.");
        using var folder = new TemporaryFolder();
        var path = folder.Write(Report("Prometheus") + "\n", "modelfit.prom");
        Assert.True(DebianPackage.Run("sh", "-c", $"'{promtool}' check metrics < '{path}'"), File.ReadAllText(path));
    }

    [Theory]
    [InlineData("OK-1", "qwen3-8b", "MODELFIT OK - ", 0)]
    [InlineData("OK-1", "llama-3.3-70b", "MODELFIT CRITICAL - ", 2)]
    public void Nagios_says_its_status_first_and_its_figures_after_a_bar(
        string name, string model, string begins, int code)
    {
        var lines = ModuleSession.Once(
            $"$rows | Invoke-ModelFitAudit {model} | ConvertTo-ModelFitReport Nagios", Row(name, "RTX 3090"))
            .Output.Single().ToString()!.Split('\n');
        Assert.StartsWith(begins, lines[0], StringComparison.Ordinal);
        Assert.Matches(@"^[^|]*\|compliant=\d+;;;0;1 violated=\d+;;;0;1 unknown=0;;;0;1$", lines[0]);
        Assert.All(lines.Skip(1), line => Assert.DoesNotContain('|', line));
        var run = ToolRun.With(
            "ComputerName,Gpu\nOK-1,RTX 3090\n", "-InputFormat", "Csv", "--exit-code", "nagios",
            "-Command", $"Invoke-ModelFitAudit {model} | ConvertTo-ModelFitReport Nagios");
        Assert.Equal(code, run.ExitCode);
    }

    [Fact]
    public void A_text_never_becomes_a_formula_nor_markup()
    {
        var csv = ModuleSession.Once(
            "$rows | Invoke-ModelFitAudit qwen3-8b | ConvertTo-ModelFitReport Csv", Row("=1+1", "RTX 3090"));
        Assert.Contains(",'=1+1,", csv.Output.Single().ToString(), StringComparison.Ordinal);
        var html = Report("Html");
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.Contains("PC-&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", Report("Markdown"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qwen3-0.6b", "RTX 3090", 0, 0)]
    [InlineData("llama-3.3-70b", "RTX 3090", 1, 2)]
    [InlineData("qwen3-8b", "much", 2, 3)]
    public void The_exit_code_of_an_audit_says_how_it_stands(string model, string gpu, int code, int nagios)
    {
        var row = gpu == "much" ? "A,RTX 3090,much" : $"A,{gpu},64GB";
        string[] words =
            ["-InputFormat", "Csv", "-OutputFormat", "Json", "-Command", $"Invoke-ModelFitAudit {model}"];
        var input = $"ComputerName,Gpu,SystemMemory\n{row}\n";
        Assert.Equal(code, ToolRun.With(input, words).ExitCode);
        Assert.Equal(nagios, ToolRun.With(input, ["--exit-code", "nagios", .. words]).ExitCode);
        words[^1] += " -Quiet";
        Assert.Equal(code, ToolRun.With(input, words).ExitCode);
    }

    [Fact]
    public void A_record_comes_back_by_csv_json_and_clixml()
    {
        using var session = new ModuleSession();
        var record = session.Run("$rows | Invoke-ModelFitAudit qwen3-8b", Row("A", "RTX 3090")).Output.Single();
        foreach (var back in new[] { ModuleSession.RoundTrip(record), ModuleSession.CsvRow(record),
            ModuleSession.JsonRow(record) })
        {
            var changes = session.Run("Compare-ModelFitAudit $rows[0] $rows[1]", record, back);
            Assert.Empty(changes.Errors);
            Assert.Empty(changes.Output);
            Assert.Contains("OK -", session.Run("$rows | ConvertTo-ModelFitReport Nagios", back).Output.Single()
                .ToString(),
                StringComparison.Ordinal);
        }
    }

    private static object Row(string name, string gpu) =>
        ModuleSession.Row(("ComputerName", name), ("Gpu", gpu), ("SystemMemory", "32GB"));

    private static string Report(string format)
    {
        using var folder = new TemporaryFolder();
        var policy = folder.Write(Policy, "policy.json");
        var run = ModuleSession.Once(
            $"$rows | Invoke-ModelFitAudit -PolicyPath '{policy}' | ConvertTo-ModelFitReport {format}", Rows);
        Assert.Empty(run.Errors);
        return run.Output.Single().ToString()!;
    }
}
