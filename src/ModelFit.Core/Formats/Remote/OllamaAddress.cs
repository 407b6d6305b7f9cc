using ModelFit.Common.Remote;

namespace ModelFit.Formats.Remote;

/// <summary>A model at Ollama's registry: <c>ollama://[host/][namespace/]name[:tag]</c>.</summary>
internal sealed record OllamaAddress(Uri Registry, string Repository, string Tag)
{
    private const string Prefix = "ollama://";
    private const string DefaultNamespace = "library/";
    private const string DefaultRegistry = "https://registry.ollama.ai";

    /// <summary>The variable that names another registry, such as a mirror.</summary>
    public const string RegistryVariable = "MODELFIT_OLLAMA_REGISTRY";

    /// <summary>The address of a text, or null if it is none of Ollama's.</summary>
    public static OllamaAddress? Parse(string text, Func<string, string?> variable)
    {
        if (!text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return null;
        var path = text.Substring(Prefix.Length);
        var colon = path.LastIndexOf(':');
        var hasTag = colon > path.LastIndexOf('/');
        var tag = hasTag ? path.Substring(colon + 1) : "latest";
        var segments = (hasTag ? path.Substring(0, colon) : path).Split('/');
        var registry = segments.Length == 3
            ? "https://" + segments[0]
            : variable(RegistryVariable) is { Length: > 0 } mirror ? mirror : DefaultRegistry;
        var isWhole = segments.Length is >= 1 and <= 3 && segments.Append(tag).All(IsSegment)
            && Uri.TryCreate(registry.TrimEnd('/') + "/", UriKind.Absolute, out _);
        if (!isWhole)
            throw RemoteFailure.Of(
                text, "expected ollama://[host/][namespace/]name[:tag]", FailureKind.InvalidArgument);
        var repository = segments.Length == 1
            ? DefaultNamespace + segments[0]
            : string.Join("/", segments.Skip(segments.Length - 2));
        return new OllamaAddress(new Uri(registry.TrimEnd('/') + "/"), repository, tag);
    }

    /// <summary>Where the manifest is.</summary>
    public Uri Manifest => new(Registry, "v2/" + Repository + "/manifests/" + Tag);

    /// <summary>Where a blob is.</summary>
    public Uri Blob(string digest) => new(Registry, "v2/" + Repository + "/blobs/" + digest);

    /// <summary>The name as Ollama shows it.</summary>
    public string Name => (Repository.StartsWith(DefaultNamespace, StringComparison.Ordinal)
        ? Repository.Substring(DefaultNamespace.Length)
        : Repository) + ":" + Tag;

    private static bool IsSegment(string text) =>
        text.Length > 0 && text.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' or ':');
}
