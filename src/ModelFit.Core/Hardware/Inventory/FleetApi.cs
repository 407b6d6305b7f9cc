using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>The REST API of Fleet, which manages osquery: its hosts, a page after another.</summary>
internal static class FleetApi
{
    private const int PageSize = 100;
    private const int MaxPages = 10_000;

    /// <summary>Whether an address is of its API, <c>/api/v1/fleet</c> or <c>/api/latest/fleet</c>.</summary>
    public static bool Is(Uri uri) => uri.Query.Length == 0 && uri.AbsolutePath.Split('/') is var parts
        && parts.Contains("fleet") && parts.Contains("api");

    /// <summary>The pages of hosts.</summary>
    public static IEnumerable<string> Hosts(Uri uri, InventoryAccess access, InventoryHttp http)
    {
        var path = uri.AbsolutePath.TrimEnd('/');
        if (!path.EndsWith("/hosts", StringComparison.Ordinal)) path += "/hosts";
        for (var page = 0; page < MaxPages; page++)
        {
            var number = page.ToString(CultureInfo.InvariantCulture);
            var text = http.Get(
                new UriBuilder(uri) { Path = path, Query = $"page={number}&per_page={PageSize}" }.Uri,
                access.Header("Bearer"))!;
            var hosts = JsonFields.At(new InventoryText(text).Json.FirstOrDefault(), "hosts")?.Count() ?? 0;
            if (hosts > 0 || page == 0) yield return text;
            if (hosts < PageSize) yield break;
        }
    }
}
