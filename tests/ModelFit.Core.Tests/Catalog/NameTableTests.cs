using System.IO;
using ModelFit.Catalog;
using ModelFit.Testing;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Catalog;

/// <summary>
/// Hundreds of names as people write them (<c>tests/data/catalog</c>): none may find a wrong card or model, whatever
/// else changes.
/// </summary>
public sealed class NameTableTests
{
    [Fact]
    public void Every_written_name_of_a_card_stands_for_it_or_for_none()
    {
        var wrong = Rows("gpu-names.tsv").Where(row => Cards(row.Written) != row.Meant)
            .Select(row => $"{row.Written} is {Cards(row.Written)}, not {row.Meant}");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_written_name_of_a_model_stands_for_it_or_for_none()
    {
        var wrong = Rows("model-names.tsv").Where(row => Model(row.Written) != row.Meant)
            .Select(row => $"{row.Written} is {Model(row.Written)}, not {row.Meant}");
        Assert.Empty(wrong);
    }

    /// <summary>Names that public lists have; the shares are those that were asked for.</summary>
    [Fact]
    public void Most_names_of_public_lists_are_found_and_none_is_another()
    {
        Holds(NameTruth.Models(), 0.85);
        Holds(NameTruth.Cards(), 0.8);
        Holds(NameTruth.Quantizations(), 0.8);
    }

    /// <summary>What is refused of quantizations says why, or names what is near.</summary>
    [Fact]
    public void A_quantization_that_nothing_loads_is_refused_with_the_reason()
    {
        Assert.Contains("activations", QuantizationCatalog.NotFound("Q8_K").Message);
        Assert.Contains("MLC-LLM", QuantizationCatalog.NotFound("q4f16_1").Message);
        Assert.Contains("bits for each weight", QuantizationCatalog.NotFound("EXL3").Message);
        Assert.Contains("'Q4_K_M'", QuantizationCatalog.NotFound("Q4_K_N").Message);
    }

    /// <summary>What a mistyped name says has to help: the names it lists are those of the catalog.</summary>
    [Fact]
    public void An_ambiguous_name_lists_names_that_resolve()
    {
        foreach (var (written, _) in Rows("gpu-names.tsv").Where(row => row.Meant == "!GpuAmbiguous"))
        {
            var error = Assert.Throws<ModelFitException>(
                () => GpuCatalog.ResolveMany(written, null, NullSink.Instance));
            var listed = GpuCatalog.All.Where(gpu => error.Message.Contains($"'{gpu.Name}'", StringComparison.Ordinal));
            Assert.True(listed.Count() > 1, error.Message);
        }
    }

    [Theory]
    [InlineData("llama3.3:70b-instruct-q8_0", "Q8_0")]
    [InlineData("qwen2.5:7b-instruct-q4_K_M", "Q4_K_M")]
    [InlineData("Meta-Llama-3-8B-Instruct.Q6_K.gguf", "Q6_K")]
    [InlineData("hf.co/bartowski/google_gemma-3-27b-it-GGUF:IQ3_M", "IQ3_M")]
    [InlineData("Qwen/Qwen3-32B-AWQ", "AWQ")]
    [InlineData("qwen3:8b-fp16", "F16")]
    [InlineData("Qwen3-8B-GGUF", null)]
    [InlineData("Qwen3-30B-A3B-Instruct-2507-UD-Q4_K_XL.gguf", "UD-Q4_K_XL")]
    [InlineData("nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", null)]
    [InlineData("qwen3-8b", null)]
    [InlineData("no-such-model", null)]
    public void A_name_may_say_the_quantization(string name, string? quantization) =>
        Assert.Equal(quantization, ModelCatalog.QuantizationIn(name));

    private static void Holds(IReadOnlyList<NameAnswer> answers, double share)
    {
        Assert.DoesNotContain(answers, answer => answer.IsWrong);
        Assert.True(answers.Count(answer => answer.IsFound) >= share * answers.Count);
    }

    private static string Cards(string text) => Found(
        () => GpuCatalog.Describe(GpuCatalog.ResolveMany(text, null, NullSink.Instance))!,
        error => error.ErrorId);

    private static string Model(string name) => Found(
        () => ModelCatalog.Resolve(name, NullSink.Instance).Name,
        error => error.Message.Contains("different sizes", StringComparison.Ordinal) ? "several" : string.Empty);

    private static string Found(Func<string> find, Func<ModelFitException, string> describe)
    {
        try
        {
            return find();
        }
        catch (ModelFitException error)
        {
            return "!" + describe(error);
        }
    }

    private static IEnumerable<(string Written, string Meant)> Rows(string file) =>
        File.ReadLines(RepositoryFolder.Path("tests", "data", "catalog", file))
            .Where(line => line[0] != '#')
            .Select(line => line.Split('\t'))
            .Select(cells => (cells[0], cells[1]));
}
