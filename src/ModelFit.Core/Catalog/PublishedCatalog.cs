using ModelFit.Catalog.Sites;
using ModelFit.Common;

namespace ModelFit.Catalog;

/// <summary>
/// The repositories with files of the catalog's models, as public lists had them; made by
/// <c>tools/ModelFit.Published</c>. Loaded on first use.
/// </summary>
internal static class PublishedCatalog
{
    /// <summary>
    /// Publishers in the order in which their files are chosen: those of whole families, who keep to llama-quantize's
    /// own mixes or publish what they mix.
    /// </summary>
    private static readonly string[] Preferred =
        { "ggml-org", "unsloth", "bartowski", "lmstudio-community", "Qwen", "mradermacher" };

    private const int RepositoryColumn = 1;

    private static readonly Lazy<string[][]> Rows = new(() => EmbeddedText.Rows("published.tsv").ToArray());
    private static readonly PerSite<Listed> Loaded = new(sites =>
        new Listed(SiteSet.Replaced(Rows.Value, sites.Repositories, RepositoryColumn)));

    /// <summary>The repositories that are shipped.</summary>
    public static IReadOnlyList<PublishedRepository> Shipped => new Listed(Rows.Value).All;

    /// <summary>Every repository.</summary>
    public static IReadOnlyList<PublishedRepository> All => Loaded.Value.All;

    /// <summary>The repository of that name in any case, or null.</summary>
    public static PublishedRepository? Find(string repository) =>
        Loaded.Value.ByName.TryGetValue(repository, out var found) ? found : null;

    /// <summary>
    /// The model's files of that bare name in any case, those of repositories that are chosen first before the others.
    /// None for a name that files of several models have.
    /// </summary>
    public static IReadOnlyList<PublishedFile> FindFiles(string file) =>
        file.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
            && Loaded.Value.ByFile.TryGetValue(file, out var found)
            ? found
            : Array.Empty<PublishedFile>();

    /// <summary>The repositories of a model by its catalog id, those that are chosen first before the others.</summary>
    public static IEnumerable<PublishedRepository> Of(string model) => Loaded.Value.ByModel[model];

    /// <summary>The files of a model by its catalog id, of all repositories.</summary>
    public static IEnumerable<PublishedFile> FilesOf(string model) => Of(model).SelectMany(row => row.Files);

    /// <summary>Whether a repository is its model's own publisher's, or of one that is chosen for others.</summary>
    public static bool IsPreferred(PublishedRepository repository, ModelSpec model) =>
        repository.IsSites
        || Array.IndexOf(Preferred, repository.Publisher) >= 0
        || model.Name.StartsWith(repository.Publisher + "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>A site's own repositories come first.</summary>
    private static int Rank(PublishedRepository repository)
    {
        if (repository.IsSites) return -1;
        var rank = Array.IndexOf(Preferred, repository.Publisher);
        return rank < 0 ? Preferred.Length : rank;
    }

    /// <summary>The repositories, and how they are looked up.</summary>
    private sealed class Listed
    {
        private readonly Lazy<Dictionary<string, PublishedRepository>> _byName;
        private readonly Lazy<ILookup<string, PublishedRepository>> _byModel;
        private readonly Lazy<Dictionary<string, List<PublishedFile>>> _byFile;

        public Listed(IEnumerable<string[]> rows)
        {
            All = rows.Select(cells => new PublishedRepository(cells)).ToArray();
            _byName = new(() => All.ToDictionary(repository => repository.Name, StringComparer.OrdinalIgnoreCase));
            _byModel = new(() => All.OrderBy(Rank)
                .ToLookup(repository => repository.Model, StringComparer.OrdinalIgnoreCase));
            _byFile = new(IndexFiles);
        }

        public IReadOnlyList<PublishedRepository> All { get; }

        public Dictionary<string, PublishedRepository> ByName => _byName.Value;

        public ILookup<string, PublishedRepository> ByModel => _byModel.Value;

        public Dictionary<string, List<PublishedFile>> ByFile => _byFile.Value;

        private Dictionary<string, List<PublishedFile>> IndexFiles()
        {
            var files = new Dictionary<string, List<PublishedFile>>(StringComparer.OrdinalIgnoreCase);
            var shared = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var file in All.OrderBy(Rank).SelectMany(repository => repository.Files))
            {
                if (file.File is not { } name || file.Kind != "Model") continue;
                if (!files.TryGetValue(name, out var known)) files.Add(name, known = new List<PublishedFile>());
                else if (known[0].Model != file.Model) shared.Add(name);
                known.Add(file);
            }

            foreach (var name in shared) files.Remove(name);
            return files;
        }
    }
}
