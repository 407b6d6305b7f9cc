using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Common;

namespace ModelFit.Catalog;

/// <summary>
/// The repositories with files of the catalog's models, as public lists had them; made by <c>tools/ModelFit.Published</c>.
/// Loaded on first use.
/// </summary>
internal static class PublishedCatalog
{
    /// <summary>
    /// Publishers in the order in which their files are chosen: those of whole families, who keep to llama-quantize's
    /// own mixes or publish what they mix.
    /// </summary>
    private static readonly string[] Preferred =
        { "ggml-org", "unsloth", "bartowski", "lmstudio-community", "Qwen", "mradermacher" };

    private static readonly Lazy<PublishedRepository[]> Loaded = new(() =>
        EmbeddedText.Rows("published.tsv").Select(cells => new PublishedRepository(cells)).ToArray());

    private static readonly Lazy<Dictionary<string, PublishedRepository>> ByName = new(() =>
        Loaded.Value.ToDictionary(repository => repository.Name, StringComparer.OrdinalIgnoreCase));

    private static readonly Lazy<ILookup<string, PublishedRepository>> ByModel = new(() =>
        Loaded.Value.OrderBy(Rank).ToLookup(repository => repository.Model, StringComparer.OrdinalIgnoreCase));

    private static readonly Lazy<Dictionary<string, PublishedFile>> ByFile = new(IndexFiles);

    /// <summary>Every repository.</summary>
    public static IReadOnlyList<PublishedRepository> All => Loaded.Value;

    /// <summary>The repository of that name in any case, or null.</summary>
    public static PublishedRepository? Find(string repository) =>
        ByName.Value.TryGetValue(repository, out var found) ? found : null;

    /// <summary>
    /// The model's file of that bare name in any case; of several repositories the one that is chosen first. Null for a
    /// name that models of several kinds have, or none.
    /// </summary>
    public static PublishedFile? FindFile(string file) =>
        file.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && ByFile.Value.TryGetValue(file, out var found)
            ? found
            : null;

    /// <summary>The repositories of a model by its catalog id, those that are chosen first before the others.</summary>
    public static IEnumerable<PublishedRepository> Of(string model) => ByModel.Value[model];

    /// <summary>The files of a model by its catalog id, of all repositories.</summary>
    public static IEnumerable<PublishedFile> FilesOf(string model) => Of(model).SelectMany(row => row.Files);

    /// <summary>Whether a repository is its model's own publisher's, or of one that is chosen for others.</summary>
    public static bool IsPreferred(PublishedRepository repository, ModelSpec model) =>
        Array.IndexOf(Preferred, repository.Publisher) >= 0
        || model.Name.StartsWith(repository.Publisher + "/", StringComparison.OrdinalIgnoreCase);

    private static int Rank(PublishedRepository repository)
    {
        var rank = Array.IndexOf(Preferred, repository.Publisher);
        return rank < 0 ? Preferred.Length : rank;
    }

    private static Dictionary<string, PublishedFile> IndexFiles()
    {
        var files = new Dictionary<string, PublishedFile>(StringComparer.OrdinalIgnoreCase);
        var shared = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in Loaded.Value.OrderBy(Rank).SelectMany(repository => repository.Files))
        {
            if (file.File is not { } name || file.Kind != "Model") continue;
            if (!files.TryGetValue(name, out var known)) files.Add(name, file);
            else if (known.Model != file.Model) shared.Add(name);
        }

        foreach (var name in shared) files.Remove(name);
        return files;
    }
}
