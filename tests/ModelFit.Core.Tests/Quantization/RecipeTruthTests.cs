using ModelFit.Catalog;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Quantization;

/// <summary>The listed files against their recipes; <c>docs/internals/accuracy.md</c> has the table.</summary>
public sealed class RecipeTruthTests
{
    private static readonly Lazy<IReadOnlyList<RecipeError>> Errors = RecipeTruth.Measured;

    private static readonly Lazy<IReadOnlyList<PublishedAnswer>> Answers = PublishedTruth.Measured;

    [Theory]
    [InlineData("standard mixes", 0.003, 0.88)]
    [InlineData("UD of MoE models since 2026", 0.005, 0.95)]
    [InlineData("UD of other models", 0.015, 0.88)]
    [InlineData("_L and _XL of dense models", 0.001, 0.90)]
    [InlineData("unsloth's plain mixes of 2026", 0.015, 0.95)]
    [InlineData("publishers' own mixes", 0.05, 0.60)]
    public void Recipes_size_files_as_they_are_published(string group, double median, double withinFivePercent)
    {
        var figure = RecipeTruth.Figures(Errors.Value).Single(one => one.Group == group);
        Assert.True(figure.Files > 0);
        Assert.True(figure.Median <= median, figure.ToString());
        Assert.True(figure.WithinFivePercent >= withinFivePercent, figure.ToString());
    }

    /// <summary>
    /// Of all files of a kind, one without an answer being further off than any. Of five publishers of _L files one has
    /// a model whose name says only 7B.
    /// </summary>
    [Theory]
    [InlineData("standard mixes", double.PositiveInfinity, 0.41)]
    [InlineData("UD of MoE models since 2026", 0.005, 0.95)]
    [InlineData("UD of other models", 0.015, 0.88)]
    [InlineData("_L and _XL of dense models", 0.001, 0.65)]
    [InlineData("publishers' own mixes", 0.05, 0.50)]
    public void Files_are_sized_by_their_names_alone(string group, double median, double withinFivePercent)
    {
        var figure = PublishedTruth.Figure(group, [.. Answers.Value.Where(answer => answer.Group == group)]);
        Assert.True(figure.Files > 0);
        Assert.True(figure.Median <= median, figure.ToString());
        Assert.True(figure.WithinFivePercent >= withinFivePercent, figure.ToString());
    }

    [Fact]
    public void Nothing_that_is_called_exact_is_off() => Assert.DoesNotContain(
        Answers.Value, answer => answer is { Accuracy: Accuracy.Exact, Error: not null, Off: > 0.005 });

    /// <summary>Sizes of the hub, 2024 to 2026: Qwen's own small files keep the tied output apart.</summary>
    [Theory]
    [InlineData("Qwen/Qwen2.5-0.5B-Instruct-GGUF", "Q8_0", 675710816)]
    [InlineData("Qwen/Qwen2.5-1.5B-Instruct-GGUF", "Q8_0", 1894532128)]
    [InlineData("Qwen/Qwen2.5-3B-Instruct-GGUF", "Q5_0", 2384387840)]
    public void An_output_that_a_publisher_keeps_apart_is_counted(string repository, string quantization, long bytes)
    {
        var error = Errors.Value.Single(error => error.File.Repository == repository
            && error.File.Quantization == quantization && error.File.FileBytes == bytes);
        Assert.InRange(error.Error, -0.005, 0.005);
    }

    /// <summary>Sizes of the hub, August 2025: what the one who made a file kept, as its name says who that was.</summary>
    [Theory]
    [InlineData("someone/Qwen3-0.6B-Q8_0-GGUF/qwen3-0.6b-q8_0.gguf", 804753568)]
    [InlineData("someone/Qwen3-0.6B-Finetune-Q8_0-GGUF/qwen3-0.6b-finetune-q8_0.gguf", 639447744)]
    [InlineData("someone/20b/gpt-oss-20b-Q8_0.gguf", 12109565024)]
    [InlineData("someone/gpt-oss-20b-function-calling-gguf/gpt-oss-20b-function-calling-f16.gguf", 41860888000)]
    [InlineData("someone/my-gemma-3n-E4B-it-gguf/my-gemma-3n-E4B-it.Q8_0.gguf", 7303625600)]
    [InlineData("someone/my-gemma-3n-E4B-it-Q8_0-GGUF/my-gemma-3n-e4b-it-q8_0.gguf", 7353292544)]
    [InlineData("mradermacher/my-gemma-3n-E4B-it-GGUF/my-gemma-3n-E4B-it.Q8_0.gguf", 7353293024)]
    [InlineData("ZeroWw/Qwen3-4B-Thinking-2507-GGUF/Qwen3-4B-Thinking-2507.q6_k.gguf", 3765107648)]
    public void A_file_is_sized_as_its_name_says_who_made_it(string name, long bytes)
    {
        const double header = 0.012;
        var model = PublishedModels.Resolve(name, NullSink.Instance);
        var weights = ((PublishedLayout)model.Layout!).Recipe(model.Quantization!).WeightBytes;
        Assert.InRange(weights, (long)(bytes * (1 - header)), bytes);
        Assert.InRange(bytes - weights, 0, 14_000_000);
    }

    /// <summary>A header is 80 bytes a token at most: half a percent of all but the smallest models.</summary>
    [Fact]
    public void No_listed_file_that_is_called_exact_is_off()
    {
        var off = Errors.Value.Where(error => error.Accuracy == Accuracy.Exact
            && Math.Abs(error.Error) > 0.005 && error.File.FileBytes > 4_000_000_000L);
        Assert.Empty(off.Select(error => $"{error.File} {error.Error:p2}"));
    }
}
