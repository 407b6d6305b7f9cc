using ModelFit.Architectures;
using ModelFit.Catalog.Sites;
using ModelFit.Common;
using ModelFit.Models;

namespace ModelFit.Catalog;

/// <summary>The models as they were read, and the index of their names.</summary>
internal sealed class ModelCatalogData
{
    private static readonly Lazy<string[][]> Shipped = new(() => EmbeddedText.Rows("models.tsv").ToArray());
    private static readonly Lazy<ModelCatalogData> OwnData = new(() => new(Shipped.Value, SiteSet.Empty));

    /// <summary>What lines say of a model that sees where its architecture is not known.</summary>
    private const string Seeing = "vlm";

    private readonly HashSet<string> _ofSite;
    private readonly Lazy<ModelCatalogIndex> _index;
    private readonly Lazy<Dictionary<string, ModelKind>> _kinds;
    private readonly Lazy<Dictionary<string, ModelCatalogRecord>> _byId;
    private readonly Lazy<ModelSpec[]> _specs;

    private ModelCatalogData(IEnumerable<string[]> rows, SiteSet sites)
    {
        Records = rows.Select(cells => new ModelCatalogRecord(cells)).ToArray();
        _ofSite = new HashSet<string>(sites.Models.Select(cells => cells[0]), StringComparer.OrdinalIgnoreCase);
        _kinds = new(Kinds);
        _specs = new(() => Records.Select(record => SpecOf(
            record, record.Id, "Catalog", record.Doubt, record.DoubtAccuracy, _kinds.Value[record.Id])).ToArray());
        _index = new(() => new ModelCatalogIndex(Records, Specs, sites.ModelAliases));
        _byId = new(() => Records
            .GroupBy(record => record.Id, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The models that are shipped.</summary>
    public static ModelCatalogData Own => OwnData.Value;

    /// <summary>The models that are shipped, and those of a site in their place or behind them.</summary>
    public static ModelCatalogData With(SiteSet sites) => sites.Models.Count == 0 && sites.ModelAliases.Count == 0
        ? Own
        : new ModelCatalogData(SiteSet.Replaced(Shipped.Value, sites.Models), sites);

    /// <summary>The lines.</summary>
    public IReadOnlyList<ModelCatalogRecord> Records { get; }

    /// <summary>The models, in the order of the lines.</summary>
    public IReadOnlyList<ModelSpec> Specs => _specs.Value;

    /// <summary>The names.</summary>
    public ModelCatalogIndex Index => _index.Value;

    /// <summary>What a model is for, by its id; null for one that is not in the catalog.</summary>
    public ModelKind? KindOf(string id) => _kinds.Value.TryGetValue(id, out var kind) ? kind : null;

    /// <summary>The line of an id in any case; null if there is none.</summary>
    public ModelCatalogRecord? Find(string id) => _byId.Value.TryGetValue(id, out var record) ? record : null;

    /// <summary>A model with the dimensions of a line, under a name.</summary>
    public static ModelSpec SpecOf(
        ModelCatalogRecord record, string name, string source, string? doubt, Accuracy accuracy,
        ModelKind? kind = null)
    {
        var model = record.Hyperparameters();
        var given = new ModelSpec
        {
            Name = name,
            Family = NullIfEmpty(record.Family),
            Kind = kind?.ToString(),
            License = NullIfEmpty(record[ModelColumn.Licence]),
            ReleaseDate = FullDate(record[ModelColumn.Date]),
            Source = source,
            Layout = new LaidOutModel(() => model, record.TextParameters, record.ActiveParameters, doubt)
            {
                Released = NullIfEmpty(record[ModelColumn.Date]),
                PublishedType = record.PublishedType,
                DoubtAccuracy = accuracy,
            },
        };
        return ModelSpecs.From(model, given, record.Parameters, record.ActiveParameters);
    }

    private Dictionary<string, ModelKind> Kinds()
    {
        var tuned = new HashSet<string>(
            Records.Select(record => ModelKinds.Untune(record.Id)).OfType<string>(), StringComparer.OrdinalIgnoreCase);
        return Records.GroupBy(record => record.Id).ToDictionary(
            group => group.Key,
            group => ModelKinds.Of(group.Key, KindBehind(group.First()), tuned),
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// What the architecture of a line says. The names of the shipped models say as much, and need no family loaded.
    /// </summary>
    private ModelKind? KindBehind(ModelCatalogRecord record) => record[ModelColumn.Architecture] switch
    {
        Seeing => ModelKind.Vision,
        var name => _ofSite.Contains(record.Id) ? ArchitectureList.KindOf(name) : null,
    };

    private static string? FullDate(string text) => text.Length == "yyyy-MM-dd".Length ? text : null;

    internal static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
