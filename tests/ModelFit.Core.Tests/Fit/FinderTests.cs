using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Fit;

/// <summary>The ranking is one that a person could have made: nothing old, untuned or slow at its top.</summary>
public sealed class FinderTests
{
    private const double ReadingSpeed = 5;

    [Theory]
    [InlineData("RTX 3090", null, 9)]
    [InlineData("H100 80GB", null, 27)]
    [InlineData(null, 32.0, 3)]
    public void The_first_ten_are_what_one_would_try(string? gpus, double? memory, double leastBillions)
    {
        var found = Find(gpus, memory);
        var first = found.Take(10).ToArray();
        Assert.Equal(Enumerable.Range(1, found.Count), found.Select(answer => answer.Rank!.Value));
        Assert.Equal(first.Length, first.Select(answer => answer.Model).Distinct().Count());
        Assert.All(first, answer => Assert.False(ModelWorth.IsBase(ModelOf(answer)), answer.Model));
        Assert.All(first, answer => Assert.True(answer.DecodeTokensPerSecond is null or >= ReadingSpeed, answer.Model));
        Assert.All(first, answer => Assert.True(answer.ParameterCount >= leastBillions * 1e9, answer.Model));
        Assert.InRange(first.Count(answer => YearOf(answer) >= 2025), 4, 10);
        Assert.Equal(found.Select(answer => answer.Verdict).Distinct(), found.Select(answer => answer.Verdict)
            .Distinct().OrderBy(verdict => Array.IndexOf(["Fits", "Tight", "Offload"], verdict)));
    }

    [Fact]
    public void A_context_that_was_asked_for_leaves_out_what_cannot_hold_it()
    {
        var found = Find("RTX 4090", null, 65536);
        Assert.NotEmpty(found);
        const int asked = 65536;
        Assert.All(found, answer => Assert.InRange(ModelOf(answer).TrainedContextLength ?? asked, asked, int.MaxValue));
        Assert.All(found, answer => Assert.Equal(asked, answer.ContextLength));
    }

    [Theory]
    [InlineData("Qwen/Qwen3.5-9B-Base", true)]
    [InlineData("swiss-ai/Apertus-8B-2509", true)]
    [InlineData("meta-llama/Meta-Llama-3-70B", true)]
    [InlineData("meta-llama/Meta-Llama-3-70B-Instruct", false)]
    [InlineData("Qwen/Qwen3-8B", false)]
    public void A_model_that_only_continues_text_is_known(string model, bool isBase) =>
        Assert.Equal(isBase, ModelWorth.IsBase(ModelCatalog.Resolve(model, NullSink.Instance)));

    private static IReadOnlyList<ModelFitResult> Find(string? gpus, double? memory, int? context = null) =>
        FitEngine.Find(
            new FitQuestion
            {
                Model = ModelCatalog.All[0],
                Machine = Machines.Of(gpus, memory),
                Options = new RuntimeOptions { ContextLength = context ?? new RuntimeOptions().ContextLength },
            },
            ModelCatalog.All.Where((_, index) => index % 4 == 0),
            null,
            null,
            NullSink.Instance,
            TestContext.Current.CancellationToken);

    private static ModelSpec ModelOf(ModelFitResult answer) =>
        ModelCatalog.All.First(model => model.Name == answer.Model);

    private static int YearOf(ModelFitResult answer) =>
        int.Parse(ModelCatalog.Released(ModelOf(answer))?.Split('-')[0] ?? "2024", CultureInfo.InvariantCulture);
}
