using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// GLPI's REST API (<c>apirest.php</c>): a session, the computers in ranges, and each with its devices, as GLPI's own
/// documentation of the API has them (apirest.md). A session that ends is opened once more; a computer that is gone, or
/// that the user may not see, costs itself.
/// </summary>
internal sealed class GlpiApi
{
    private const string Entry = "apirest.php";
    private const int PageSize = 100;
    private const int MaxPages = 10_000;
    private const int BadRange = 400, NoSession = 401, NoRight = 403, Gone = 404;

    private readonly Uri _uri;
    private readonly InventoryAccess _access;
    private readonly InventoryHttp _http;
    private readonly IMessageSink _messages;
    private Dictionary<string, string> _headers = new();

    private GlpiApi(Uri uri, InventoryAccess access, InventoryHttp http, IMessageSink messages)
    {
        (_uri, _access, _http, _messages) = (uri, access, http, messages);
    }

    /// <summary>Whether an address is of its API.</summary>
    public static bool Is(Uri uri) => uri.AbsolutePath.IndexOf("/" + Entry, StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>The computers with their devices, a JSON array a page.</summary>
    public static IEnumerable<string> Computers(
        Uri uri, InventoryAccess access, InventoryHttp http, IMessageSink messages) =>
        new GlpiApi(uri, access, http, messages).Pages();

    private IEnumerable<string> Pages()
    {
        Open();
        var start = 0L;
        for (var page = 0; page < MaxPages; page++)
        {
            var range = FormattableString.Invariant($"range={start}-{start + PageSize - 1}");
            var list = Ask("/Computer", range, BadRange);
            var computers = list.IsSuccess
                ? (Parse(list.Text) as JArray)?.OfType<JObject>().ToList() ?? new List<JObject>()
                : new List<JObject>();
            var whole = computers.Select(computer => JsonFields.Text(computer, "id")).Where(id => id is not null)
                .Select(id => Computer(id!)).Where(computer => computer is not null);
            if (computers.Count > 0) yield return new JArray(whole).ToString(Formatting.None);
            start += computers.Count;
            // A server may give less than is asked for; how many there are stands beside the part.
            if (computers.Count == 0 || (list.Total is { } total ? start >= total : computers.Count < PageSize)) break;
        }

        _http.Get(At("/killSession", string.Empty), null, _headers, BadRange, NoSession);
    }

    private JToken? Computer(string id)
    {
        var answer = Ask("/Computer/" + Uri.EscapeDataString(id), "expand_dropdowns=true&with_devices=true",
            NoRight, Gone);
        if (answer.IsSuccess) return Parse(answer.Text);
        _messages.Warning(
            $"Computer {id} is left out: the server answered {answer.Status.ToString(CultureInfo.InvariantCulture)}.");
        return null;
    }

    /// <summary>The answer; where the session has ended, that of a new one.</summary>
    private InventoryAnswer Ask(string path, string query, params int[] expected)
    {
        var answer = _http.Ask(At(path, query), null, _headers, expected.Append(NoSession).ToArray());
        if (answer.Status != NoSession) return answer;
        Open();
        return _http.Ask(At(path, query), null, _headers, expected);
    }

    private void Open()
    {
        var headers = new Dictionary<string, string>();
        if (Environment.GetEnvironmentVariable(InventoryAccess.AppTokenVariable) is { Length: > 0 } application)
            headers["App-Token"] = application;
        var authorization = _access.Header("user_token") ?? throw _http.Failure(
            $"GLPI needs a login: specify -Credential, or a user's token in {InventoryAccess.TokenVariable}");
        var token = JsonFields.Text(
                Parse(_http.Get(At("/initSession", string.Empty), authorization, headers)), "session_token")
            ?? throw _http.Failure("GLPI opened no session");
        headers["Session-Token"] = token;
        _headers = headers;
    }

    private Uri At(string path, string query)
    {
        var end = _uri.AbsolutePath.IndexOf(Entry, StringComparison.OrdinalIgnoreCase) + Entry.Length;
        return new UriBuilder(_uri) { Path = _uri.AbsolutePath.Substring(0, end) + path, Query = query }.Uri;
    }

    private static JToken? Parse(string? text) => text is null ? null : new InventoryText(text).Json.FirstOrDefault();
}
