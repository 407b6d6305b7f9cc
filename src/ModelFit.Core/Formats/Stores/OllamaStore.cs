using System.IO;
using System.Threading;
using ModelFit.Formats.HuggingFace;

namespace ModelFit.Formats.Stores;

/// <summary>
/// Ollama's store: a manifest a tag (<c>manifests/host/namespace/model/tag</c>), and blobs by digest.
/// </summary>
internal sealed class OllamaStore(string root, IMessageSink messages, CancellationToken cancellation)
{
    private const string DefaultHost = "registry.ollama.ai";
    private const string DefaultNamespace = "library";


    /// <summary>Whether a folder is such a store.</summary>
    public static bool Is(string folder) => Directory.Exists(Path.Combine(folder, "manifests"))
        && Directory.Exists(Path.Combine(folder, "blobs"));

    /// <summary>The models of a store, one after another.</summary>
    public static IEnumerable<StoredModel> Enumerate(
        string root, IMessageSink messages, CancellationToken cancellation)
    {
        var store = new OllamaStore(root, messages, cancellation);
        var manifests = Path.Combine(root, "manifests");
        foreach (var entry in FolderWalk.Files(manifests, cancellation))
            yield return entry.Failure is null ? store.Read(manifests, entry.Path) : entry;
    }

    private StoredModel Read(string manifests, string file) => StoredModel.Read(file, () =>
    {
        using var source = new FileByteSource(file);
        var manifest = OllamaManifest.Read(file, JsonFile.ReadObject(source, cancellation));
        if (manifest.Model is not { } model)
            throw InvalidFile.Whole(file, "expected a layer with the model in GGUF, found " + Types(manifest));
        var name = NameOf(file.Substring(manifests.Length + 1));
        manifest.SayCompanions(name, layer => Blob(layer.Digest), messages);
        return ModelFiles.Read(
            Blob(model.Digest), new ModelOrigin(name, nameof(ModelStore.Ollama)), messages, cancellation);
    });

    /// <summary>The blob of a digest; older stores kept the colon in its name.</summary>
    private string Blob(string digest)
    {
        var path = Path.Combine(root, "blobs", digest.Replace(':', '-'));
        var older = Path.Combine(root, "blobs", digest);
        return !File.Exists(path) && File.Exists(older) ? older : path;
    }

    /// <summary>The name that Ollama shows: host and namespace only where they are not the usual ones.</summary>
    private static string NameOf(string relative)
    {
        var segments = relative.Split(Path.DirectorySeparatorChar);
        if (segments.Length < 4) return relative;
        var tag = segments[segments.Length - 1];
        var model = segments[segments.Length - 2];
        var before = segments.Take(segments.Length - 2)
            .SkipWhile((segment, index) => index == 0 && segment == DefaultHost)
            .ToArray();
        if (before.Length == 1 && before[0] == DefaultNamespace) before = Array.Empty<string>();
        return string.Join("/", before.Append(model)) + ":" + tag;
    }

    private static string Types(OllamaManifest manifest) =>
        string.Join(", ", manifest.Layers.Select(layer => layer.Type).Distinct());
}
