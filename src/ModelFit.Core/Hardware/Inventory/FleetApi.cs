using System.Globalization;

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
            var answer = new InventoryText(text).Json.FirstOrDefault();
            var hosts = JsonFields.At(answer, "hosts")?.Count() ?? 0;
            if (hosts > 0 || page == 0) yield return text;
            // Newer servers say whether there is more; older ones give a page that is not full.
            var isMore = JsonFields.Text(answer, "meta/has_next_results");
            if (hosts == 0 || (isMore is null ? hosts < PageSize : !IsTrue(isMore))) yield break;
        }
    }

    private static bool IsTrue(string text) => text.Equals("true", StringComparison.OrdinalIgnoreCase);
}
