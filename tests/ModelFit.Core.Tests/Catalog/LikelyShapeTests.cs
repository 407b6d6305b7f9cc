using ModelFit.Catalog;
using Xunit;

namespace ModelFit.Core.Tests.Catalog;

/// <summary>Published files whose names say a size and no known model.</summary>
public sealed class LikelyShapeTests
{
    /// <summary>
    /// Sizes of the hub, August 2025 (public lists): merges of Mistral Small 3, Mistral Nemo and Llama 2.
    /// </summary>
    [Theory]
    [InlineData("Delta-Vector/Unheard-Of-24B-GGUF:Q4_K_M", "mistral", 23.5e9, 23.7e9)]
    [InlineData("mradermacher/Unheard-Of-12B-i1-GGUF:i1-Q4_K_M", "nemo", 12.2e9, 12.3e9)]
    [InlineData("someone/Unheard-Of-8B-GGUF:Q4_K_M", "llama", 8.0e9, 8.1e9)]
    [InlineData("someone/Unheard-Of-13B-GGUF/unheard-of-13b.Q5_K_M.gguf", "llama", 13.0e9, 13.1e9)]
    [InlineData("unheard-of-24b.Q8_0.gguf", "mistral", 23.5e9, 23.7e9)]
    public void A_published_file_of_a_size_is_what_most_files_of_it_are(
        string name, string model, double least, double most)
    {
        var found = PublishedModels.Resolve(name, NullSink.Instance);
        Assert.InRange(found.ParameterCount!.Value, least, most);
        Assert.Contains(model, found.Source, StringComparison.OrdinalIgnoreCase);
        var assumptions = new System.Collections.Generic.List<string>();
        var defined = PublishedModels.Layout(found)!.Define(found.Quantization ?? "Q4_K_M", assumptions);
        Assert.Equal(Accuracy.Approximate, defined.Accuracy);
        Assert.Contains(assumptions, text => text.Contains(" % of ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_is_asked_again_by_the_name_that_the_answer_has()
    {
        var found = PublishedModels.Resolve("unheard-of-24b.Q8_0.gguf", NullSink.Instance);
        Assert.Equal(
            found.ParameterCount, PublishedModels.Resolve(found.Name, NullSink.Instance).ParameterCount);
    }

    [Theory]
    [InlineData("Unheard-Of-24B")]
    [InlineData("unheard of 12b")]
    [InlineData("Unheard-Of-13B:Q4_K_M")]
    public void A_name_that_is_only_typed_is_not_guessed(string name) =>
        Assert.Equal(
            ErrorIds.ModelNotFound,
            Assert.Throws<ModelFitException>(() => PublishedModels.Resolve(name, NullSink.Instance)).ErrorId);

    [Theory]
    [InlineData("mradermacher/Unheard-Of-7B-GGUF:Q4_K_M", "Mistral-7B")]
    [InlineData("unheard-of-3b.Q4_K_M.gguf", "Llama-3.2-3B")]
    [InlineData("someone/unheard-of/unsloth.Q4_K_M.gguf", "Llama-3-8B")]
    public void Without_a_clear_majority_the_candidates_are_named(string name, string candidate)
    {
        var error = Assert.Throws<ModelFitException>(() => PublishedModels.Resolve(name, NullSink.Instance));
        Assert.Equal(ErrorIds.ModelNotFound, error.ErrorId);
        Assert.Contains(candidate, error.Message, StringComparison.Ordinal);
        Assert.Contains(" %", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("someone/Unheard-Gemma-24B-GGUF:Q4_K_M")]
    [InlineData("someone/unheardphi-24b-GGUF/phi-unheard-24b.Q4_K_M.gguf")]
    public void What_says_another_brand_is_not_taken_for_what_most_are(string name) => Assert.Equal(
        ErrorIds.ModelNotFound,
        Assert.Throws<ModelFitException>(() => PublishedModels.Resolve(name, NullSink.Instance)).ErrorId);

    [Theory]
    [InlineData("someone/wan2.2-i2v-unheard-14B-GGUF:Q4_K_M")]
    [InlineData("someone/flux-unheard-12b-GGUF:Q8_0")]
    public void A_model_of_pictures_is_not_taken_for_one_of_language(string name) =>
        Assert.Equal(
            ErrorIds.ModelNotFound,
            Assert.Throws<ModelFitException>(() => PublishedModels.Resolve(name, NullSink.Instance)).ErrorId);

    [Fact]
    public void A_file_that_says_its_model_is_that_model_whatever_its_repository_is_called()
    {
        var found = PublishedModels.Resolve("LK7/gemma3/Qwen3-14B-Q8_0.gguf", NullSink.Instance);
        Assert.InRange(found.ParameterCount!.Value, 14.7e9, 14.8e9);
    }

    [Fact]
    public void Every_line_names_models_of_the_catalog() => Assert.All(
        LikelyShapes.All.SelectMany(row => row.Shares),
        share => Assert.True(ModelCatalog.KnowsOne(share.Model), share.Model));
}
