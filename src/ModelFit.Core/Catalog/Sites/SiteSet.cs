using ModelFit.Common;

namespace ModelFit.Catalog.Sites;

/// <summary>
/// The site's own catalogs that are in force at one time; of two that say the same thing the later wins.
/// </summary>
internal sealed class SiteSet
{
    private readonly Lazy<IReadOnlyList<Wildcard>> _approved;

    /// <summary>Takes the catalogs in the order in which they were added.</summary>
    public SiteSet(IReadOnlyList<SiteCatalog> catalogs)
    {
        Catalogs = catalogs;
        Cards = All(catalogs, catalog => catalog.Cards, 0);
        Models = All(catalogs, catalog => catalog.Models, 0);
        Repositories = All(catalogs, catalog => catalog.Repositories, 1);
        CardAliases = All(catalogs, catalog => catalog.CardAliases);
        ModelAliases = All(catalogs, catalog => catalog.ModelAliases);
        Prices = catalogs.Aggregate(PriceList.Empty, (all, catalog) => catalog.Prices.Over(all));
        _approved = new(() => catalogs.SelectMany(catalog => catalog.Approved)
            .Select(text => new Wildcard(text)).ToArray());
    }

    /// <summary>No catalog but the one that is shipped.</summary>
    public static SiteSet Empty { get; } = new(Array.Empty<SiteCatalog>());

    /// <summary>The catalogs in the order in which they were added.</summary>
    public IReadOnlyList<SiteCatalog> Catalogs { get; }

    /// <summary>Lines of <c>gpus.tsv</c>.</summary>
    public IReadOnlyList<string[]> Cards { get; }

    /// <summary>Lines of <c>models.tsv</c>.</summary>
    public IReadOnlyList<string[]> Models { get; }

    /// <summary>Lines of <c>published.tsv</c>.</summary>
    public IReadOnlyList<string[]> Repositories { get; }

    /// <summary>Other names of cards, ignoring case.</summary>
    public IReadOnlyDictionary<string, string> CardAliases { get; }

    /// <summary>Other names of models, ignoring case.</summary>
    public IReadOnlyDictionary<string, string> ModelAliases { get; }

    /// <summary>What the site pays.</summary>
    public PriceList Prices { get; }

    /// <summary>Whether the site says which models may be used.</summary>
    public bool HasApproved => _approved.Value.Count > 0;

    /// <summary>Whether a model may be used, by its id; all may where the site does not say.</summary>
    public bool IsApproved(string id) => !HasApproved || _approved.Value.Any(pattern => pattern.IsMatch(id));

    /// <summary>The lines of a table, those of the same name replaced by others, and new ones at its end.</summary>
    public static IEnumerable<string[]> Replaced(
        IReadOnlyList<string[]> rows, IReadOnlyList<string[]> others, int nameColumn = 0)
    {
        if (others.Count == 0) return rows;
        var names = new HashSet<string>(others.Select(row => row[nameColumn]), StringComparer.OrdinalIgnoreCase);
        return rows.Where(row => !names.Contains(row[nameColumn])).Concat(others);
    }

    private static IReadOnlyList<string[]> All(
        IReadOnlyList<SiteCatalog> catalogs, Func<SiteCatalog, IReadOnlyList<string[]>> rows, int nameColumn) =>
        catalogs.Aggregate(
            (IReadOnlyList<string[]>)Array.Empty<string[]>(),
            (all, catalog) => Replaced(all, rows(catalog), nameColumn).ToArray());

    private static IReadOnlyDictionary<string, string> All(
        IReadOnlyList<SiteCatalog> catalogs, Func<SiteCatalog, IReadOnlyDictionary<string, string>> names)
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var catalog in catalogs)
            foreach (var name in names(catalog)) all[name.Key] = name.Value;
        return all;
    }
}
