using System.IO;
using System.Text.RegularExpressions;
using ModelFit.Catalog.Sites;
using ModelFit.Testing;
using Newtonsoft.Json.Linq;
using Xunit;

namespace ModelFit.Core.Tests.Catalog;

/// <summary>What is written of a site's catalog: the schema and the help.</summary>
public class SiteCatalogDocumentTests
{
    private static readonly JObject Schema =
        JObject.Parse(File.ReadAllText(RepositoryFolder.Path("schemas", "modelfit-catalog-1.schema.json")));

    [Fact]
    public void The_schema_names_what_the_reader_takes()
    {
        Assert.Equal(SiteCatalogFile.Members.Order(), Names(Schema["properties"]!));
        Assert.Equal(SiteCards.Members.Order(), Names(Schema["definitions"]!["card"]!["properties"]!));
        Assert.Equal(SiteModels.Members.Order(), Names(Schema["definitions"]!["model"]!["properties"]!));
        Assert.Equal(SitePrices.Members.Order(), Names(Schema["properties"]!["prices"]!["properties"]!));
    }

    [Fact]
    public void The_catalog_in_the_help_is_read()
    {
        var page = File.ReadAllText(RepositoryFolder.Path("docs", "cmdlets", "Import-ModelFitCatalog.md"));
        var text = Regex.Match(page, "```json\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        var catalog = SiteCatalogFile.Parse(text, "help", stop: TestContext.Current.CancellationToken);
        Assert.Equal((2, 1, 1, 2, 4), (
            catalog.Cards.Count, catalog.Models.Count, catalog.FileCount, catalog.Approved.Count,
            catalog.Prices.Count));
    }

    private static IEnumerable<string> Names(JToken properties) =>
        ((JObject)properties).Properties().Select(property => property.Name).Order();
}
