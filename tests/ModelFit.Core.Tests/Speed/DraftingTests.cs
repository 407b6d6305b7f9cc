using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Hardware;
using ModelFit.Speed;
using Xunit;

namespace ModelFit.Core.Tests.Speed;

/// <summary>What drafting is predicted to gain.</summary>
public sealed class DraftingTests
{
    /// <summary>Leviathan and others 2023, table of equation 1.</summary>
    [Theory]
    [InlineData(3, 0.7, 2.533)]
    [InlineData(4, 0.8, 3.3616)]
    [InlineData(3, 1.0, 4)]
    [InlineData(3, 0.0, 1)]
    public void A_step_gives_the_accepted_tokens_and_one_more(int tokens, double acceptance, double expected) =>
        Assert.Equal(expected, new Drafting(tokens, acceptance, [], default).TokensPerStep, 0.001);

    [Fact]
    public void A_small_draft_model_gains_and_a_large_one_does_not()
    {
        var alone = Measure("Qwen/Qwen3-32B", null);
        var small = Measure("Qwen/Qwen3-32B", "Qwen/Qwen3-0.6B");
        var large = Measure("Qwen/Qwen3-32B", "Qwen/Qwen3-14B");
        Assert.InRange(small.Expected / alone.Expected, 1.3, 2.5);
        Assert.True(large.Expected < small.Expected);
        Assert.True(large.Expected < 1.2 * alone.Expected);
        Assert.True(small.High / small.Low > alone.High / alone.Low);
    }

    [Fact]
    public void Many_users_gain_less()
    {
        double Gain(int users) => Measure("Qwen/Qwen3-32B", "Qwen/Qwen3-0.6B", users).Expected
            / Measure("Qwen/Qwen3-32B", null, users).Expected;
        Assert.True(Gain(8) < Gain(1));
    }

    [Fact]
    public void The_models_own_layer_gains_and_the_answer_says_what_is_assumed()
    {
        var plain = Answer("Qwen/Qwen3.6-27B", null, 1, options => options);
        var own = Answer("Qwen/Qwen3.6-27B", null, 1, options => options with
        {
            LoadMtp = true, Speculation = new Speculation { Tokens = 3 },
        });
        Assert.InRange(own.DecodeTokensPerSecond!.Value / plain.DecodeTokensPerSecond!.Value, 1.3, 2.8);
        Assert.Contains("tokens are accepted, 3 are drafted at once", own.Assumptions, StringComparison.Ordinal);
        Assert.DoesNotContain("drafted", plain.Assumptions ?? string.Empty, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_such_a_layer_gains_nothing()
    {
        var plain = Answer("Qwen/Qwen3-32B", null, 1, options => options);
        var own = Answer("Qwen/Qwen3-32B", null, 1, options => options with { Speculation = new Speculation() });
        Assert.Equal(plain.DecodeTokensPerSecond!.Value, own.DecodeTokensPerSecond!.Value, 0.5);
    }

    private static SpeedFigure Measure(string model, string? draft, int users = 1)
    {
        var answer = Answer(model, draft, users, options => options);
        return new SpeedFigure(
            answer.DecodeTokensPerSecondLow!.Value,
            answer.DecodeTokensPerSecond!.Value,
            answer.DecodeTokensPerSecondHigh!.Value);
    }

    private static ModelFitResult Answer(
        string model, string? draft, int users, Func<RuntimeOptions, RuntimeOptions> change)
    {
        var cards = GpuCatalog.ResolveMany("RTX PRO 6000 Blackwell Workstation Edition", null, NullSink.Instance);
        var question = new FitQuestion
        {
            Model = ModelCatalog.Resolve(model, NullSink.Instance),
            Quantization = "Q4_K_M",
            Machine = MachineSpecs.Create(cards, 128L << 30, GpuCatalogLookup.Instance),
            Draft = draft is null ? null : new DraftModel(ModelCatalog.Resolve(draft, NullSink.Instance), "Q4_K_M"),
            Options = change(new RuntimeOptions { ContextLength = 8192, ParallelSequences = users }),
            Load = new ServingLoad { ActiveSequences = users },
        };
        return FitEngine.Test(question, NullSink.Instance);
    }
}
