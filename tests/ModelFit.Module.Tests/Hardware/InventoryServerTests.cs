using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using ModelFit.Module.Tests.Engine;
using Xunit;

namespace ModelFit.Module.Tests.Hardware;

/// <summary>Servers of inventories on loopback that answer as GLPI's and Fleet's APIs are documented to.</summary>
public sealed class InventoryServerTests
{
    private const int Computers = 230;

    [Fact]
    public void Glpi_is_asked_for_every_computer_in_ranges_and_the_session_is_ended()
    {
        using var server = new HeaderServer(Glpi);
        var run = Run(server, "apirest.php", "ops", "secret");
        Assert.Empty(run.Errors);
        var machines = run.Output.Select(item => (MachineSpec)item.BaseObject).ToList();
        Assert.Equal(Computers, machines.Count);
        Assert.Equal(
            ("pc-0", 16L << 30, "Intel(R) Core(TM) i7-12700", 12L << 30),
            (machines[0].ComputerName, machines[0].SystemMemoryBytes, machines[0].Cpu,
                machines[0].Gpus[0].MemoryBytes));
        Assert.Equal("pc-229", machines[^1].ComputerName);
        Assert.Contains("/apirest.php/killSession", server.Paths);
    }

    [Fact]
    public void Glpi_without_a_word_who_asks_is_an_error_that_says_how_to_tell()
    {
        using var server = new HeaderServer(Glpi);
        var run = ModuleSession.Once($"ConvertTo-MachineSpec -Uri http://127.0.0.1:{server.Port}/apirest.php");
        Assert.Equal(["RemoteFailed"], run.ErrorIds);
        Assert.Contains("MODELFIT_INVENTORY_TOKEN", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Empty(server.Paths);
    }

    [Fact]
    public void Fleet_is_asked_page_after_page()
    {
        using var server = new HeaderServer((path, headers) =>
        {
            if (!headers.ContainsKey("Authorization")) return (401, "{}");
            var page = int.Parse(path.Split("page=")[1].Split('&')[0], null);
            var hosts = Enumerable.Range(page * 100, page == 2 ? 5 : 100).Select(number =>
                $"{{\"hostname\":\"mac-{number}\",\"cpu_brand\":\"Apple M3 Pro\",\"memory\":38654705664}}");
            return (200, $"{{\"hosts\":[{string.Join(",", hosts)}]}}");
        });
        var run = Run(server, "api/v1/fleet", "ops", "secret");
        Assert.Empty(run.Errors);
        Assert.Equal(205, run.Output.Count);
        Assert.Equal(3, server.Paths.Count);
    }

    private static ScriptRun Run(HeaderServer server, string path, string user, string password) => ModuleSession.Once(
        $"$secret = [securestring]::new(); '{password}'.ToCharArray() | ForEach-Object {{ $secret.AppendChar($_) }}\n"
        + $"ConvertTo-MachineSpec -Uri http://127.0.0.1:{server.Port}/{path} -Credential "
        + $"([pscredential]::new('{user}', $secret))");

    private static (int Status, string Body) Glpi(string path, IReadOnlyDictionary<string, string> headers)
    {
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("ops:secret"));
        if (path.EndsWith("/initSession", StringComparison.Ordinal))
            return headers.GetValueOrDefault("Authorization") == basic
                ? (200, "{\"session_token\":\"s1\"}") : (401, "[]");
        if (headers.GetValueOrDefault("Session-Token") != "s1") return (401, "[\"ERROR_SESSION_TOKEN_MISSING\"]");
        if (path.Contains("/Computer?", StringComparison.Ordinal))
        {
            var first = int.Parse(path.Split("range=")[1].Split('-')[0], null);
            if (first >= Computers) return (400, "[\"ERROR_RANGE_EXCEED_TOTAL\"]");
            var rows = Enumerable.Range(first, Math.Min(100, Computers - first)).Select(id => $"{{\"id\":{id}}}");
            return (first + 100 >= Computers ? 200 : 206, $"[{string.Join(",", rows)}]");
        }

        if (!path.Contains("/Computer/", StringComparison.Ordinal)) return (200, "true");
        var number = path.Split("/Computer/")[1].Split('?')[0];
        return (200, $$"""
            {"id":{{number}},"name":"pc-{{number}}","_devices":{
              "Item_DeviceProcessor":{"1":{"deviceprocessors_id":"Intel(R) Core(TM) i7-12700","nbcores":12} },
              "Item_DeviceMemory":{"2":{"size":8192},"3":{"size":8192} },
              "Item_DeviceGraphicCard":{"4":{"devicegraphiccards_id":"NVIDIA GeForce RTX 3060","memory":4095} } } }
            """);
    }

    /// <summary>A server that answers by path and headers.</summary>
    private sealed class HeaderServer : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly List<string> _paths = [];

        public HeaderServer(Func<string, IReadOnlyDictionary<string, string>, (int Status, string Body)> answer)
        {
            using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Port = ((IPEndPoint)probe.LocalEndpoint).Port;
            }

            _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
            _listener.Start();
            _ = Task.Run(() => Serve(answer));
        }

        public int Port { get; }

        public IReadOnlyList<string> Paths
        {
            get
            {
                lock (_paths) return [.. _paths];
            }
        }

        public void Dispose() => _listener.Close();

        private void Serve(Func<string, IReadOnlyDictionary<string, string>, (int Status, string Body)> answer)
        {
            try
            {
                while (true)
                {
                    var context = _listener.GetContext();
                    var path = context.Request.RawUrl!;
                    lock (_paths) _paths.Add(path);
                    var headers = context.Request.Headers.AllKeys.ToDictionary(
                        key => key!, key => context.Request.Headers[key]!, StringComparer.OrdinalIgnoreCase);
                    var (status, body) = answer(path, headers);
                    context.Response.StatusCode = status;
                    context.Response.Close(Encoding.UTF8.GetBytes(body), true);
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
