using System.Threading;
using ModelFit.Common.Remote;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Inventories at addresses: an exporter's metrics, a Prometheus server, the APIs of GLPI and Fleet, or a text of any
/// kind.
/// </summary>
internal static class InventoryAddress
{
    /// <summary>
    /// The texts at an address, a page after another. The root of a server, or a path that ends with
    /// <c>/prometheus</c>, is taken for Prometheus and asked by one query; one of GLPI's or Fleet's API is asked for
    /// all its computers; another path is fetched as it is.
    /// </summary>
    /// <param name="address">An http or https address.</param>
    /// <param name="access">Who asks.</param>
    /// <param name="limit">How long each answer may take.</param>
    /// <param name="messages">Where the requests are said.</param>
    /// <param name="stop">Ends the requests.</param>
    public static IEnumerable<string> Texts(
        string address, InventoryAccess access, TimeSpan limit, IMessageSink messages, CancellationToken stop)
    {
        var request = Request(address);
        var http = new InventoryHttp(address, limit, messages, stop);
        if (GlpiApi.Is(request)) return GlpiApi.Computers(request, access, http, messages);
        if (FleetApi.Is(request)) return FleetApi.Hosts(request, access, http);
        return new[] { http.Get(request, access.Header("Bearer"))! };
    }

    /// <summary>What is really asked for an address.</summary>
    public static Uri Request(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new ModelFitException(
                ErrorIds.InvalidArgument,
                $"'{AddressText.Show(address)}' is not an http or https address, such as http://prometheus:9090.",
                AddressText.Show(address));
        var path = uri.AbsolutePath.TrimEnd('/');
        if (uri.Query.Length > 0 || (path.Length > 0 && !path.EndsWith("/prometheus", StringComparison.Ordinal)))
            return uri;
        return new UriBuilder(uri)
        {
            Path = path + "/api/v1/query",
            Query = "query=" + Uri.EscapeDataString(DcgmMetrics.Query),
        }.Uri;
    }
}
