using ModelFit.Capacity;
using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Speed;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Capacity;

/// <summary>The queues' formulas against a simulation of what a server does.</summary>
public sealed class QueueTests
{
    private const int Requests = 4000, ManyRequests = 20_000;

    /// <summary>Cards, model, prompt, answer, slots: short and long prompts, few and many slots.</summary>
    private static readonly (string Gpu, string Model, int Prompt, int Answer, int Slots)[] Servers =
    {
        ("RTX 3090", "llama-3.1-8b", 512, 256, 8), ("RTX 4090", "qwen3-8b", 4096, 512, 4),
        ("RTX 5090", "qwen3-30b-a3b", 1024, 128, 16), ("RTX 3060 12GB", "llama-3.2-3b", 256, 400, 1),
        ("2x RTX 3090", "qwen3-32b", 2048, 300, 6),
    };

    public static TheoryData<int, double> Loads => new(
        from server in Enumerable.Range(0, Servers.Length)
        from load in new[] { 0.3, 0.6, 0.8 }
        select (server, load));

    [Theory]
    [MemberData(nameof(Loads))]
    public void Random_arrivals_wait_as_long_as_in_the_simulation(int server, double load)
    {
        var (curve, slots) = (CurveOf(server), Servers[server].Slots);
        var arrivals = load * curve.RequestsPerSecond(slots);
        var state = OpenQueue.Of(curve, slots, arrivals, 95);
        var runs = Enumerable.Range(1, 4)
            .Select(seed => BatchSimulation.Open(curve, slots, arrivals, ManyRequests, seed)).ToArray();
        var (mean, late) = (runs.Average(run => run.FirstTokens.Average()), runs.Average(run => run.Percentile(95)));
        Assert.InRange(state.MeanFirstTokenSeconds / mean, 0.85, 1.5);
        Assert.InRange(state.FirstTokenSeconds / late, 0.75, 1.6);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 8)]
    [InlineData(0, 20)]
    [InlineData(1, 4)]
    [InlineData(2, 16)]
    [InlineData(2, 5)]
    [InlineData(3, 3)]
    [InlineData(4, 6)]
    public void Users_wait_as_long_as_in_the_simulation(int server, int users)
    {
        var (curve, slots) = (CurveOf(server), Servers[server].Slots);
        var state = ClosedQueue.Of(curve, slots, users, 95);
        var run = BatchSimulation.Closed(curve, slots, users, Requests, 7);
        Assert.InRange(state.RequestsPerSecond / run.Rate, 0.95, 1.05);
        Assert.InRange(state.MeanFirstTokenSeconds / run.FirstTokens.Average(), 0.9, 1.1);
        Assert.InRange(state.FirstTokenSeconds / run.Percentile(95), 0.7, 1.15);
        Assert.Equal(users > slots, state.IsSaturated);
    }

    [Fact]
    public void Overload_is_told_wherever_the_queue_grows_without_end()
    {
        var random = new Random(21);
        for (var i = 0; i < 200; i++)
        {
            var server = random.Next(Servers.Length);
            var (curve, slots) = (CurveOf(server), random.Next(1, Servers[server].Slots + 1));
            var load = i % 2 == 0 ? 1.02 + (3 * random.NextDouble()) : 0.05 + (0.9 * random.NextDouble());
            var state = OpenQueue.Of(curve, slots, load * curve.RequestsPerSecond(slots), 95);
            Assert.Equal(load >= 1, state.IsSaturated);
            Assert.Equal(load >= 1, double.IsInfinity(state.WaitSeconds));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void What_is_called_saturated_grows_in_the_simulation_and_what_is_not_does_not(int server)
    {
        var (curve, slots) = (CurveOf(server), Servers[server].Slots);
        var most = curve.RequestsPerSecond(slots);
        Assert.True(BatchSimulation.Open(curve, slots, 1.3 * most, Requests, 3).Waiting > Requests / 10);
        Assert.True(BatchSimulation.Open(curve, slots, 0.8 * most, Requests, 3).Waiting < Requests / 20);
    }

    private static readonly Dictionary<int, ServiceCurve> Curves = new();

    private static ServiceCurve CurveOf(int server)
    {
        lock (Curves)
        {
            if (Curves.TryGetValue(server, out var known)) return known;
            var (gpu, model, prompt, answer, slots) = Servers[server];
            var fit = FitCase.Of(
                new FitQuestion
                {
                    Model = ModelCatalog.Resolve(model, NullSink.Instance),
                    Machine = Machines.Of(gpu, 64),
                    Options = new RuntimeOptions { ContextLength = prompt + answer, ParallelSequences = slots },
                    Load = new ServingLoad { PromptLength = prompt },
                },
                NullSink.Instance);
            return Curves[server] = PlacementSpeed.Curve(fit, Decision.Judge(fit).Placed, answer, NullSink.Instance)!;
        }
    }
}
