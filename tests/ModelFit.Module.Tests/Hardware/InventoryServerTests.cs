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
        using var server = new HeaderServer(new GlpiServer().Answer);
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
        using var server = new HeaderServer(new GlpiServer().Answer);
        var run = ModuleSession.Once($"ConvertTo-MachineSpec -Uri http://127.0.0.1:{server.Port}/apirest.php");
        Assert.Equal(["RemoteFailed"], run.ErrorIds);
        Assert.Contains("MODELFIT_INVENTORY_TOKEN", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Empty(server.Paths);
    }

    [Fact]
    public void Glpi_may_give_less_than_is_asked_for_and_say_how_many_there_are()
    {
        var glpi = new GlpiServer { MostOfRange = 50 };
        using var server = new HeaderServer(glpi.Answer);
        var run = Run(server, "apirest.php", "ops", "secret");
        Assert.Empty(run.Errors);
        Assert.Equal(Computers, run.Output.Count);
        Assert.Equal(5, server.Paths.Count(path => path.Contains("/Computer?", StringComparison.Ordinal)));
    }

    [Fact]
    public void Glpi_is_logged_into_again_when_the_session_has_ended()
    {
        var glpi = new GlpiServer { CallsOfSession = 40 };
        using var server = new HeaderServer(glpi.Answer);
        var run = Run(server, "apirest.php", "ops", "secret");
        Assert.Empty(run.Errors);
        Assert.Equal(Computers, run.Output.Count);
        Assert.True(server.Paths.Count(path => path.EndsWith("/initSession", StringComparison.Ordinal)) > 2);
    }

    [Fact]
    public void A_computer_that_glpi_does_not_show_costs_itself()
    {
        var glpi = new GlpiServer { Hidden = { [7] = 404, [8] = 403 } };
        using var server = new HeaderServer(glpi.Answer);
        var run = Run(server, "apirest.php", "ops", "secret", " 3>&1");
        Assert.Empty(run.Errors);
        Assert.Equal(Computers - 2, run.Output.Count(item => item.BaseObject is MachineSpec));
        Assert.Equal(2, run.Output.Count(item => $"{item}".Contains("left out", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_server_that_is_asked_too_often_is_asked_again()
    {
        var refusals = 0;
        var glpi = new GlpiServer();
        using var server = new HeaderServer((path, headers) =>
            path.Contains("/Computer?", StringComparison.Ordinal) && refusals++ == 0
                ? new Answer(429, "[]") { Headers = { ["Retry-After"] = "0" } } : glpi.Answer(path, headers));
        var run = Run(server, "apirest.php", "ops", "secret");
        Assert.Empty(run.Errors);
        Assert.Equal(Computers, run.Output.Count);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(60, true)]
    public void Fleet_is_asked_until_it_says_that_there_is_no_more(int size, bool isFirst)
    {
        using var server = new HeaderServer((path, _) =>
        {
            var page = int.Parse(path.Split("page=")[1].Split('&')[0], null);
            var hosts = Enumerable.Range(page * size, size).Select(number =>
                $"{{\"hostname\":\"mac-{number}\",\"cpu_brand\":\"Apple M3 Pro\",\"memory\":38654705664}}");
            var isMore = page < 1 ? "true" : "false";
            return new Answer(
                200, $"{{\"hosts\":[{string.Join(",", hosts)}],\"meta\":{{\"has_next_results\":{isMore}}}}}");
        });
        var run = Run(server, "api/latest/fleet/hosts", "ops", "secret");
        Assert.Empty(run.Errors);
        Assert.Equal((2 * size, isFirst), (run.Output.Count, server.Paths.Count == 2));
    }

    [Fact]
    public void Fleet_is_asked_page_after_page()
    {
        using var server = new HeaderServer((path, headers) =>
        {
            if (!headers.ContainsKey("Authorization")) return new Answer(401, "{}");
            var page = int.Parse(path.Split("page=")[1].Split('&')[0], null);
            var hosts = Enumerable.Range(page * 100, page == 2 ? 5 : 100).Select(number =>
                $"{{\"hostname\":\"mac-{number}\",\"cpu_brand\":\"Apple M3 Pro\",\"memory\":38654705664}}");
            return new Answer(200, $"{{\"hosts\":[{string.Join(",", hosts)}]}}");
        });
        var run = Run(server, "api/v1/fleet", "ops", "secret");
        Assert.Empty(run.Errors);
        Assert.Equal(205, run.Output.Count);
        Assert.Equal(3, server.Paths.Count);
    }

    private static ScriptRun Run(
        HeaderServer server, string path, string user, string password, string tail = "") => ModuleSession.Once(
        $"$secret = [securestring]::new(); '{password}'.ToCharArray() | ForEach-Object {{ $secret.AppendChar($_) }}\n"
        + $"ConvertTo-MachineSpec -Uri http://127.0.0.1:{server.Port}/{path} -Credential "
        + $"([pscredential]::new('{user}', $secret)){tail}");

    /// <summary>GLPI as its apirest.md and APIRest.php have it: ranges, 206 with Content-Range, sessions.</summary>
    private sealed class GlpiServer
    {
        private int _sessions, _calls;

        /// <summary>The most computers of one answer.</summary>
        public int MostOfRange { get; init; } = int.MaxValue;

        /// <summary>After how many calls a session has ended.</summary>
        public int CallsOfSession { get; init; } = int.MaxValue;

        /// <summary>Computers that are not shown, with the status that says so.</summary>
        public Dictionary<int, int> Hidden { get; } = [];

        public Answer Answer(string path, IReadOnlyDictionary<string, string> headers)
        {
            var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("ops:secret"));
            if (path.EndsWith("/initSession", StringComparison.Ordinal))
            {
                if (headers.GetValueOrDefault("Authorization") != basic)
                    return new Answer(401, "[\"ERROR_GLPI_LOGIN\"]");
                _calls = 0;
                return new Answer(200, $"{{\"session_token\":\"s{++_sessions}\"}}");
            }

            if (headers.GetValueOrDefault("Session-Token") != $"s{_sessions}" || _calls++ >= CallsOfSession)
                return new Answer(401, "[\"ERROR_SESSION_TOKEN_INVALID\",\"session_token seems invalid\"]");
            if (path.Contains("/Computer?", StringComparison.Ordinal)) return Range(path);
            return path.Contains("/Computer/", StringComparison.Ordinal) ? Computer(path) : new Answer(200, "true");
        }

        private Answer Range(string path)
        {
            var range = path.Split("range=")[1].Split('-');
            var first = int.Parse(range[0], null);
            var count = Math.Min(MostOfRange, int.Parse(range[1].Split('&')[0], null) - first + 1);
            if (first >= Computers) return new Answer(400, "[\"ERROR_RANGE_EXCEED_TOTAL\"]");
            var last = Math.Min(Computers, first + count) - 1;
            var rows = Enumerable.Range(first, last - first + 1).Select(id => $"{{\"id\":{id}}}");
            return new Answer(last + 1 < Computers ? 206 : 200, $"[{string.Join(",", rows)}]")
            {
                Headers = { ["Content-Range"] = $"{first}-{last}/{Computers}", ["Accept-Range"] = "Computer 990" },
            };
        }

        private Answer Computer(string path)
        {
            var number = path.Split("/Computer/")[1].Split('?')[0];
            if (Hidden.TryGetValue(int.Parse(number, null), out var status))
                return new Answer(status, "[\"ERROR_ITEM_NOT_FOUND\"]");
            return new Answer(200, $$"""
                {"id":{{number}},"name":"pc-{{number}}","_devices":{
                  "Item_DeviceProcessor":{"1":{"deviceprocessors_id":"Intel(R) Core(TM) i7-12700","nbcores":12} },
                  "Item_DeviceMemory":{"2":{"size":8192},"3":{"size":8192} },
                  "Item_DeviceGraphicCard":{"4":{"devicegraphiccards_id":"NVIDIA GeForce RTX 3060","memory":4095} } } }
                """);
        }
    }

    /// <summary>What a server answers.</summary>
    private sealed record Answer(int Status, string Body)
    {
        public Dictionary<string, string> Headers { get; } = [];
    }

    /// <summary>A server that answers by path and headers.</summary>
    private sealed class HeaderServer : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly List<string> _paths = [];

        public HeaderServer(Func<string, IReadOnlyDictionary<string, string>, Answer> answer)
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

        private void Serve(Func<string, IReadOnlyDictionary<string, string>, Answer> answer)
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
                    var given = answer(path, headers);
                    context.Response.StatusCode = given.Status;
                    foreach (var header in given.Headers) context.Response.AddHeader(header.Key, header.Value);
                    context.Response.Close(Encoding.UTF8.GetBytes(given.Body), true);
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
