using System;
using System.IO;
using System.Net.Http;
using System.Text;
using System.Threading;

namespace ModelFit.Hardware.Inventory;

/// <summary>Inventories at addresses: an exporter's metrics, a Prometheus server, or a text of any kind.</summary>
internal static class InventoryAddress
{
    private const int MaxBytes = 64 << 20;

    private static readonly Lazy<HttpClient> Client = new(() => new HttpClient { Timeout = Timeout.InfiniteTimeSpan });

    /// <summary>
    /// The text at an address. The root of a server, or a path that ends with <c>/prometheus</c>, is taken for
    /// Prometheus and asked by one query; another path is fetched as it is.
    /// </summary>
    /// <param name="address">An http or https address.</param>
    /// <param name="limit">How long the answer may take.</param>
    /// <param name="messages">Where the query is said.</param>
    /// <param name="cancellation">Ends the request.</param>
    public static string Fetch(string address, TimeSpan limit, IMessageSink messages, CancellationToken cancellation)
    {
        var request = Request(address);
        messages.Verbose($"Asking {request}.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(limit);
        try
        {
            using var response = Client.Value.GetAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token)
                .GetAwaiter().GetResult();
            using var body = response.Content.ReadAsStreamAsync().GetAwaiter().GetResult();
            var text = Read(body, address, stop.Token);
            return response.IsSuccessStatusCode ? text : throw Failure(
                address, $"the server answered {(int)response.StatusCode} {response.ReasonPhrase}: {Start(text)}");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw Failure(address, error.GetBaseException().Message, error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new ModelFitException(
                ErrorIds.RemoteFailed, FailureKind.Timeout, $"{address}: no answer within {limit.TotalSeconds} s.",
                address, error);
        }
    }

    /// <summary>What is really asked for an address.</summary>
    public static Uri Request(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new ModelFitException(
                ErrorIds.InvalidArgument, FailureKind.InvalidArgument,
                $"'{address}' is not an http or https address, such as http://prometheus:9090.", address);
        var path = uri.AbsolutePath.TrimEnd('/');
        if (uri.Query.Length > 0 || (path.Length > 0 && !path.EndsWith("/prometheus", StringComparison.Ordinal)))
            return uri;
        return new UriBuilder(uri)
        {
            Path = path + "/api/v1/query",
            Query = "query=" + Uri.EscapeDataString(DcgmMetrics.Query),
        }.Uri;
    }

    private static string Read(Stream body, string address, CancellationToken cancellation)
    {
        using var text = new MemoryStream();
        var buffer = new byte[81920];
        while (body.ReadAsync(buffer, 0, buffer.Length, cancellation).GetAwaiter().GetResult() is var count and > 0)
        {
            text.Write(buffer, 0, count);
            if (text.Length > MaxBytes) throw Failure(address, $"the answer is longer than {MaxBytes >> 20} MiB");
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static string Start(string text) => text.Length > 200 ? text.Substring(0, 200) : text;

    private static ModelFitException Failure(string address, string reason, Exception? inner = null) =>
        new(ErrorIds.RemoteFailed, FailureKind.ReadError, $"{address}: {reason}", address, inner);
}
