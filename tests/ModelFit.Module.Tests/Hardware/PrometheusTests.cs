using System.Diagnostics;
using System.Management.Automation;
using System.Net.Http;
using System.Threading.Tasks;
using ModelFit.Module.Tests.Engine;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Module.Tests.Hardware;

/// <summary>A fleet by a real Prometheus that scrapes exporters of the tests, and odd answers of servers.</summary>
public sealed class PrometheusTests
{
    private const long Mib = 1L << 20;

    [Fact]
    public async Task One_query_brings_the_fleet_of_a_real_server()
    {
        var program = OperatingSystem.IsLinux() ? DebianPackage.Unpack("prometheus", "prometheus") : null;
        Assert.SkipWhen(program is null, "There is no prometheus, and apt-get could not load Debian's.");
        using var exporter = new TestHttpServer(request => request switch
        {
            "/dcgm-a" => (200, Exporter("node-a", "NVIDIA A100-SXM4-40GB", 2, 40000, 500, 460)),
            "/dcgm-b" => (200, Exporter("node-b", "NVIDIA GeForce RTX 3090", 1, 24000, 128, 448)),
            "/node-a" =>
                (200, "node_memory_MemTotal_bytes 549755813888\nnode_memory_MemAvailable_bytes 274877906944\n"),
            _ => (404, string.Empty),
        });
        using var folder = new TemporaryFolder();
        var port = Loopback.FreePort();
        folder.Write(Configuration(exporter.Port), "prometheus.yml");
        using var process = Process.Start(new ProcessStartInfo(program!,
        [
            $"--config.file={folder["prometheus.yml"]}", $"--storage.tsdb.path={folder["data"]}",
            $"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
        ]) { RedirectStandardError = true })!;
        try
        {
            await Scraped(port, 4);
            var run = ModuleSession.Once($"ConvertTo-MachineSpec -Uri http://127.0.0.1:{port}");
            Assert.Empty(run.Errors);
            var machines = run.Output.Select(item => (MachineSpec)item.BaseObject)
                .OrderBy(machine => machine.ComputerName, StringComparer.Ordinal).ToList();
            Assert.Equal(["node-a", "node-b"], machines.Select(machine => machine.ComputerName!));
            Assert.Equal((2, 40960 * Mib), (machines[0].GpuCount, machines[0].GpuMemoryBytes));
            Assert.Equal((512L << 30, 256L << 30), (machines[0].SystemMemoryBytes, machines[0].SystemMemoryFreeBytes));
            var card = Assert.Single(machines[1].Gpus);
            Assert.Equal(
                ("NVIDIA GeForce RTX 3090", 24576 * Mib, 24000 * Mib, 448 * Mib, 41, "535.104.05"),
                (card.Name, card.MemoryBytes, card.MemoryFreeBytes, card.MemoryReservedBytes, card.Temperature,
                    card.DriverVersion));
            Assert.NotNull(card.MemoryBandwidth);
        }
        finally
        {
            process.Kill(true);
            process.WaitForExit();
        }
    }

    [Fact]
    public void An_exporter_is_read_without_a_server()
    {
        using var exporter =
            new TestHttpServer(_ => (200, Exporter("node-a", "NVIDIA A100-SXM4-40GB", 2, 40000, 500, 460)));
        var run = ModuleSession.Once($"ConvertTo-MachineSpec -Uri http://127.0.0.1:{exporter.Port}/metrics");
        Assert.Empty(run.Errors);
        Assert.Equal((2, "node-a"),
            ((int)run.Values("GpuCount").Single()!, (string)run.Values("ComputerName").Single()!));
        Assert.Equal(["/metrics"], exporter.Requests);
    }

    [Theory]
    [InlineData(200, "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}", "UnknownInventory")]
    [InlineData(200, "{\"status\":\"error\",\"error\":\"query timed out\"}", "UnknownInventory")]
    [InlineData(200, "{\"status\":\"success\",\"data\":{\"resultType\":\"vec", "UnknownInventory")]
    [InlineData(200, "<html>login</html>", "UnknownInventory")]
    [InlineData(200, "", "UnknownInventory")]
    [InlineData(503, "starting", "RemoteFailed")]
    [InlineData(401, "", "RemoteFailed")]
    [InlineData(0, "", "RemoteFailed")]
    public void An_odd_answer_is_one_error_and_the_next_server_is_asked(int status, string body, string id)
    {
        using var odd = new TestHttpServer(_ => (status, body));
        using var good =
            new TestHttpServer(_ => (200, Exporter("node-b", "NVIDIA GeForce RTX 3090", 1, 24000, 128, 448)));
        var run = ModuleSession.Once(
            $"ConvertTo-MachineSpec -Uri http://127.0.0.1:{odd.Port}, http://127.0.0.1:{good.Port}");
        Assert.Equal([id], run.ErrorIds);
        Assert.Equal(["node-b"], run.Values("ComputerName"));
        Assert.Contains("query=", Assert.Single(good.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "RemoteFailed", ErrorCategory.ReadError)]
    [InlineData("file:///etc/passwd", "InvalidArgument", ErrorCategory.InvalidArgument)]
    [InlineData("prometheus", "InvalidArgument", ErrorCategory.InvalidArgument)]
    public void An_address_that_cannot_be_asked_is_an_error(string address, string id, ErrorCategory category)
    {
        var run = ModuleSession.Once($"ConvertTo-MachineSpec -Uri {address}");
        Assert.Equal([id], run.ErrorIds);
        Assert.Equal(category, run.Errors[0].CategoryInfo.Category);
    }

    [Fact]
    public async Task A_stop_ends_a_server_that_does_not_answer_within_a_second()
    {
        using var silent = new TestHttpServer(_ => (-1, string.Empty));
        using var session = new ModuleSession();
        using var shell = PowerShell.Create(session.Runspace);
        shell.AddScript($"ConvertTo-MachineSpec -Uri http://127.0.0.1:{silent.Port}");
        _ = shell.BeginInvoke();
        while (silent.Requests.Count == 0) await Task.Delay(20, TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();
        shell.Stop();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    private static string Exporter(string host, string model, int cards, int free, int used, int reserved)
    {
        var values = new (string Name, int Value)[]
        {
            ("FB_FREE", free), ("FB_USED", used), ("FB_RESERVED", reserved), ("GPU_TEMP", 41), ("GPU_UTIL", 5),
        };
        return string.Concat(values.Select(value =>
            $"# HELP DCGM_FI_DEV_{value.Name} A value.\n# TYPE DCGM_FI_DEV_{value.Name} gauge\n" +
            string.Concat(Enumerable.Range(0, cards).Select(card =>
                $"DCGM_FI_DEV_{value.Name}{{gpu=\"{card}\",UUID=\"GPU-{host}-{card}\"," +
                $"pci_bus_id=\"00000000:0{card + 1}:00.0\",device=\"nvidia{card}\",modelName=\"{model}\"," +
                $"Hostname=\"{host}\",DCGM_FI_DRIVER_VERSION=\"535.104.05\"}} {value.Value}\n"))));
    }

    private static string Configuration(int port)
    {
        var jobs = new[] { ("dcgm-a", string.Empty), ("dcgm-b", string.Empty), ("node-a", "nodename: node-a") };
        return "global:\n  scrape_interval: 1s\nscrape_configs:\n" + string.Concat(jobs.Select(job => $$"""
            - job_name: {{job.Item1}}
              metrics_path: /{{job.Item1}}
              static_configs: [ { targets: ["127.0.0.1:{{port}}"], labels: { {{job.Item2}} } } ]

            """));
    }

    /// <summary>Waits until as many series as there are cards and nodes have been scraped.</summary>
    private static async Task Scraped(int port, int series)
    {
        using var client = new HttpClient();
        var query = "count({__name__=~\"DCGM_FI_DEV_FB_FREE|node_memory_MemTotal_bytes\"})";
        var address = $"http://127.0.0.1:{port}/api/v1/query?query={Uri.EscapeDataString(query)}";
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var answer = await client.GetStringAsync(new Uri(address), TestContext.Current.CancellationToken);
                if (answer.Contains($",\"{series}\"]", StringComparison.Ordinal)) return;
            }
            catch (HttpRequestException)
            {
                // It has not opened its port yet.
            }

            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
