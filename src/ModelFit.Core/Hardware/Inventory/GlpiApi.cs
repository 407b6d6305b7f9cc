using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// GLPI's REST API (<c>apirest.php</c>): a session, the computers in ranges, and each with its devices, as GLPI's own
/// documentation of the API has them.
/// </summary>
internal static class GlpiApi
{
    private const string Entry = "apirest.php";
    private const int PageSize = 100;
    private const int MaxPages = 10_000;
    private const int BadRange = 400;

    /// <summary>Whether an address is of its API.</summary>
    public static bool Is(Uri uri) => uri.AbsolutePath.IndexOf("/" + Entry, StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>The computers with their devices, a JSON array a page.</summary>
    public static IEnumerable<string> Computers(Uri uri, InventoryAccess access, InventoryHttp http)
    {
        var end = uri.AbsolutePath.IndexOf(Entry, StringComparison.OrdinalIgnoreCase) + Entry.Length;
        Uri At(string path, string query) =>
            new UriBuilder(uri) { Path = uri.AbsolutePath.Substring(0, end) + path, Query = query }.Uri;
        var headers = Session(At("/initSession", string.Empty), access, http);
        for (var page = 0; page < MaxPages; page++)
        {
            var range = FormattableString.Invariant($"range={page * PageSize}-{(page + 1) * PageSize - 1}");
            var list = http.Get(At("/Computer", range), null, headers, BadRange);
            var computers = (Parse(list) as JArray)?.OfType<JObject>().ToList() ?? new List<JObject>();
            var whole = computers.Select(computer => JsonFields.Text(computer, "id")).Where(id => id is not null)
                .Select(id => Parse(http.Get(
                    At("/Computer/" + Uri.EscapeDataString(id!), "expand_dropdowns=true&with_devices=true"), null,
                    headers)))
                .Where(computer => computer is not null);
            if (computers.Count > 0) yield return new JArray(whole).ToString(Formatting.None);
            if (computers.Count < PageSize) break;
        }

        http.Get(At("/killSession", string.Empty), null, headers, BadRange);
    }

    private static Dictionary<string, string> Session(Uri uri, InventoryAccess access, InventoryHttp http)
    {
        var headers = new Dictionary<string, string>();
        if (Environment.GetEnvironmentVariable(InventoryAccess.AppTokenVariable) is { Length: > 0 } application)
            headers["App-Token"] = application;
        var authorization = access.Header("user_token") ?? throw http.Failure(
            $"GLPI needs a login: specify -Credential, or a user's token in {InventoryAccess.TokenVariable}");
        var token = JsonFields.Text(Parse(http.Get(uri, authorization, headers)), "session_token")
            ?? throw http.Failure("GLPI opened no session");
        headers["Session-Token"] = token;
        return headers;
    }

    private static JToken? Parse(string? text) => text is null ? null : new InventoryText(text).Json.FirstOrDefault();
}
