using System.Collections.Concurrent;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ModelFit.Core.Tests.Formats.Remote;

/// <summary>What was asked of a server.</summary>
internal sealed record Asked(string Path, string? Range, string? Authorization, string? Accept);

/// <summary>A real server on loopback that answers as a test tells it.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<Asked> _asked = new();

    private LoopbackServer(WebApplication application) => _application = application;

    /// <summary>The address of the server, with its port.</summary>
    public string Address => _application.Urls.First();

    /// <summary>All requests until now.</summary>
    public Asked[] Requests => [.. _asked];

    /// <summary>Starts a server.</summary>
    public static async Task<LoopbackServer> Start(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var server = new LoopbackServer(application);
        application.Run(context =>
        {
            var headers = context.Request.Headers;
            server._asked.Enqueue(new Asked(
                context.Request.Path.Value!, headers.Range, headers.Authorization, headers.Accept));
            return answer(context);
        });
        await application.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
