using System.Diagnostics;
using System.IO;
using ModelFit.Module.Tests.Engine;
using ModelFit.Module.Tests.Hardware;
using ModelFit.Testing;
using Newtonsoft.Json.Linq;
using Xunit;

namespace ModelFit.Module.Tests.Fleet;

/// <summary>A site: hosts over ssh, an inventory, a policy, two nights, every report.</summary>
[Collection(nameof(SshCollection))]
public sealed class SiteTests(SshServer server)
{
    private const int Rows = 5000;

    private const string Policy = """
        { "rules": [
          { "name": "small", "require": { "model": "qwen3-8b", "accept": "Offload" } },
          { "name": "labs", "machines": { "ComputerName": "LAB-*" }, "require": { "model": "llama-3.3-70b" },
            "severity": "warning" } ] }
        """;

    private static readonly string[] Cards = ["RTX 3090", "RTX 4070", "2x L40S", "GTX 1050 Ti", "A100 80GB"];

    /// <summary>What changes from the first night to the second, by the number of the row: one of each kind.</summary>
    private static readonly Dictionary<int, (string? Before, string? After, string Change)> Drifts = new()
    {
        [10] = ("RTX 3090,64GB", "2x RTX 3090,64GB", "GpuAdded"),
        [12] = ("2x L40S,64GB", "L40S,64GB", "GpuLost"),
        [20] = ("RTX 3090,64GB", "RTX 4090,64GB", "GpuReplaced"),
        [22] = ("RTX 3090,64GB,24GB", "RTX 3090,64GB,20GB", "GpuMemory"),
        [25] = ("RTX 3090,64GB", "RTX 3090,32GB", "SystemMemory"),
        [27] = ("RTX 3090,64GB,,,550.54", "RTX 3090,64GB,,,560.28", "Driver"),
        [28] = ("RTX 3090,64GB,,23GB", "RTX 3090,64GB,,4GB", "FreeMemory"),
        [29] = ("RTX 3090,64GB,,,,AMD EPYC 9354", "RTX 3090,64GB,,,,AMD EPYC 9654", "Hardware"),
        [30] = ("RTX 3090,64GB", null, "MachineGone"),
        [35] = ("RTX 3090,64GB", "RTX 3090,much", "MachineFailed"),
        [36] = ("RTX 3090,much", "RTX 3090,64GB", "MachineRecovered"),
        [Rows + 1] = (null, "RTX 3090,64GB", "MachineNew"),
    };

    [Fact]
    public void Two_nights_of_a_site()
    {
        Assert.SkipWhen(server.Absent is not null, $"No OpenSSH server: {server.Absent}.");
        using var folder = new TemporaryFolder();
        folder.Write(Policy, "policy.json");
        folder.Write(Inventory(drifted: false), "first.csv");
        folder.Write(Inventory(drifted: true), "second.csv");
        using var session = new ModuleSession();
        var hosts = Enumerable.Range(1, 40)
            .Select(i => i % 13 == 0 ? $"refused-{i}" : i % 17 == 0 ? $"close-{i}" : $"canned-{i}").ToArray<object>();
        var ask = $"Invoke-ModelFitAudit -PolicyPath '{folder["policy.json"]}' -OutputPath '{folder["first.jsonl"]}'";
        var first = session.Run($"$rows | {ask} -Path '{folder["first.csv"]}'", hosts);
        Assert.Empty(first.Errors);
        Assert.Equal(Rows + 40, first.Values("ComputerName").Distinct().Count());
        Assert.Equal(
            hosts.Cast<string>().Where(host => !host.StartsWith("canned", StringComparison.Ordinal)).Order(),
            first.Output.Where(item => item.Properties["ErrorId"].Value is "ProbeFailed")
                .Select(item => (string)item.Properties["ComputerName"].Value).Distinct().Order());

        Assert.Equal(2, Nightly(folder, hosts.Cast<string>()));
        var changes = session.Run(
            $"Compare-ModelFitAudit '{folder["first.jsonl"]}' '{folder["second.jsonl"]}'").Output
            .Select(item => (AuditChange)item.BaseObject).ToArray();
        Assert.Equal(
            Drifts.Select(drift => ($"LAB-{drift.Key}", drift.Value.Change)).Order(),
            changes.Where(change => change.Model is null)
                .Select(change => (change.ComputerName!, change.Change)).Order());
        Assert.All(changes, change => Assert.Contains(
            change.ComputerName, Drifts.Keys.Select(number => $"LAB-{number}")));
        foreach (var format in Enum.GetNames<ModelFit.Fleet.Reports.ReportFormat>())
        {
            var report = folder["report." + format];
            var run = session.Run(
                $"$rows | Export-ModelFitReport {format} '{report}'", Read(folder["second.jsonl"]));
            Assert.Empty(run.Errors);
            Assert.Contains(format is "Nagios" ? "MODELFIT WARNING" : "LAB-35", File.ReadAllText(report),
                StringComparison.Ordinal);
        }
    }

    /// <summary>The second night as a timer runs it: a script, the tool, its exit code.</summary>
    private static int Nightly(TemporaryFolder folder, IEnumerable<string> hosts)
    {
        folder.Write(string.Join("\n", hosts) + "\n", "hosts.txt");
        var tool = Path.Combine(AppContext.BaseDirectory, "ModelFit.Tool");
        var script = folder.Write(
            $"""
            #!/bin/sh
            exec '{tool}' -InputFormat Text Invoke-ModelFitAudit -Path '{folder["second.csv"]}' \
              -PolicyPath '{folder["policy.json"]}' -BaselinePath '{folder["first.jsonl"]}' \
              -OutputPath '{folder["second.jsonl"]}' -Quiet < '{folder["hosts.txt"]}'

            """, "nightly.sh");
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", [script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        Assert.Equal("False", process.StandardOutput.ReadToEnd().Trim());
        process.WaitForExit();
        Assert.Contains("LAB-35", errors.Result, StringComparison.Ordinal);
        return process.ExitCode;
    }

    private static object[] Read(string path) =>
        File.ReadLines(path).Select(line => ModuleSession.Row(JObject.Parse(line).Properties()
            .Select(property => (property.Name, ((JValue)property.Value).Value)).ToArray())).ToArray<object>();

    private static string Inventory(bool drifted) =>
        "ComputerName,Gpu,SystemMemory,GpuMemory,VramFree,DriverVersion,Cpu\n" + string.Join("\n", Enumerable
            .Range(1, Rows + 1)
            .Select(number => (number, Line: LineOf(number, drifted)))
            .Where(row => row.Line is not null)
            .Select(row => $"LAB-{row.number},{row.Line}"
                + new string(',', 5 - row.Line!.Count(letter => letter == ',')))) +
        "\n";

    private static string? LineOf(int number, bool drifted) => Drifts.TryGetValue(number, out var drift)
        ? drifted ? drift.After : drift.Before
        : $"{Cards[number % Cards.Length]},64GB";
}
