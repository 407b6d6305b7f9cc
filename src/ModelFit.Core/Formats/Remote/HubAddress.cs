using System.Text.RegularExpressions;
using ModelFit.Common.Remote;

namespace ModelFit.Formats.Remote;

/// <summary>
/// A model at the Hugging Face hub: <c>hf://owner/name[@revision][:quantization][/file]</c>, or the hub's own pages.
/// </summary>
internal sealed record HubAddress(
    Uri Endpoint, string Repository, string Revision, string? Quantization, string? File)
{
    /// <summary>The hub itself.</summary>
    public const string Hub = "https://huggingface.co";

    private const string ShortHost = "hf.co";

    private static readonly Regex Short = new(
        "^hf://(?<repository>[^/@:]+/[^/@:]+)(@(?<revision>[^/:]+))?(:(?<quantization>[^/]+))?(/(?<file>.+))?$",
        RegexOptions.IgnoreCase);

    private static readonly Regex Page = new(
        "^/(?<repository>[^/]+/[^/]+)(/(?<verb>blob|resolve|tree|raw)/(?<revision>[^/]+)(/(?<file>.+))?)?/?$");

    /// <summary>The address of a text, or null if it is none of the hub's.</summary>
    public static HubAddress? Parse(string text, Func<string, string?> variable)
    {
        var endpoint = variable("HF_ENDPOINT") is { Length: > 0 } mirror ? mirror : Hub;
        var root = Root(endpoint, "HF_ENDPOINT");
        var match = Short.Match(text);
        if (!match.Success)
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var page) || !IsHttp(page)) return null;
            var isShort = endpoint == Hub && page.Host == ShortHost;
            if (page.Authority != root.Authority && !isShort) return null;
            match = Page.Match(page.AbsolutePath);
            if (!match.Success) return null;
        }

        string? Group(string name) => match.Groups[name].Success ? match.Groups[name].Value : null;
        return new HubAddress(
            root, Group("repository")!, Group("revision") ?? "main", Group("quantization"), Group("file"));
    }

    /// <summary>The address of the hub or of a mirror, under which its paths are.</summary>
    /// <exception cref="ModelFitException"><paramref name="named"/> is none of HTTP.</exception>
    public static Uri Root(string endpoint, string named) =>
        Uri.TryCreate(endpoint.TrimEnd('/') + "/", UriKind.Absolute, out var root) && IsHttp(root)
            ? root
            : throw RemoteFailure.Of(named, "expected an http or https address", FailureKind.InvalidArgument);

    /// <summary>The secret that the hub is asked with; null for none.</summary>
    public static string? Token(RemoteOptions options) => options.Credential?.Password
        ?? (options.Variable("HF_TOKEN") is { } token && !string.IsNullOrWhiteSpace(token) ? token.Trim() : null);

    /// <summary>The name of a file as it is shown.</summary>
    public string Show(string file) =>
        "hf://" + Repository + (Revision == "main" ? string.Empty : "@" + Revision) + "/" + file;

    /// <summary>Where a file is fetched from.</summary>
    public Uri Fetch(string file) => new(Endpoint, Repository + "/resolve/" + Revision + "/" + Escape(file));

    /// <summary>Where the list of the files is.</summary>
    public Uri Listing => new(Endpoint, "api/models/" + Repository + "/revision/" + Revision);

    private static bool IsHttp(Uri address) =>
        address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps;

    private static string Escape(string path) =>
        string.Join("/", path.Split('/').Select(Uri.UnescapeDataString).Select(Uri.EscapeDataString));
}
