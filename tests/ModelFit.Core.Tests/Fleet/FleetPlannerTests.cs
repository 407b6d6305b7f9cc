using System.Globalization;
using ModelFit.Fit;
using ModelFit.Fleet.Placing;
using ModelFit.Testing;
using Xunit;
using static ModelFit.Testing.RandomFleets;

namespace ModelFit.Core.Tests.Fleet;

/// <summary>Placement over machines: never over a card, as good as the best, refusals that say what misses.</summary>
public sealed class FleetPlannerTests
{
    [Fact]
    public void Small_fleets_are_filled_as_exhaustive_search_fills_them()
    {
        var random = new Random(5);
        for (var i = 0; i < 100; i++)
        {
            var machines = RandomFleets.Fleet(random, random.Next(1, 5));
            var demands = Demands(random, random.Next(1, 4), mostReplicas: 2, mayPin: machines);
            var objective = (FleetObjective)(i % 2);
            var spread = (FleetSpread)random.Next(3);
            var lines = FleetPlanner.Plan(machines, demands, objective, spread, NullSink.Instance,
                stop: TestContext.Current.CancellationToken);
            var best = Exhaustive.Best(machines, demands, objective, spread);
            Assert.Equal(best.Unplaced, lines.Count(line => !line.IsPlaced));
            Assert.Equal(best.Cost, Cost(machines, lines, objective), 6);
        }
    }

    [Fact]
    public void No_card_of_random_plans_is_over_its_limit() =>
        Assert.Empty(Enumerable.Range(0, 2000).Select(RandomFleets.Problem).OfType<string>().Take(5));

    [Fact]
    public void A_refusal_names_the_closest_card_and_the_bytes_that_miss()
    {
        LabelledMachine[] machines = [Machine("A", "RTX 3060 12GB", null), Machine("B", "RTX 4060 Ti 16GB", null)];
        FleetDemand[] demands = [Demand("qwen3-32b", 1)];
        var line = Fewest(machines, demands, FleetSpread.None).Single();
        Assert.False(line.IsPlaced);
        Assert.Equal("B", line.ClosestComputerName);
        var answer = FitEngine.Test(demands[0].Question with { Machine = machines[1].Machine }, NullSink.Instance);
        Assert.Equal(answer.HeadroomBytes - FitQuestion.DefaultReserveBytes, line.HeadroomBytes);
        Assert.Contains(
            (-line.HeadroomBytes!.Value).ToString(CultureInfo.InvariantCulture),
            line.Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Replicas_are_spread_pinned_and_started_side_by_side()
    {
        LabelledMachine[] machines =
        [
            Machine("A1", "RTX 4090", "A"), Machine("A2", "RTX 4090", "A"), Machine("B1", "RTX 4090", "B"),
        ];
        FleetDemand[] demands = [Demand("qwen3-4b", 2), Demand("llama-3.2-3b", 1) with { Pins = ["A2"] }];
        var lines = Fewest(machines, demands, FleetSpread.Label);
        Assert.All(lines, line => Assert.True(line.IsPlaced));
        Assert.Equal(["A", "B"], lines.Take(2).Select(line => line.Label!).Order());
        Assert.Equal("A2", lines[2].ComputerName);
        Assert.Equal(2, lines.Select(line => line.ComputerName).Distinct().Count());
        var shared = lines.Where(line => line.ComputerName == "A2").Select(line => line.CommandLine!).ToArray();
        Assert.Single(shared, line => line.Contains("--port 8081", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_that_no_card_holds_goes_over_several()
    {
        LabelledMachine[] machines = [Machine("A", "2x RTX 3090", null)];
        var line = Fewest(machines, [Demand("llama-3.3-70b", 1)], FleetSpread.None).Single();
        Assert.True(line.IsPlaced);
        Assert.Equal("0,1", line.Cards);
        Assert.NotNull(line.CommandLine);
    }

    private static IReadOnlyList<FleetPlacement> Fewest(
        IReadOnlyList<LabelledMachine> machines, IReadOnlyList<FleetDemand> demands, FleetSpread spread) =>
        FleetPlanner.Plan(machines, demands, FleetObjective.FewestMachines, spread, NullSink.Instance);

    /// <summary>Every way to place every replica, the best of them kept.</summary>
    private sealed class Exhaustive
    {
        private readonly IReadOnlyList<FleetNode> _nodes;
        private readonly FleetNeeds _needs = new();
        private readonly FleetItem[] _items;
        private readonly FleetObjective _objective;
        private readonly Func<FleetNode, string> _label;
        private readonly int _labels;
        private readonly FleetSpread _spread;
        private (int Unplaced, double Cost) _best = (int.MaxValue, 0);

        private Exhaustive(
            IReadOnlyList<LabelledMachine> machines,
            IReadOnlyList<FleetDemand> demands,
            FleetObjective objective,
            FleetSpread spread)
        {
            _nodes = FleetPlanner.Nodes(machines, demands);
            _items = demands.SelectMany((demand, model) => Enumerable.Range(1, demand.Replicas)
                .Select(replica => new FleetItem(demand, model, replica))).ToArray();
            (_objective, _spread) = (objective, spread);
            _label = node => spread == FleetSpread.Label ? node.Label : $"#{node.Index}";
            _labels = _nodes.Select(_label).Distinct().Count();
        }

        public static (int Unplaced, double Cost) Best(
            IReadOnlyList<LabelledMachine> machines,
            IReadOnlyList<FleetDemand> demands,
            FleetObjective objective,
            FleetSpread spread)
        {
            var search = new Exhaustive(machines, demands, objective, spread);
            search.Try(0, 0);
            return search._best;
        }

        private void Try(int at, int unplaced)
        {
            if (at == _items.Length)
            {
                var cost = _objective == FleetObjective.FewestMachines
                    ? _nodes.Count(node => node.Carried.Count > 0)
                    : _nodes.Sum(node => node.Room.Cards.Select((card, place) => node.Carried
                        .Any(carried => carried.Need.Cards.Contains(card.Index)) ? node.Watts[place] : 0).Sum());
                if ((unplaced, cost).CompareTo(_best) < 0) _best = (unplaced, cost);
                return;
            }

            var item = _items[at];
            foreach (var node in _nodes)
            {
                if (item.Demand.Pins.Count > 0 && !item.Demand.Pins.Contains(node.Spec.ComputerName!)) continue;
                var most = (item.Demand.Replicas + _labels - 1) / _labels;
                if (_spread != FleetSpread.None && _nodes.Where(other => _label(other) == _label(node))
                    .Sum(other => other.Carried.Count(carried => carried.Item.Model == item.Model)) >= most) continue;
                foreach (var need in _needs.Of(item, node).ToArray())
                {
                    node.Add(item, need);
                    Try(at + 1, unplaced);
                    node.RemoveLast();
                }
            }

            Try(at + 1, unplaced + 1);
        }
    }
}
