using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Fleet.Buying;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Fleet;

/// <summary>The cheapest changes: as cheap as the cheapest of all combinations, at the given prices alone.</summary>
public sealed class UpgradePlannerTests
{
    private static readonly string[] Gpus =
        ["RTX 3060 12GB", "RTX 3090", "GTX 1660", "RTX 4060 Ti 16GB", "RTX 2070", "RX 6600"];

    private static readonly string[] Models = ["qwen3-8b", "qwen3-14b", "qwen3-32b", "gemma-3-12b", "gpt-oss-20b"];

    [Fact]
    public void Small_fleets_are_changed_as_cheaply_as_exhaustive_search_changes_them()
    {
        var random = new Random(3);
        for (var i = 0; i < 60; i++)
        {
            var machines = Enumerable.Range(0, random.Next(1, 5)).Select(n => Machine(n, random)).ToArray();
            var demand = Demand(Models[random.Next(Models.Length)], random);
            var accepted = Enum.Parse<Verdict>(demand.Accept);
            var prices = UpgradePrices.Of(demand);
            var takesMemory = accepted == Verdict.Offload;
            var options = machines.Select(machine => UpgradeChange
                .Of(machine, prices, demand.Quantizations, takesMemory)
                .Where(change => Passes(change, demand, accepted)).Select(change => change.Price).ToArray()).ToArray();
            var needed = (int)Math.Ceiling((demand.Share * machines.Length) - 1e-9);
            var best = Cheapest(options, 0, 0, 0, needed);
            var sink = new RecordingSink();
            var lines = UpgradePlanner.Plan(machines, demand, sink, stop: TestContext.Current.CancellationToken);
            if (best is { } price)
            {
                Assert.Equal(price, lines[0].TotalPrice!.Value, 6);
                Assert.True(lines[0].ReachedShare >= demand.Share - 1e-9);
            }
            else
            {
                Assert.True(lines[0].ReachedShare < demand.Share);
            }
        }
    }

    [Fact]
    public void Only_what_has_a_price_is_bought()
    {
        var machine = Machines.Of("RTX 3060 12GB", 32) with { ComputerName = "PC" };
        var demand = Demand("qwen3-32b", null) with { Prices = new Dictionary<string, double>() };
        var line = UpgradePlanner.Plan([machine], demand, NullSink.Instance,
            stop: TestContext.Current.CancellationToken).Single();
        Assert.Equal("None", line.Action);
        Assert.Null(line.Price);
        var priced = demand with { Prices = new Dictionary<string, double> { ["RTX 3090"] = 700, ["Power"] = 0.3 } };
        var bought = UpgradePlanner.Plan([machine], priced, NullSink.Instance,
            stop: TestContext.Current.CancellationToken).Single();
        Assert.Equal(("Change", 700.0), (bought.Action, bought.Price!.Value));
        Assert.Contains("guess: ", bought.Assumptions, StringComparison.Ordinal);
        Assert.Equal(bought.JoulesPerToken!.Value / 3.6 * 0.3, bought.CostPerMillionTokens!.Value, 9);
    }

    [Theory]
    [InlineData("RTX 99999", ErrorIds.GpuNotFound)]
    public void A_price_of_something_unknown_is_refused(string name, string error)
    {
        var demand = Demand("qwen3-8b", null) with { Prices = new Dictionary<string, double> { [name] = 1 } };
        var failure = Assert.Throws<ModelFitException>(() =>
            UpgradePlanner.Plan([Machines.Of("RTX 3090", 32)], demand, NullSink.Instance,
                stop: TestContext.Current.CancellationToken));
        Assert.Equal(error, failure.ErrorId);
    }

    private static MachineSpec Machine(int number, Random random)
    {
        var gpu = random.Next(8) == 0 ? null : Gpus[random.Next(Gpus.Length)];
        return Machines.Of(gpu, 16 << random.Next(3)) with { ComputerName = $"PC{number}" };
    }

    private static UpgradeDemand Demand(string model, Random? random) => new()
    {
        Question = new FitQuestion
        {
            Model = ModelCatalog.Resolve(model, NullSink.Instance),
            Load = new ServingLoad { MinimumTokensPerSecond = random?.Next(3) == 0 ? 12 : null },
        },
        Share = random is null ? 1 : 0.25 + (0.75 * random.NextDouble()),
        Accept = random?.Next(2) == 0 ? "Offload" : "Fits",
        Quantizations = random?.Next(3) == 0 ? ["Q3_K_M"] : [],
        Prices = random is null ? new Dictionary<string, double>() : new Dictionary<string, double>
        {
            ["RTX 3090"] = random.Next(400, 900),
            ["RTX 4060 Ti 16GB"] = random.Next(300, 600),
            ["SystemMemory"] = random.Next(2, 9),
        },
    };

    private static bool Passes(UpgradeChange change, UpgradeDemand demand, Verdict accepted)
    {
        var answer = FitEngine.Test(UpgradeAnswers.After(demand, change), NullSink.Instance);
        return Enum.Parse<Verdict>(answer.Verdict) >= accepted
            && !(answer.DecodeTokensPerSecond < demand.Question.Load.MinimumTokensPerSecond);
    }

    /// <summary>Every choice of a change, or none, for every machine.</summary>
    private static double? Cheapest(double[][] options, int machine, int passing, double price, int needed)
    {
        if (machine == options.Length) return passing >= needed ? price : null;
        var best = Cheapest(options, machine + 1, passing, price, needed);
        foreach (var one in options[machine])
        {
            var other = Cheapest(options, machine + 1, passing + 1, price + one, needed);
            if (other is not null && !(best <= other)) best = other;
        }

        return best;
    }
}
