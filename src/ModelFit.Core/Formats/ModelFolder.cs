using System.IO;
using ModelFit.Common;
using ModelFit.Formats.Gguf;
using ModelFit.Formats.HuggingFace;

namespace ModelFit.Formats;

/// <summary>A local folder that holds a model.</summary>
internal static class ModelFolder
{
    private static readonly string[] PyTorchWeights = { "pytorch_model*", "*.pth", "*.pt", "*.bin" };

    /// <summary>
    /// The file to read the folder's one model from: index or weights, GGUF, configuration. A repository of the hub's
    /// cache stands for its main snapshot. Throws <see cref="ErrorIds.InvalidModelFile"/> if there is none, or several.
    /// </summary>
    public static string MainFile(string folder)
    {
        try
        {
            return Find(Snapshot(folder) ?? folder);
        }
        catch (Exception exception) when (FileOpener.IsFailure(exception))
        {
            throw InvalidFile.Unreadable(folder, exception);
        }
    }

    /// <summary>
    /// The snapshot that a repository of the hub's cache (<c>models--owner--name</c>) has as main, else its newest;
    /// null for other folders.
    /// </summary>
    public static string? Snapshot(string folder)
    {
        var snapshots = Path.Combine(folder, "snapshots");
        if (!HfNames.IsCacheFolder(Path.GetFileName(folder)) || !Directory.Exists(snapshots)) return null;
        var all = Directory.EnumerateDirectories(snapshots).OrderByDescending(Directory.GetLastWriteTimeUtc).ToArray();
        var reference = Path.Combine(folder, "refs", "main");
        var main = File.Exists(reference) ? FileOpener.Text(reference, 256).Trim() : null;
        return Array.Find(all, snapshot => Path.GetFileName(snapshot) == main) ?? all.FirstOrDefault();
    }

    /// <summary>The models among GGUF files: of split ones the first part, without projectors by name.</summary>
    public static IEnumerable<string> GgufModels(IEnumerable<string> files) => files.Where(file =>
    {
        var name = Path.GetFileName(file);
        return name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
            && name.IndexOf("mmproj", StringComparison.OrdinalIgnoreCase) < 0
            && SplitName.Parse(name) is null or { Number: 1 };
    });

    /// <summary>Whether a folder has weights in PyTorch's format, which only running them could read safely.</summary>
    public static bool HasPyTorchWeights(string folder) => PyTorchWeights.Any(pattern =>
        Directory.EnumerateFiles(folder, pattern).Any());

    private static string Find(string folder)
    {
        foreach (var name in new[] { HfFolder.IndexName, HfFolder.WeightsName })
            if (File.Exists(Path.Combine(folder, name))) return Path.Combine(folder, name);
        var files = Directory.EnumerateFiles(folder).OrderBy(file => file, StringComparer.Ordinal).ToArray();
        var models = GgufModels(files).ToArray();
        if (models.Length > 1)
            throw InvalidFile.Whole(
                folder, "it holds several models; name one: " + string.Join(", ", models.Select(Path.GetFileName)));
        return models.FirstOrDefault()
            ?? files.FirstOrDefault(file => file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
            ?? files.FirstOrDefault(file => Path.GetFileName(file) == HfFolder.ConfigName)
            ?? throw InvalidFile.Whole(folder, "expected a GGUF file, safetensors or a config.json, found "
                + (files.Any(file => Path.GetFileName(file) == "model_index.json") ? "an image model" : "none"));
    }
}
