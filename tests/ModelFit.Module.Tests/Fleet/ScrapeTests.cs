using System.Diagnostics;
using System.Net.Http;
using System.Threading.Tasks;
using ModelFit.Module.Tests.Engine;
using ModelFit.Module.Tests.Hardware;
using ModelFit.Testing;
using Newtonsoft.Json.Linq;
using Xunit;

namespace ModelFit.Module.Tests.Fleet;

/// <summary>A report in a folder of node_exporter, scraped by Debian's Prometheus.</summary>
public sealed class ScrapeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Prometheus_scrapes_a_report_from_a_textfile()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The Prometheus of this test is Debian's.");
        var prometheus = DebianPackage.Unpack("prometheus", "prometheus");
        var exporter = DebianPackage.Unpack("prometheus-node-exporter", "prometheus-node-exporter");
        Assert.SkipWhen(prometheus is null
            || exporter is null, "apt-get could not load prometheus and its node exporter.");
        using var folder = new TemporaryFolder();
        var run = ModuleSession.Once(
            $"$rows | Invoke-ModelFitAudit qwen3-8b | Export-ModelFitReport Prometheus '{folder["modelfit.prom"]}'",
            ModuleSession.Row(("ComputerName", "LAB \"1\""), ("Gpu", "RTX 3090"), ("SystemMemory", "64GB")));
        Assert.Empty(run.Errors);
        var (source, server) = (Loopback.FreePort(), Loopback.FreePort());
        var settings = folder.Write(
            $$"""
            global: { scrape_interval: 1s }
            scrape_configs: [ { job_name: site, static_configs: [ { targets: [ "127.0.0.1:{{source}}" ] } ] } ]
            """, "prometheus.yml");
        using var node = Started.Of(
            exporter!, "--collector.disable-defaults", "--collector.textfile",
            $"--collector.textfile.directory={folder.Path}", $"--web.listen-address=127.0.0.1:{source}");
        using var scraper = Started.Of(
            prometheus!, $"--config.file={settings}", $"--storage.tsdb.path={folder["data"]}",
            $"--web.listen-address=127.0.0.1:{server}");
        var up = await Ask(server, "modelfit_machine_up");
        Assert.Equal("LAB \"1\"", (string?)up["metric"]!["computer"]);
        Assert.Equal("1", (string?)up["value"]![1]);
        var state = await Ask(server, "modelfit_compliance{state=\"Compliant\"}");
        Assert.Equal("1", (string?)state["value"]![1]);
    }

    /// <summary>The one series of a query, once it has been scraped.</summary>
    private static async Task<JToken> Ask(int port, string query)
    {
        using var client = new HttpClient();
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var text = await client.GetStringAsync(
                    $"http://127.0.0.1:{port}/api/v1/query?query={Uri.EscapeDataString(query)}",
                    TestContext.Current.CancellationToken);
                if (JObject.Parse(text)["data"]!["result"] is JArray { Count: > 0 } found) return Assert.Single(found);
            }
            catch (HttpRequestException) when (watch.Elapsed < Patience)
            {
                // It has not started yet.
            }

            Assert.True(watch.Elapsed < Patience, $"Prometheus has no {query}.");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A program that is ended with the test.</summary>
    private sealed class Started(Process process) : IDisposable
    {
        public static Started Of(string program, params string[] arguments)
        {
            var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardError = true, RedirectStandardOutput = true,
            })!;
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            return new Started(process);
        }

        public void Dispose()
        {
            process.Kill(true);
            process.WaitForExit();
            process.Dispose();
        }
    }
}
