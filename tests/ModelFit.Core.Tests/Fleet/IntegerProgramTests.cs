using Google.OrTools.Sat;
using ModelFit.Fit;
using ModelFit.Fleet.Placing;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Fleet;

/// <summary>Placements beside the optimum that Google's OR-Tools find for the same bytes (CP-SAT).</summary>
public sealed class IntegerProgramTests
{
    [Fact]
    public void Small_fleets_are_filled_as_well_as_the_optimum()
    {
        foreach (var (ours, optimum) in Compare(seed: 21, cases: 200, machines: 4, models: 3, replicas: 3))
            Assert.Equal(optimum, ours);
    }

    /// <summary>Fleets too large for the exact search: 15 to 60 replicas.</summary>
    [Fact]
    public void Larger_fleets_are_filled_nearly_as_well()
    {
        var all = Compare(seed: 22, cases: 10, machines: 12, models: 5, replicas: 12).ToArray();
        Assert.True(all.Sum(one => one.Ours.Placed) >= 0.98 * all.Sum(one => one.Optimum.Placed));
        var alike = all.Where(one => one.Ours.Placed == one.Optimum.Placed).ToArray();
        Assert.True(alike.Sum(one => one.Ours.Cost) <= 1.02 * alike.Sum(one => one.Optimum.Cost));
    }

    private static IEnumerable<((int Placed, long Cost) Ours, (int Placed, long Cost) Optimum)> Compare(
        int seed, int cases, int machines, int models, int replicas)
    {
        var random = new Random(seed);
        for (var i = 0; i < cases; i++)
        {
            var fleet = RandomFleets.Fleet(random, random.Next((machines + 1) / 2, machines + 1));
            var demands = RandomFleets.Demands(random, random.Next(2, models + 1), replicas, mayPin: fleet);
            var objective = (FleetObjective)(i % 2);
            var spread = (FleetSpread)random.Next(3);
            var lines = FleetPlanner.Plan(fleet, demands, objective, spread, NullSink.Instance);
            var cost = (long)Math.Round(RandomFleets.Cost(fleet, lines, objective));
            yield return ((lines.Count(line => line.IsPlaced), cost), Optimum(fleet, demands, objective, spread));
        }
    }

    /// <summary>Most replicas, then the least cost: a whole number of copies for each model and place.</summary>
    private static (int Placed, long Cost) Optimum(
        LabelledMachine[] fleet, FleetDemand[] demands, FleetObjective objective, FleetSpread spread)
    {
        var program = new CpModel();
        var nodes = FleetPlanner.Nodes(fleet, demands);
        var needs = new FleetNeeds();
        var places = new List<(int Model, FleetNode Node, ReplicaNeed Need, IntVar Copies)>();
        for (var model = 0; model < demands.Length; model++)
        {
            var item = new FleetItem(demands[model], model, 1);
            foreach (var node in nodes.Where(node => demands[model].Pins.Count == 0
                || demands[model].Pins.Contains(node.Spec.ComputerName!)))
            {
                foreach (var need in Places(item, node, needs))
                    places.Add((model, node, need, program.NewIntVar(0, demands[model].Replicas, string.Empty)));
            }
        }

        string LabelOf(FleetNode node) => spread == FleetSpread.Label ? node.Label : $"#{node.Index}";
        var labels = nodes.Select(LabelOf).Distinct().Count();
        foreach (var group in places.GroupBy(place => place.Model))
        {
            var replicas = demands[group.Key].Replicas;
            program.Add(LinearExpr.Sum(group.Select(place => place.Copies)) <= replicas);
            if (spread == FleetSpread.None) continue;
            foreach (var label in group.GroupBy(place => LabelOf(place.Node)))
                program.Add(LinearExpr.Sum(label.Select(place => place.Copies)) <= (replicas + labels - 1) / labels);
        }

        var costs = new List<(BoolVar Used, long Cost)>();
        foreach (var node in nodes)
        {
            var here = places.Where(place => place.Node == node).ToArray();
            if (objective == FleetObjective.FewestMachines) costs.Add((Used(program, here), 1));
            if (node.Room.HostBytes is { } host)
                program.Add(LinearExpr.WeightedSum(
                    here.Select(place => place.Copies), here.Select(place => place.Need.HostBytes)) <= host);
            for (var at = 0; at < node.Room.Cards.Count; at++)
            {
                var card = node.Room.Cards[at];
                var on = here.Where(place => place.Need.Cards.Contains(card.Index)).ToArray();
                program.Add(LinearExpr.WeightedSum(on.Select(place => place.Copies), on.Select(place =>
                    place.Need.CardBytes[place.Need.Cards.ToList().IndexOf(card.Index)])) <= Math.Max(0, card.Bytes));
                if (objective == FleetObjective.LeastPower)
                    costs.Add((Used(program, on), (long)Math.Round(node.Watts[at])));
            }
        }

        var cost = LinearExpr.WeightedSum(costs.Select(one => one.Used), costs.Select(one => one.Cost));
        var placed = LinearExpr.Sum(places.Select(place => place.Copies));
        program.Maximize((placed * (costs.Sum(one => one.Cost) + 1)) - cost);
        var solver = new CpSolver { StringParameters = "num_search_workers:2, max_time_in_seconds:20" };
        Assert.Equal(CpSolverStatus.Optimal, solver.Solve(program));
        return ((int)places.Sum(place => solver.Value(place.Copies)),
            costs.Sum(one => solver.BooleanValue(one.Used) ? one.Cost : 0));
    }

    /// <summary>Each card that holds it; over several where no card does.</summary>
    private static IEnumerable<ReplicaNeed> Places(FleetItem item, FleetNode node, FleetNeeds needs)
    {
        var single = Enumerable.Range(0, node.Room.Cards.Count).Select(place => needs.OnOne(item, node, place))
            .OfType<ReplicaNeed>().Where(node.Holds).ToArray();
        return single.Length > 0 ? single : needs.Of(item, node).ToArray();
    }

    private static BoolVar Used(
        CpModel program, IReadOnlyCollection<(int Model, FleetNode Node, ReplicaNeed Need, IntVar Copies)> places)
    {
        var used = program.NewBoolVar(string.Empty);
        foreach (var place in places) program.Add(place.Copies <= (LinearExpr)used * 1000);
        return used;
    }
}
