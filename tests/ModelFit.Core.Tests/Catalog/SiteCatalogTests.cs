using System.IO;
using ModelFit.Catalog;
using ModelFit.Catalog.Sites;
using Xunit;

namespace ModelFit.Core.Tests.Catalog;

/// <summary>A site's own catalog: what it says, and where it says something wrong.</summary>
public sealed class SiteCatalogTests : IDisposable
{
    private const string Site = """
        {
          "$schema": "modelfit-catalog-1",
          "name": "Contoso", "date": "2026-11-30",
          "cards": [
            { "name": "RTX 4090 Contoso 47GB", "like": "RTX 4090", "memory": "47GB", "watts": 480 },
            { "name": "Contoso Inference Board", "vendor": "Other", "memory": "96GB", "bandwidthGBs": 1200,
              "aliases": ["CIB-96"] }
          ],
          "models": [
            { "name": "contoso/Support-Agent-27B", "like": "Qwen/Qwen3.6-27B", "released": "2026-10-01",
              "aliases": ["contoso support"] },
            { "name": "contoso/Tiny-Contoso", "architecture": "llama", "layers": 16, "embedding": 2048,
              "feedForward": 8192, "heads": 32, "kvHeads": 8, "headLength": 64, "vocabulary": 128256,
              "context": 131072, "parameters": "1.24B", "keys": { "rope.freq_base": 500000 } }
          ],
          "published": [
            { "repository": "contoso/Support-Agent-27B-GGUF", "model": "contoso/Support-Agent-27B",
              "files": [ { "file": "support-agent-27b-Q4_K_M.gguf", "bytes": 16540000000 } ] }
          ],
          "cardAliases": { "the contoso card": "L40S" },
          "modelAliases": { "our contoso chat": "contoso/Support-Agent-27B" },
          "approved": ["contoso/*", "openai/gpt-oss-*"],
          "prices": {
            "currency": "EUR", "powerPerKwh": 0.31, "memoryPerGiB": 4.5,
            "cards": { "RTX 3090": 700, "H100 SXM5 80GB": { "price": 27000, "watts": 650 }, "CIB-96": 9000 }
          }
        }
        """;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"contoso-{Guid.NewGuid():N}.json");

    public SiteCatalogTests()
    {
        File.WriteAllText(_path, Site);
        SiteCatalogs.Import(_path, keep: false);
    }

    public void Dispose()
    {
        SiteCatalogs.Forget(_path);
        File.Delete(_path);
    }

    [Theory]
    [InlineData("RTX 4090 Contoso 47GB", 47, 480, 1008.4)]
    [InlineData("CIB-96", 96, null, 1200)]
    [InlineData("the contoso card", 48, 350, 864)]
    [InlineData("RTX 4090", 24, 450, 1008.4)]
    public void A_card_of_the_site_is_found_as_any_other(string name, int gib, int? watts, double bandwidth)
    {
        var card = GpuCatalog.Resolve(name, null, NullSink.Instance);
        Assert.Equal((gib * (1L << 30), watts, (long)(bandwidth * 1e9)),
            (card.MemoryBytes, card.TdpWatts, card.MemoryBandwidth));
    }

    [Fact]
    public void A_card_that_is_gone_with_its_catalog_is_unknown_again()
    {
        SiteCatalogs.Forget(_path);
        Assert.Equal(
            ErrorIds.GpuNotFound,
            Assert.Throws<ModelFitException>(() => GpuCatalog.Resolve("CIB-96", null, NullSink.Instance)).ErrorId);
    }

    [Theory]
    [InlineData("contoso/Support-Agent-27B")]
    [InlineData("support agent 27b")]
    [InlineData("our contoso chat")]
    [InlineData("contoso-support")]
    public void A_model_of_the_site_has_the_dimensions_of_the_one_it_is_like(string name)
    {
        var model = ModelCatalog.Resolve(name, NullSink.Instance);
        Assert.Equal("contoso/Support-Agent-27B", model.Name);
        Assert.Equal(ModelCatalog.Resolve("Qwen/Qwen3.6-27B", NullSink.Instance).LayerCount, model.LayerCount);
    }

    [Fact]
    public void A_model_of_dimensions_of_its_own_is_laid_out_from_them()
    {
        static long Weights(string name) => ModelCatalog.Resolve(name, NullSink.Instance)
            .Layout!.Define("Q8_0", []).Tensors
            .Where(tensor => tensor.Name is not ("output.weight" or "rope_freqs.weight"))
            .Sum(tensor => tensor.Elements);
        Assert.Equal(Weights("meta-llama/Llama-3.2-1B-Instruct"), Weights("contoso/Tiny-Contoso"));
    }

    [Fact]
    public void A_file_of_the_site_is_the_one_that_is_counted()
    {
        var model = ModelCatalog.Resolve("contoso/Support-Agent-27B", NullSink.Instance);
        var file = PublishedModels.FileOf(model, "Q4_K_M");
        Assert.Equal(("contoso/Support-Agent-27B-GGUF", 16540000000L), (file?.Repository, file?.FileBytes));
        Assert.Equal(
            "contoso/Support-Agent-27B",
            PublishedModels.Resolve("contoso/Support-Agent-27B-GGUF:Q4_K_M", NullSink.Instance).Name);
    }

    [Fact]
    public void Prices_are_kept_by_the_names_that_the_catalog_has()
    {
        var prices = SiteCatalogs.Current.Prices;
        double? Price(string name) => prices.Of(GpuCatalog.Resolve(name, null, NullSink.Instance))?.Price;
        Assert.Equal(("EUR", 0.31, 4.5, "2026-11-30"),
            (prices.Currency, prices.PowerPerKwh, prices.MemoryPerGiB, prices.Date));
        Assert.Equal((700, 27000, 9000, null), (Price("3090"), Price("H100 SXM"), Price("CIB-96"), Price("RTX 3060")));
        Assert.Equal(650, prices.WattsOf(GpuCatalog.Resolve("H100 SXM", null, NullSink.Instance)));
        Assert.Equal(350, prices.WattsOf(GpuCatalog.Resolve("RTX 3090", null, NullSink.Instance)));
    }

    [Fact]
    public void Of_two_prices_the_later_catalogs_counts()
    {
        var later = SiteCatalogFile.Parse(
            """{ "prices": { "powerPerKwh": 0.2, "cards": { "RTX 3090": 650 } } }""", "later.json",
                stop: TestContext.Current.CancellationToken);
        var prices = new SiteSet([SiteCatalogFile.Parse(Site, "site.json",
            stop: TestContext.Current.CancellationToken), later]).Prices;
        Assert.Equal((0.2, 4.5, 650, 4), (
            prices.PowerPerKwh, prices.MemoryPerGiB, prices.Cards["NVIDIA GeForce RTX 3090"].Price, 1
                + prices.Cards.Count));
    }

    [Theory]
    [InlineData("contoso/Anything", true)]
    [InlineData("openai/gpt-oss-20b", true)]
    [InlineData("Qwen/Qwen3-8B", false)]
    public void The_approved_list_has_wildcards(string id, bool isApproved) =>
        Assert.Equal(isApproved, SiteCatalogs.Current.IsApproved(id));

    [Theory]
    [InlineData("{\n \"card\": [] }", 2, 2)]
    [InlineData("{\n \"cards\": [\n  { \"name\": \"NVIDIA X\", \"memory\": \"48\" } ] }", 3, 35)]
    [InlineData("{\n \"cards\": [\n  { \"name\": \"Board\", \"memory\": \"48GB\" } ] }", 3, 13)]
    [InlineData("{\n \"cards\": [\n  { \"name\": \"NVIDIA X\", \"like\": \"RTX 9999\" } ] }", 3, 33)]
    [InlineData("{\n \"models\": [\n  { \"name\": \"a/b\", \"like\": \"no such\" } ] }", 3, 28)]
    [InlineData("{\n \"models\": [\n  { \"name\": \"a/b\", \"layers\": 3 } ] }", 3, 3)]
    [InlineData(
        "{\n \"published\": [\n  { \"repository\": \"a/b\", \"model\": \"qwen3-8b\",\n \"files\": [ { \"file\": "
        + "\"x.gguf\", \"bytes\": 5 } ] } ] }", 4, 13)]
    [InlineData("{\n \"prices\": { \"cards\": { \"RTX 3090\": -1 } } }", 2, 25)]
    [InlineData("{\n \"prices\": {\n \"cards\": { \"RTX 9999\": 1 } } }", 3, 13)]
    [InlineData("{\n \"modelAliases\": { \"x\": \"no such model\" } }", 2, 20)]
    [InlineData("{\n \"$schema\": \"modelfit-catalog-2\" }", 2, 13)]
    [InlineData("{\n \"cards\": [ } ", 2, 12)]
    public void What_is_wrong_is_said_with_its_place(string text, int line, int column)
    {
        var error = Assert.Throws<ModelFitException>(() => SiteCatalogFile.Parse(text, "site.json",
            stop: TestContext.Current.CancellationToken));
        Assert.Equal(ErrorIds.InvalidCatalog, error.ErrorId);
        Assert.StartsWith($"site.json, line {line}, column {column}:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_catalog_changes_nothing()
    {
        var before = SiteCatalogs.Current;
        var wrong = _path + ".wrong.json";
        File.WriteAllText(wrong, "{ \"cards\": 3 }");
        Assert.Throws<ModelFitException>(() => SiteCatalogs.Import(wrong, keep: false,
            stop: TestContext.Current.CancellationToken));
        File.Delete(wrong);
        Assert.Same(before, SiteCatalogs.Current);
    }
}
