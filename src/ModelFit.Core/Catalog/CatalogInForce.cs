using ModelFit.Catalog.Sites;

namespace ModelFit.Catalog;

/// <summary>The tables as they are in force: what is shipped, and what the site's own catalogs say.</summary>
internal static class CatalogInForce
{
    private static readonly PerSite<GpuCatalogData> CardData = new(GpuCatalogData.With);
    private static readonly PerSite<ModelCatalogData> ModelData = new(ModelCatalogData.With);

    public static GpuCatalogData Cards => CardData.Value;

    /// <summary>What a site's name for a card stands for; any other name as it is.</summary>
    public static string CardName(string name) =>
        SiteCatalogs.Current.CardAliases.TryGetValue(name.Trim(), out var other) ? other : name;

    public static ModelCatalogData Models => ModelData.Value;
}
