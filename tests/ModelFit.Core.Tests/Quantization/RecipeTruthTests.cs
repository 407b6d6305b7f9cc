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

    /// <summary>A header is 80 bytes a token at most: half a percent of all but the smallest models.</summary>
    [Fact]
    public void No_listed_file_that_is_called_exact_is_off()
    {
        var off = Errors.Value.Where(error => error.Accuracy == Accuracy.Exact
            && Math.Abs(error.Error) > 0.005 && error.File.FileBytes > 4_000_000_000L);
        Assert.Empty(off.Select(error => $"{error.File} {error.Error:p2}"));
    }
}
