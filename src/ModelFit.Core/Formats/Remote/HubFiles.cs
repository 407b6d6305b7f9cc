using System.Threading;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using ModelFit.Common.Remote;
using ModelFit.Formats.HuggingFace;

namespace ModelFit.Formats.Remote;

/// <summary>The files of a repository at the hub, or a mirror of it, with their sizes; no file is read.</summary>
internal static class HubFiles
{
    private const long MaxListingBytes = 32 << 20;
    private const int MostPages = 100;

    /// <summary>A file of a repository.</summary>
    /// <param name="Path">Its path in the repository.</param>
    /// <param name="Bytes">Its size in bytes.</param>
    internal sealed record HubFile(string Path, long Bytes);

    /// <summary>
    /// Lists a repository: <c>api/models/{repository}/tree/main</c>, page after page. Throws
    /// <see cref="ErrorIds.RemoteFailed"/>.
    /// </summary>
    /// <param name="repository">The repository, <c>publisher/name</c>.</param>
    /// <param name="endpoint">The hub or its mirror; null for <c>HF_ENDPOINT</c> or the hub itself.</param>
    /// <param name="options">How it is asked.</param>
    /// <param name="cancellation">Stops at once.</param>
    public static IReadOnlyList<HubFile> List(
        string repository, string? endpoint, RemoteOptions options, CancellationToken cancellation)
    {
        var named = endpoint ?? options.Variable("HF_ENDPOINT");
        var text = string.IsNullOrWhiteSpace(named) ? HubAddress.Hub : named!.Trim();
        var root = HubAddress.Root(text, text);
        using var session = new HttpSession(root, HubAddress.Token(options), options, cancellation);
        var isHub = root.AbsoluteUri.TrimEnd('/') == HubAddress.Hub;
        var shown = $"hf://{repository}" + (isHub ? string.Empty : $" at {root.Scheme}://{root.Authority}");
        var files = new List<HubFile>();
        Uri? page = new(root, $"api/models/{repository}/tree/main?recursive=true");
        for (var pages = 0; page is not null; pages++)
        {
            if (pages == MostPages) throw RemoteFailure.Of(shown, "the list of its files has too many pages");
            using var answer = session.Get(page, shown, null);
            if (!answer.IsSuccessStatusCode) throw RemoteFailure.Of(shown, answer);
            if (answer.Content.Headers.ContentLength > MaxListingBytes)
                throw RemoteFailure.Of(shown, "the list of its files is too long");
            using var stream = session.Await(_ => answer.Content.ReadAsStreamAsync());
            files.AddRange(JsonFile.Parse(shown, stream, Entries));
            page = Next(page, answer.Headers.TryGetValues("Link", out var links) ? links.FirstOrDefault() : null);
        }

        return files;
    }

    private static IReadOnlyList<HubFile> Entries(JsonTextReader reader) =>
        (JToken.ReadFrom(reader) as JArray ?? new JArray()).OfType<JObject>()
            .Where(entry => Text(entry["type"]) == "file")
            .Select(entry => (
                Path: Text(entry["path"]),
                Size: HfConfig.Integer((entry["lfs"] as JObject)?["size"] ?? entry["size"])))
            .Where(entry => entry.Path is not null && entry.Size is not null)
            .Select(entry => new HubFile(entry.Path!, entry.Size!.Value))
            .ToArray();

    private static string? Text(JToken? token) => (token as JValue)?.Value as string;

    /// <summary>The page after a page: <c>&lt;address&gt;; rel="next"</c>, of the same host only.</summary>
    private static Uri? Next(Uri page, string? link)
    {
        if (link is null || link.IndexOf("rel=\"next\"", StringComparison.Ordinal) < 0) return null;
        var (open, close) = (link.IndexOf('<'), link.IndexOf('>'));
        return open >= 0 && close > open
            && Uri.TryCreate(page, link.Substring(open + 1, close - open - 1), out var next)
            && next.Authority == page.Authority && next != page ? next : null;
    }
}
