using System.Text.RegularExpressions;

namespace ModelFit.Catalog;

/// <summary>
/// A repository on the Hugging Face hub, and the file or tag in it, as people write it: <c>publisher/name:TAG</c>,
/// <c>hf.co/…</c>, <c>publisher/name/file.gguf</c>, <c>…/resolve/main/file.gguf</c>, the folder of a cache.
/// </summary>
/// <param name="Repository">The repository, <c>publisher/name</c>.</param>
/// <param name="File">The file's bare name; null if none is said.</param>
/// <param name="Tag">The tag behind a colon; null if none is said.</param>
internal sealed record FileAddress(string Repository, string? File, string? Tag)
{
    private const RegexOptions Options = RegexOptions.IgnoreCase;
    private const string Ending = ".gguf";

    private static readonly Regex Host = new(
        @"^(?:hf://|(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com)/)", Options);

    /// <summary>The folder that the hub's cache has for a repository.</summary>
    private static readonly Regex HubFolder = new(
        @"(?:^|/)models--([^/]+?)--([^/]+)(?:/snapshots/[^/]+)?(?:/(.*))?$", Options);

    /// <summary>The file that llama.cpp's cache has for one of a repository.</summary>
    private static readonly Regex LlamaCppFile = new(@"^([^/_]+)_([^/]*?gguf)_([^/]+\.gguf)$", Options);

    private static readonly Regex Revision = new(@"^(?:resolve|blob|raw|tree)/[^/]+/?", Options);

    private static readonly Regex PartNumber = new(@"-\d{5}-of-\d{5}(?=\.gguf$)", Options);
    private static readonly Regex Matrix = new(@"[-_.]imatrix\.gguf$", Options);

    /// <summary>Whether the file is an importance matrix rather than a model.</summary>
    public bool IsMatrix => File is not null && Matrix.IsMatch(File);

    /// <summary>
    /// Whether the tag says a size, as those of Ollama's users do: <c>someone/gemma-4-tuned:26b-q4_K</c>.
    /// </summary>
    public bool IsOfOllama => Tag is not null && ModelCatalogName.IsSize(Tag.Split('-')[0].ToLowerInvariant());

    /// <summary>Whether two names are of one file, or of parts of one.</summary>
    public static bool IsSameFile(string name, string other) => string.Equals(
        PartNumber.Replace(name, string.Empty),
        PartNumber.Replace(other.Substring(other.LastIndexOf('/') + 1), string.Empty),
        StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads an address; null for a text that is none.</summary>
    public static FileAddress? Parse(string text)
    {
        var plain = text.Trim().Replace('\\', '/').Split('?')[0];
        if (HubFolder.Match(plain) is { Success: true } folder)
            return Of(folder.Groups[1].Value + "/" + folder.Groups[2].Value, folder.Groups[3].Value);
        if (LlamaCppFile.Match(plain) is { Success: true } cached)
            return Of(cached.Groups[1].Value + "/" + cached.Groups[2].Value, cached.Groups[3].Value);
        plain = Host.Replace(plain, string.Empty);
        if (plain.IndexOf("://", StringComparison.Ordinal) >= 0 || plain.StartsWith("/", StringComparison.Ordinal))
            return null;
        var segments = plain.Split(new[] { '/' }, 3);
        if (segments.Length < 2 || segments[0].Length == 0 || segments[1].Length == 0 || IsFolder(segments[0]))
            return null;
        var colon = segments[1].IndexOf(':');
        var name = (colon < 0 ? segments[1] : segments[1].Substring(0, colon)).Split('@')[0];
        var said = segments.Length > 2 ? segments[2] : string.Empty;
        if (colon >= 0) said = segments[1].Substring(colon + 1) + (said.Length > 0 ? "/" + said : string.Empty);
        var rest = Revision.Replace(said, string.Empty);
        // With nothing behind it, it is a file in a folder; some repositories are called so too.
        if (rest.Length == 0 && name.EndsWith(Ending, StringComparison.OrdinalIgnoreCase)) return null;
        var isTag = colon >= 0 && !rest.EndsWith(Ending, StringComparison.OrdinalIgnoreCase);
        return isTag ? new FileAddress(segments[0] + "/" + name, null, rest) : Of(segments[0] + "/" + name, rest);
    }

    private static FileAddress Of(string repository, string path)
    {
        var file = path.Split('/').Last();
        return new FileAddress(
            repository, file.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) ? file : null, null);
    }

    /// <summary>Whether a first segment is of a path or of a registry rather than a publisher.</summary>
    private static bool IsFolder(string segment) =>
        segment is "." or ".." or "~" or "library" or "ollama" or "docker.io" or "ai" or "ollama.com"
            or "registry.ollama.ai" || segment.EndsWith(":", StringComparison.Ordinal);
}
