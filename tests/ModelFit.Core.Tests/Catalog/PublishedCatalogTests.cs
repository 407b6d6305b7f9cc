using System.Text.RegularExpressions;
using ModelFit.Catalog;
using Xunit;

namespace ModelFit.Core.Tests.Catalog;

public sealed class PublishedCatalogTests
{
    /// <summary>Bytes of files on the hub, as <c>published/files.jsonl.gz</c> has them.</summary>
    [Theory]
    [InlineData("unsloth/Qwen3.6-27B-GGUF", "UD-Q4_K_XL", "Qwen3.6-27B-UD-Q4_K_XL.gguf", 17612564704)]
    [InlineData("UNSLOTH/qwen3.6-27b-gguf", "q8_0", "Qwen3.6-27B-Q8_0.gguf", 28595763424)]
    public void A_published_file_has_its_size(string repository, string label, string file, long bytes)
    {
        var found = PublishedCatalog.Find(repository)!.Find(label)!;
        Assert.Equal(file, found.File);
        Assert.Equal(bytes, found.FileBytes);
        Assert.Equal("Qwen/Qwen3.6-27B", found.Model);
        Assert.True(found.IsExactSize);
    }

    [Fact]
    public void Every_item_can_be_read_and_belongs_to_a_model_of_the_catalog()
    {
        var models = ModelCatalog.All.Select(model => model.Name).ToHashSet();
        Assert.All(PublishedCatalog.All, repository =>
        {
            Assert.Contains(repository.Model, models);
            Assert.NotEmpty(repository.Files);
            Assert.All(repository.Files, file => Assert.True(file.FileBytes is null or > 1 << 20));
        });
    }

    /// <summary>Qwen3.6-27B's projector is 0.93 GB in 16 bits, gemma-4-26B's 1.19 GB.</summary>
    [Theory]
    [InlineData("Qwen/Qwen3.6-27B", null, 0.92e9, 0.94e9)]
    [InlineData("google/gemma-4-26B-A4B-it", "unsloth/gemma-4-26B-A4B-it-GGUF", 1.19e9, 1.2e9)]
    public void A_projector_is_a_constant_of_its_model(string model, string? repository, double least, double most) =>
        Assert.InRange(Companions.Projector(model, repository)!.FileBytes!.Value, least, most);

    /// <summary>
    /// The lists of some repositories hold one file only, the smallest or the largest, as their source names no parts.
    /// Of models with experts of four bits the largest is smaller than Q4_K_M (Kimi K2.6: 595 and 621 GB).
    /// </summary>
    [Fact]
    public void No_model_is_taken_below_Q3_nor_a_large_one_above_Q6_unless_asked() =>
        Assert.All(ModelCatalog.All, model =>
        {
            var name = PublishedModels.DefaultQuantization(model);
            Assert.DoesNotMatch("Q[12]_", name);
            if (model.ParameterCount > 1e9 && Regex.IsMatch(name, "Q8_|F16|F32"))
                Assert.True(Bytes(model, name) <= Bytes(model, "Q4_K_M"), $"{model.Name}: {name}");
            Assert.False(QuantizationCatalog.Find(name)?.BitsPerWeight < 3.4, $"{model.Name}: {name}");
        });

    [Fact]
    public void A_model_that_only_reads_text_has_no_projector()
    {
        Assert.Null(Companions.Projector("Qwen/Qwen3-8B"));
        Assert.NotNull(Companions.Draft("Qwen/Qwen3.8-27B"));
    }

    private static long Bytes(ModelSpec model, string quantization) =>
        PublishedModels.Layout(model)!.Define(quantization, []).WeightBytes;
}
