using ModelFit.Catalog;
using Xunit;

namespace ModelFit.Core.Tests.Catalog;

public sealed class QuantizationCatalogTests
{
    [Theory]
    [InlineData("Q4_K_M", "Q4_K_M")]
    [InlineData("q4_k_m", "Q4_K_M")]
    [InlineData("q4km", "Q4_K_M")]
    [InlineData("Q4-K-M", "Q4_K_M")]
    [InlineData("Q4_K", "Q4_K_M")]
    [InlineData("iq3xxs", "IQ3_XXS")]
    [InlineData("fp16", "F16")]
    [InlineData("mxfp4_moe", "MXFP4_MOE")]
    [InlineData("mxfp4", "MXFP4")]
    [InlineData("fp8", "FP8")]
    [InlineData("gptq", "GPTQ-Int4")]
    [InlineData("awq", "AWQ")]
    [InlineData("nf4", "NF4")]
    public void Names_resolve(string written, string expected) =>
        Assert.Equal(expected, Assert.Single(QuantizationCatalog.Resolve(written)).Name);

    [Fact]
    public void Wildcards_match_names()
    {
        Assert.Equal(
            new[] { "Q4_1", "Q4_K_M", "Q4_K_S", "Q4_0", "Q4_K_L", "Q4_K_P" },
            QuantizationCatalog.Resolve("q4_*").Select(spec => spec.Name));
        Assert.Empty(QuantizationCatalog.Resolve("Q9*"));
    }

    [Theory]
    [InlineData("Q4_K_X", "Q4_K_M")]
    [InlineData("IQ3_XX", "IQ3_XXS")]
    public void Unknown_names_name_the_nearest(string written, string nearest)
    {
        var error = Assert.Throws<ModelFitException>(() => QuantizationCatalog.Resolve(written));
        Assert.Equal(ErrorIds.QuantizationNotFound, error.ErrorId);
        Assert.Contains($"'{nearest}'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>llama_ftype in llama.cpp's include/llama.h, and the type names of quantize.</summary>
    [Theory]
    [InlineData(0, "F32")]
    [InlineData(1, "F16")]
    [InlineData(7, "Q8_0")]
    [InlineData(12, "Q3_K_M")]
    [InlineData(15, "Q4_K_M")]
    [InlineData(24, "IQ1_S")]
    [InlineData(32, "BF16")]
    [InlineData(38, "MXFP4_MOE")]
    [InlineData(41, "Q2_0")]
    public void File_type_ids_are_llama_cpps(int id, string name) =>
        Assert.Equal(id, QuantizationCatalog.Find(name)?.FileTypeId);

    [Theory]
    [InlineData("Q2_K_S", true)]
    [InlineData("IQ2_M", true)]
    [InlineData("IQ3_XS", true)]
    [InlineData("IQ3_S", false)]
    [InlineData("IQ4_XS", false)]
    [InlineData("Q2_K", false)]
    public void Importance_matrix_as_llama_cpp_asks_for_it(string name, bool required) =>
        Assert.Equal(required, QuantizationCatalog.Find(name)!.RequiresImportanceMatrix);

    [Fact]
    public void Within_a_format_the_largest_comes_first()
    {
        foreach (var format in QuantizationCatalog.All.GroupBy(spec => spec.Format))
        {
            var bits = format.Select(spec => spec.BitsPerWeight ?? 0).ToArray();
            Assert.Equal(bits.OrderByDescending(bit => bit), bits);
        }
    }

    [Fact]
    public void Loss_is_known_for_what_people_download()
    {
        Assert.Equal(2.428, QuantizationCatalog.Find("Q4_K_M")!.QualityLoss!.Value, 3);
        Assert.Null(QuantizationCatalog.Find("TQ1_0")!.QualityLoss);
        Assert.True(QuantizationCatalog.All.Count(spec => spec.FileTypeId is not null) >= 36);
    }
}
