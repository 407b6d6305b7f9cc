using System.IO;
using System.Threading;
using ModelFit.Formats.HuggingFace;

namespace ModelFit.Formats.Stores;

/// <summary>
/// Folders of model files, as LM Studio and llama.cpp keep them and people do: each GGUF model (of split ones the first
/// part, projectors left out), and each folder with a configuration and safetensors.
/// </summary>
internal sealed class FolderStore(string root, string? source, IMessageSink messages, CancellationToken cancellation)
{
    /// <summary>The models in a folder and those within it.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="store">The store that it is; null for a plain folder.</param>
    /// <param name="messages">Where assumptions are said.</param>
    /// <param name="cancellation">Stops at once.</param>
    public static IEnumerable<StoredModel> Enumerate(
        string root, ModelStore? store, IMessageSink messages, CancellationToken cancellation)
    {
        var folderStore = new FolderStore(root, store?.ToString(), messages, cancellation);
        return FolderWalk.Folders(root, cancellation).SelectMany(folderStore.Read);
    }

    /// <summary>The models in a folder, those within it left out.</summary>
    public static IEnumerable<StoredModel> EnumerateFlat(
        string root, ModelStore store, IMessageSink messages, CancellationToken cancellation) =>
        FolderWalk.Folders(root, cancellation).Take(1)
            .SelectMany(new FolderStore(root, store.ToString(), messages, cancellation).Read);

    /// <summary>The models of one repository of the hub's cache, by the names of its main snapshot.</summary>
    public static IEnumerable<StoredModel> EnumerateRepository(
        string folder, ModelStore kind, IMessageSink messages, CancellationToken cancellation)
    {
        var name = HfNames.Repository(Path.GetFileName(folder));
        if (ModelFolder.Snapshot(folder) is not { } snapshot) yield break;
        var store = new FolderStore(snapshot, kind.ToString(), messages, cancellation);
        foreach (var inner in FolderWalk.Folders(snapshot, cancellation))
            foreach (var model in store.Read(inner, name)) yield return model;
    }

    private IEnumerable<StoredModel> Read(FolderWalk.Folder folder) => Read(folder, null);

    private IEnumerable<StoredModel> Read(FolderWalk.Folder folder, string? repository)
    {
        if (folder.Failure is { } failure) yield return StoredModel.Broken(folder.Path, failure);
        var models = ModelFolder.GgufModels(folder.Files).ToList();
        var isTransformers = folder.Files.Any(file => Path.GetFileName(file) == HfFolder.ConfigName)
            && folder.Files.Any(file => file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase));
        if (isTransformers) yield return Read(folder.Path, Name(folder.Path, repository));
        foreach (var model in models)
        {
            var isOnly = models.Count == 1 && repository is not null && folder.Path == root;
            yield return Read(model, isOnly ? repository! : Name(model, repository));
        }
    }

    private StoredModel Read(string path, string name)
    {
        var origin = source is null ? ModelOrigin.File : new ModelOrigin(name, source);
        return StoredModel.Read(path, () => ModelFiles.Read(
            Directory.Exists(path) ? ModelFolder.MainFile(path) : path, origin, messages, cancellation));
    }

    /// <summary>The path below the root, or below the repository's name, without the extension.</summary>
    private string Name(string path, string? repository)
    {
        var relative = path.Substring(root.Length).TrimStart('/', '\\').Replace('\\', '/');
        if (relative.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
            relative = relative.Substring(0, relative.Length - ".gguf".Length);
        return repository is null ? relative : relative.Length == 0 ? repository : repository + "/" + relative;
    }
}
