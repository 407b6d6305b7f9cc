using System.IO;
using System.Threading;
using ModelFit.Common;

namespace ModelFit.Catalog.Sites;

/// <summary>
/// Reads a site's catalog: JSON in the form <c>modelfit-catalog-1</c> (<c>schemas/</c>). What is wrong is
/// <see cref="ErrorIds.InvalidCatalog"/> with its line and column; a member that is not known is wrong too.
/// </summary>
internal static class SiteCatalogFile
{
    /// <summary>The form that is read, as <c>$schema</c> names it, alone or at the end of an address.</summary>
    public const string Form = "modelfit-catalog-1";

    /// <summary>What a catalog may say.</summary>
    public static readonly IReadOnlyList<string> Members = new[]
    {
        "$schema", "name", "description", "date", "cards", "models", "published", "cardAliases", "modelAliases",
        "approved", "prices",
    };

    public static SiteCatalog Read(string path) => Parse(PlacedText.ReadFile(path), path);

    /// <summary>The catalog that a text is.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="path">Where it comes from.</param>
    /// <param name="stop">Ends the reading.</param>
    public static SiteCatalog Parse(string text, string path, CancellationToken stop = default)
    {
        var root = new PlacedText(text, path, ErrorIds.InvalidCatalog, stop).Load("the catalog");
        root.CheckForm(Form);
        root.Allow(Members);
        var date = root.Find("date")?.Day();
        var cards = Each(root, "cards", SiteCards.Read);
        var models = Each(root, "models", SiteModels.Read);
        var published = Each(root, "published", node => SiteFiles.Read(node, models, date));
        return new SiteCatalog
        {
            Name = root.Find("name")?.Text() ?? Path.GetFileNameWithoutExtension(path),
            Date = date,
            Path = path,
            Text = text,
            Cards = cards,
            Models = models,
            Repositories = published,
            FileCount = published.Sum(row => row[SiteFiles.Items].Split(' ').Length),
            CardAliases = Aliases(root, "cardAliases", node => node.Text()),
            ModelAliases = Aliases(root, "modelAliases", node => SiteModels.Known(node, models)),
            Approved = root.Find("approved")?.Texts() ?? Array.Empty<string>(),
            Prices = root.Find("prices") is { } prices ? SitePrices.Read(prices, cards, date) : PriceList.Empty,
        };
    }

    /// <summary>The lines of the elements of a member, none of which may come twice.</summary>
    private static IReadOnlyList<string[]> Each(PlacedValue root, string name, Func<PlacedValue, string[]> read)
    {
        var rows = new List<string[]>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var node in root.Find(name)?.Elements() ?? Array.Empty<PlacedValue>())
        {
            var row = read(node.AsObject("an element of '" + name + "'"));
            var key = name == "published" ? row[SiteFiles.Repository] : row[0];
            if (!seen.Add(key)) throw node.Wrong($"'{key}' is in '{name}' already");
            rows.Add(row);
        }

        return rows;
    }

    private static IReadOnlyDictionary<string, string> Aliases(
        PlacedValue root, string name, Func<PlacedValue, string> target)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (alias, value) in root.Find(name)?.AsObject("'" + name + "'").Members()
            ?? Array.Empty<(string, PlacedValue)>())
            names[alias.Trim()] = target(value);
        return names;
    }
}
