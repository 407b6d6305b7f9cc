using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using ModelFit.Common.Remote;
using Xunit;

namespace ModelFit.Core.Tests.Formats.Remote;

/// <summary>What bounds a session with a server, against real servers on loopback.</summary>
public sealed class HttpSessionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_ends_at_its_deadline_however_quickly_each_answer_comes()
    {
        await using var server = await LoopbackServer.Start(async context =>
        {
            await Task.Delay(100);
            context.Response.StatusCode = 503;
        });
        using var session = Session(server.Address, new RemoteOptions
        {
            Deadline = TimeSpan.FromSeconds(1), Retries = int.MaxValue, RetryDelay = TimeSpan.FromMilliseconds(1),
        });
        var failure = await Fails(session, server.Address);
        Assert.Equal(FailureKind.Timeout, failure.Kind);
        Assert.Contains("longer than 1 s", failure.Message, StringComparison.Ordinal);
        Assert.InRange(server.Requests.Length, 1, 11);
    }

    [Fact]
    public async Task A_session_has_a_bound_on_its_requests()
    {
        await using var server = await LoopbackServer.Start(context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        using var session = Session(
            server.Address, new RemoteOptions { Retries = int.MaxValue, RetryDelay = TimeSpan.Zero });
        Assert.Contains("too many requests", (await Fails(session, server.Address)).Message, StringComparison.Ordinal);
        Assert.Equal(4096, server.Requests.Length);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(410)]
    [InlineData(451)]
    public async Task What_a_server_refuses_is_asked_once(int status)
    {
        await using var server = await LoopbackServer.Start(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        using var session = Session(server.Address, Patient);
        await Fails(session, server.Address);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_asked_once()
    {
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connections = 0;
        _ = Task.Run(
            async () =>
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync(Stop);
                    Interlocked.Increment(ref connections);
                    await using var stream = new SslStream(client.GetStream());
                    try
                    {
                        await stream.AuthenticateAsServerAsync(certificate);
                        _ = await stream.ReadAsync(new byte[1], Stop);
                    }
                    catch (Exception error) when (error is IOException or AuthenticationException)
                    {
                        // The client goes away: it does not trust the certificate.
                    }
                }
            },
            Stop);
        var address = $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        using var session = Session(address, Patient);
        await Fails(session, address);
        Assert.Equal(1, Volatile.Read(ref connections));
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_asked_once()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        // A second try would come after a minute and a half.
        using var session = Session(address, new RemoteOptions { Retries = 9, RetryDelay = TimeSpan.FromSeconds(90) });
        await Fails(session, address).WaitAsync(TimeSpan.FromSeconds(25), Stop);
    }

    /// <summary>
    /// A public address is reached over a proxy of the test; what leads from there to loopback is not.
    /// </summary>
    [Fact]
    public async Task A_redirect_from_the_Internet_into_a_private_network_is_refused()
    {
        await using var inside = await LoopbackServer.Start(_ => Task.CompletedTask);
        await using var proxy = await LoopbackServer.Start(context =>
        {
            context.Response.Redirect(inside.Address + "/secret");
            return Task.CompletedTask;
        });
        var usual = HttpClient.DefaultProxy;
        try
        {
            HttpClient.DefaultProxy = new WebProxy(proxy.Address, BypassOnLocal: true);
            using var session = Session("http://203.0.113.9", Patient);
            var failure = await Fails(session, "http://203.0.113.9");
            Assert.Contains("into a private network", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            HttpClient.DefaultProxy = usual;
        }

        Assert.Single(proxy.Requests);
        Assert.Empty(inside.Requests);
    }

    private static RemoteOptions Patient => new() { Retries = 5, RetryDelay = TimeSpan.FromMilliseconds(1) };

    private static HttpSession Session(string address, RemoteOptions options) =>
        new(new Uri(address), (string?)null, options, Stop);

    private static Task<ModelFitException> Fails(HttpSession session, string address) => Task.Run(
        () => Assert.Throws<ModelFitException>(() => session.Get(new Uri(address + "/x"), address, null)), Stop);
}
