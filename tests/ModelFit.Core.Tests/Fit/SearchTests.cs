using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Fit;

/// <summary>What is searched holds when it is asked again, and one step further does not.</summary>
public sealed class SearchTests
{
    private static readonly string[] Order = ["NoFit", "Offload", "Tight", "Fits"];

    private static readonly string[] Models =
    [
        "qwen3-8b", "qwen3-30b-a3b", "llama-3.1-8b", "gemma-3-12b-it", "gpt-oss-20b", "granite-4.0-h-tiny",
    ];

    public static TheoryData<string, string, double> Questions
    {
        get
        {
            var random = new Random(7);
            var data = new TheoryData<string, string, double>();
            var machines = new[] { "RTX 3060 12GB", "RTX 4060 Ti 8GB", "2x RTX 3060 12GB", "RTX 3090 + RTX 3060 12GB" };
            foreach (var model in Models)
                data.Add(model, machines[random.Next(machines.Length)], random.Next(4, 33));
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public void The_longest_context_holds_and_the_next_does_not(string model, string gpus, double systemMemoryGib)
    {
        var question = Question(model, gpus, systemMemoryGib);
        var result = FitEngine.Test(question, NullSink.Instance);
        if (result.MaxContextLength is not { } longest) return;
        Assert.True(Rank(WithContext(question, longest)) >= Least(result));
        if (longest < question.Model.TrainedContextLength)
            Assert.True(Rank(WithContext(question, longest + 256)) < Least(result));
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public void The_most_sequences_hold_and_one_more_does_not(string model, string gpus, double systemMemoryGib)
    {
        var question = Question(model, gpus, systemMemoryGib);
        var result = FitEngine.Test(question, NullSink.Instance);
        if (result.MaxParallelSequences is not { } most) return;
        Assert.True(Rank(WithSequences(question, most)) >= Least(result));
        if (most < 256) Assert.True(Rank(WithSequences(question, most + 1)) < Least(result));
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public void The_largest_quantization_holds_and_larger_ones_do_not(
        string model, string gpus, double systemMemoryGib)
    {
        var question = Question(model, gpus, systemMemoryGib);
        var result = FitEngine.Test(question, NullSink.Instance);
        var ladder = QuantizationLadder.Of(question);
        var holding = ladder.Where(name => Rank(question with { Quantization = name }) >= Least(result));
        Assert.Equal(holding.FirstOrDefault(), result.LargestQuantization);
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public void More_memory_never_makes_the_verdict_worse(string model, string gpus, double systemMemoryGib)
    {
        var random = new Random(model.Length);
        var question = Question(model, gpus, systemMemoryGib);
        var (card, host) = (2.0, 1.0);
        var last = -1;
        for (var step = 0; step < 6; step++)
        {
            var rank = Rank(question with { Machine = Machines.OfSizes(host, card) });
            Assert.True(rank >= last, $"{card} GiB and {host} GiB: {Order[rank]} after {Order[Math.Max(0, last)]}");
            last = rank;
            card *= 1 + random.NextDouble();
            host *= 1 + random.NextDouble();
        }
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public void What_devices_carry_adds_up(string model, string gpus, double systemMemoryGib)
    {
        var question = Question(model, gpus, systemMemoryGib);
        foreach (var plan in FitEngine.PlanAll(question, new PlanOptions(), NullSink.Instance))
        {
            foreach (var device in plan.Devices)
            {
                Assert.Equal(
                    device.TotalBytes,
                    device.WeightBytes + device.KvCacheBytes + device.ComputeBytes + device.OverheadBytes);
                Assert.Equal(device.HeadroomBytes, device.AvailableBytes - device.TotalBytes);
            }

            Assert.Equal(plan.HostBytes, plan.Devices[^1].TotalBytes);
            var weights = FitEngine.Test(question, NullSink.Instance).WeightBytes;

            // A card pads the rows of some types, system memory does not.
            Assert.True(plan.Devices.Sum(device => device.WeightBytes) >= 0.9999 * weights);
        }
    }

    [Theory]
    [InlineData("Fits", PlanTrades.None, "qwen3-8b", 24)]
    [InlineData("Fits", PlanTrades.ContextReduction, "qwen3-8b", 7)]
    [InlineData("Fits", PlanTrades.LowerQuantization, "qwen3-14b", 10)]
    [InlineData("Offload", PlanTrades.None, "qwen3-14b", 8)]
    public void What_may_be_traded_is_traded_and_said(string verdict, PlanTrades allow, string model, double cardGib)
    {
        var question = new FitQuestion
        {
            Model = ModelCatalog.Resolve(model, NullSink.Instance),
            Machine = Machines.OfSizes(64, cardGib),
            Options = new RuntimeOptions { ContextLength = 16384 },
        };
        var plan = FitEngine.Plan(question, new PlanOptions { Allow = allow }, NullSink.Instance);
        Assert.Equal(verdict, plan.Verdict);
        Assert.Equal(allow != PlanTrades.None, plan.Reason.Contains("Traded:", StringComparison.Ordinal));
    }

    private static FitQuestion Question(string model, string gpus, double systemMemoryGib) => new()
    {
        Model = ModelCatalog.Resolve(model, NullSink.Instance),
        Machine = Machines.Of(gpus, systemMemoryGib),
    };

    private static FitQuestion WithContext(FitQuestion question, int tokens) =>
        question with { Options = question.Options with { ContextLength = tokens } };

    private static FitQuestion WithSequences(FitQuestion question, int sequences) =>
        question with { Options = question.Options with { ParallelSequences = sequences } };

    private static int Rank(FitQuestion question) =>
        Array.IndexOf(Order, FitEngine.Test(question, NullSink.Instance).Verdict);

    private static int Least(ModelFitResult result) => Math.Max(1, Array.IndexOf(Order, result.Verdict));
}
