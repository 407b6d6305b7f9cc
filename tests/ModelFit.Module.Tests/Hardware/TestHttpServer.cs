using System.Collections.Concurrent;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace ModelFit.Module.Tests.Hardware;

/// <summary>
/// A server on a loopback port that answers every request by a function of its path: a status of 0 closes the
/// connection, a negative one never answers.
/// </summary>
internal sealed class TestHttpServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Func<string, (int Status, string Body)> _answer;

    public TestHttpServer(Func<string, (int Status, string Body)> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyCollection<string> Requests => _requests;

    public void Dispose() => _listener.Stop();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        using var reader = new StreamReader(connection.GetStream());
        var path = (await reader.ReadLineAsync() ?? string.Empty).Split(' ') is { Length: >= 2 } parts
            ? parts[1] : string.Empty;
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
        }

        _requests.Enqueue(path);
        var (status, body) = _answer(path);
        if (status < 0) await Task.Delay(TimeSpan.FromSeconds(30));
        if (status <= 0) return;
        var head = $"HTTP/1.1 {status} Status\r\nContent-Type: text/plain; version=0.0.4\r\n" +
            $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n";
        await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes(head + body));
    }
}
