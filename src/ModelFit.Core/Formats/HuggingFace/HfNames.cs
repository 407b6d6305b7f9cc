using System.IO;

namespace ModelFit.Formats.HuggingFace;

/// <summary>What a model of a Hugging Face folder is called.</summary>
internal static class HfNames
{
    private const string CachePrefix = "models--";
    private static readonly char[] Separators = { '/', '\\' };

    /// <summary>
    /// The repository where the path is inside the hub's cache (<c>models--owner--name</c>), else the folder's name,
    /// else the file's.
    /// </summary>
    public static string Of(string path)
    {
        var segments = path.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        if (segments.FirstOrDefault(IsCacheFolder) is { } cached) return Repository(cached);
        var isAnonymous = segments.Length > 1 && Path.GetFileName(path) is "config.json" or "model.safetensors"
            or "model.safetensors.index.json";
        return isAnonymous ? segments[segments.Length - 2] : Path.GetFileNameWithoutExtension(path);
    }

    /// <summary>Whether a folder of the hub's cache holds a model.</summary>
    public static bool IsCacheFolder(string name) => name.StartsWith(CachePrefix, StringComparison.Ordinal);

    /// <summary>The repository that a folder of the hub's cache holds.</summary>
    public static string Repository(string cacheFolder)
    {
        var name = cacheFolder.Substring(CachePrefix.Length);
        var separator = name.IndexOf("--", StringComparison.Ordinal);
        return separator < 0 ? name : name.Substring(0, separator) + "/" + name.Substring(separator + 2);
    }
}
