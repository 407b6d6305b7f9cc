using System.IO;
using ModelFit.Catalog.Sites;

namespace ModelFit.Catalog;

/// <summary>Says which catalogs are in force.</summary>
internal static class CatalogInfos
{
    /// <summary>The shipped catalog, then the site's own in the order in which they count.</summary>
    public static IEnumerable<CatalogInfo> All() => SiteCatalogs.Sources.Select(Of).Prepend(Shipped());

    /// <summary>What a file holds, or why it is left out.</summary>
    public static CatalogInfo Of(SiteSource source) => source.Catalog is { } catalog
        ? new CatalogInfo
        {
            Name = catalog.Name,
            Origin = source.Origin,
            Date = catalog.Date,
            CardCount = catalog.Cards.Count,
            ModelCount = catalog.Models.Count,
            RepositoryCount = catalog.Repositories.Count,
            FileCount = catalog.FileCount,
            AliasCount = catalog.CardAliases.Count + catalog.ModelAliases.Count,
            ApprovedCount = catalog.Approved.Count,
            PriceCount = catalog.Prices.Count,
            Currency = catalog.Prices.Currency,
            CatalogPath = source.Path,
        }
        : new CatalogInfo
        {
            Name = Path.GetFileNameWithoutExtension(source.Path),
            Origin = source.Origin,
            CatalogPath = source.Path,
            ErrorId = source.Failure!.ErrorId,
            ErrorMessage = source.Failure.Message,
        };

    private static CatalogInfo Shipped()
    {
        var models = ModelCatalogData.Own;
        var listed = PublishedCatalog.Shipped;
        return new CatalogInfo
        {
            Name = "ModelFit",
            Origin = "Module",
            Date = listed.Max(repository => repository.Date),
            CardCount = GpuCatalogData.Own.All.Count,
            ModelCount = models.Records.Count,
            RepositoryCount = listed.Count,
            FileCount = listed.Sum(repository => repository.Files.Count(file => file.FileBytes is not null)),
            AliasCount = models.Records.Sum(record => record.Aliases.Length),
            ApprovedCount = 0,
            PriceCount = 0,
        };
    }
}
