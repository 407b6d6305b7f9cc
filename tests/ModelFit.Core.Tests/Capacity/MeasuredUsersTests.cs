using ModelFit.Capacity;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Capacity;

/// <summary>
/// Rates of users against published runs of llama-server and vLLM with 1 to 32 users; tests/data/speed names the
/// sources. The constants of speed were fitted with these runs among others: they are left in.
/// </summary>
public sealed class MeasuredUsersTests
{
    private const int MostUsers = 32;

    [Theory]
    [InlineData(ModelRuntime.LlamaCpp, "Cuda", 100)]
    [InlineData(ModelRuntime.Vllm, "Vllm", 500)]
    public void The_rate_of_each_user_is_as_near_as_the_plan_says(ModelRuntime runtime, string engine, int least)
    {
        var errors = UserRun.Read(MostUsers).Where(run => run.Runtime == runtime)
            .Select(run => run.Predict() / run.TokensPerSecond - 1).OfType<double>().Select(Math.Abs).Order().ToArray();
        var said = MeasuredUsers.Find(engine)!;
        Assert.True(errors.Length >= least, $"{errors.Length} runs");
        Assert.InRange(errors[errors.Length / 2], 0, 0.20);
        Assert.Equal(
            (errors.Length, Percent(errors[errors.Length / 2]), Percent(errors[errors.Length * 9 / 10])),
            (said.Runs, said.Median, said.Ninety));
    }

    /// <summary>
    /// vLLM multiplies with the vendor's libraries, so cards whose tensor cores and memory are far ahead of their other
    /// cores (H100, H200) are as near as those that the constants come from.
    /// </summary>
    [Fact]
    public void Cards_with_high_bandwidth_memory_are_as_near()
    {
        var runs = UserRun.Read(MostUsers)
            .Where(run => run.Runtime == ModelRuntime.Vllm && run.Card.Contains(" H", StringComparison.Ordinal)).ToArray();
        var errors = runs.Select(run => run.Predict() / run.TokensPerSecond - 1).OfType<double>().Order().ToArray();
        Assert.True(errors.Length >= 12, $"{errors.Length} runs");
        Assert.InRange(errors[errors.Length / 2], -0.2, 0.2);
        Assert.InRange(errors.Select(Math.Abs).Order().ElementAt(errors.Length / 2), 0, 0.25);
    }

    private static int Percent(double error) => (int)Math.Round(100 * error);
}
