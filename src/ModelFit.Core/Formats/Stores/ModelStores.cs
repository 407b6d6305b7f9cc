using System.IO;
using System.Threading;
using ModelFit.Formats.HuggingFace;

namespace ModelFit.Formats.Stores;

/// <summary>The models that are installed here: the stores of programs, and folders.</summary>
public static class ModelStores
{
    private static readonly ModelStore[] All = (ModelStore[])Enum.GetValues(typeof(ModelStore));

    /// <summary>
    /// The models of the given stores, of all if none is given; one after another, each read when it is asked for.
    /// </summary>
    public static IEnumerable<StoredModel> Enumerate(
        IReadOnlyCollection<ModelStore>? stores, IMessageSink messages, CancellationToken cancellation) =>
        Enumerate(stores, StoreEnvironment.Current, messages, cancellation);

    /// <summary>
    /// The models in a folder: of Ollama's store or the hub's cache if it is one, else of all folders within. A folder
    /// that is not there is a broken entry.
    /// </summary>
    public static IEnumerable<StoredModel> EnumerateFolder(
        string folder, IMessageSink messages, CancellationToken cancellation)
    {
        var path = ModelFiles.FullPath(folder);
        return OllamaStore.Is(path) ? OllamaStore.Enumerate(path, messages, cancellation)
            : IsHubCache(path) ? EnumerateHub(path, ModelStore.HuggingFace, messages, cancellation)
            : FolderStore.Enumerate(path, null, messages, cancellation);
    }

    /// <summary>The same in an environment of one's own.</summary>
    internal static IEnumerable<StoredModel> Enumerate(
        IReadOnlyCollection<ModelStore>? stores,
        StoreEnvironment environment,
        IMessageSink messages,
        CancellationToken cancellation)
    {
        foreach (var store in stores is { Count: > 0 } ? stores : All)
        {
            foreach (var folder in environment.Folders(store))
            {
                messages.Verbose($"Looking for models of {store} in {folder}.");
                foreach (var model in Enumerate(store, folder, messages, cancellation)) yield return model;
            }
        }
    }

    private static IEnumerable<StoredModel> Enumerate(
        ModelStore store, string folder, IMessageSink messages, CancellationToken cancellation) => store switch
    {
        ModelStore.Ollama => OllamaStore.Enumerate(folder, messages, cancellation),
        ModelStore.HuggingFace => EnumerateHub(folder, store, messages, cancellation),
        ModelStore.LlamaCpp when IsHubCache(folder) => EnumerateHub(folder, store, messages, cancellation)
            .Concat(FolderStore.EnumerateFlat(folder, store, messages, cancellation)),
        _ => FolderStore.Enumerate(folder, store, messages, cancellation),
    };

    private static bool IsHubCache(string folder) =>
        Directory.Exists(folder) && FolderWalk.Inner(folder).Any(name => HfNames.IsCacheFolder(Path.GetFileName(name)));

    private static IEnumerable<StoredModel> EnumerateHub(
        string folder, ModelStore store, IMessageSink messages, CancellationToken cancellation) =>
        FolderWalk.Inner(folder)
            .Where(name => HfNames.IsCacheFolder(Path.GetFileName(name)))
            .SelectMany(name => FolderStore.EnumerateRepository(name, store, messages, cancellation));
}
