using System.Globalization;
using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Fleet.Placing;

namespace ModelFit.Testing;

/// <summary>Fleets and demands by chance, and what is wrong with their plans.</summary>
internal static class RandomFleets
{
    private static readonly string[] Gpus =
    [
        "RTX 3060 12GB", "RTX 3090", "RTX 4060 Ti 16GB", "RTX 4090", "A100 40GB PCIe", "2x RTX 3090",
        "2x RTX 3060 12GB",
        "RTX 3090 + RTX 3060 12GB", "RX 7900 XTX", "L40S",
    ];

    private static readonly string[] Models =
        ["qwen3-8b", "qwen3-4b", "llama-3.2-3b", "llama-3.1-8b", "qwen3-14b", "qwen3-32b", "gemma-3-12b"];

    /// <summary>What is wrong with the plan for a seed: a card over its limit; null if nothing is.</summary>
    public static string? Problem(int seed)
    {
        var random = new Random(seed);
        var machines = Fleet(random, random.Next(1, 4));
        var demands = Demands(random, random.Next(1, 4), mostReplicas: seed % 100 == 0 ? 9 : 2, mayPin: machines);
        var lines = FleetPlanner.Plan(
            machines, demands, (FleetObjective)random.Next(2), (FleetSpread)random.Next(3), NullSink.Instance);
        foreach (var group in lines.Where(line => line.IsPlaced).GroupBy(line => line.ComputerName))
        {
            var machine = machines.Single(one => one.Machine.ComputerName == group.Key).Machine;
            var room = ReplicaNeed.RoomOf(demands[0].Question with { Machine = machine });
            var used = room.Cards.ToDictionary(card => card.Index, _ => 0L);
            foreach (var line in group)
            {
                var cards = Indices(line);
                var asked = line.Question with { Devices = new EquatableArray<int>(cards) };
                var plan = FitEngine.Plan(asked, new PlanOptions(), NullSink.Instance);
                if (plan.Verdict != "Fits") return $"{line.ComputerName}: {plan.Verdict}";
                if (cards.Length == 1) used[cards[0]] += plan.Devices[0].TotalBytes!.Value;
                else if (line.HeadroomBytes is not >= 0) return $"{line.ComputerName}: {line.HeadroomBytes} bytes left";
            }

            if (room.Cards.FirstOrDefault(card => used[card.Index] > card.Bytes) is { } over)
                return $"{group.Key}: {over.Card.Name} is over its limit";
        }

        return null;
    }

    /// <summary>What a placement costs by its objective.</summary>
    public static double Cost(
        IReadOnlyList<LabelledMachine> machines, IReadOnlyList<FleetPlacement> lines, FleetObjective objective)
    {
        var placed = lines.Where(line => line.IsPlaced).ToArray();
        if (objective == FleetObjective.FewestMachines)
            return placed.Select(line => line.ComputerName).Distinct().Count();
        var used = placed.SelectMany(line => Indices(line).Select(card => (line.ComputerName, Card: card))).Distinct();
        return used.Sum(one =>
        {
            var machine = machines.Single(other => other.Machine.ComputerName == one.ComputerName).Machine;
            var room = ReplicaNeed.RoomOf(new FitQuestion { Model = ModelCatalog.All[0], Machine = machine });
            return room.Cards.Single(card => card.Index == one.Card).Card.TdpWatts!.Value;
        });
    }

    /// <summary>The cards of a replica.</summary>
    public static int[] Indices(FleetPlacement line) =>
        line.Cards!.Split(',').Select(card => int.Parse(card, CultureInfo.InvariantCulture)).ToArray();

    /// <summary>Machines with cards of several kinds, half of them with something on them.</summary>
    public static LabelledMachine[] Fleet(Random random, int count) => Enumerable.Range(0, count).Select(i =>
    {
        var label = random.Next(3) == 0 ? null : "R" + random.Next(2);
        var machine = Machine($"PC{i}", Gpus[random.Next(Gpus.Length)], label);
        if (random.Next(2) == 0) return machine;
        var cards = machine.Machine.Gpus.Select(card => card with
        {
            MemoryFreeBytes = (long)(card.MemoryBytes!.Value * (0.4 + (0.6 * random.NextDouble()))),
        }).ToArray();
        return machine with { Machine = machine.Machine with { Gpus = cards } };
    }).ToArray();

    /// <summary>Models with replicas, one in four pinned to a machine.</summary>
    public static FleetDemand[] Demands(Random random, int count, int mostReplicas, LabelledMachine[] mayPin) =>
        Enumerable.Range(0, count).Select(_ =>
        {
            var demand = Demand(Models[random.Next(Models.Length)], random.Next(1, mostReplicas + 1));
            return random.Next(4) > 0 ? demand
                : demand with { Pins = [mayPin[random.Next(mayPin.Length)].Machine.ComputerName!] };
        }).ToArray();

    /// <summary>A machine by name.</summary>
    public static LabelledMachine Machine(string name, string gpus, string? label) =>
        new(Machines.Of(gpus, 64) with { ComputerName = name }, label);

    /// <summary>A model with its usual settings.</summary>
    public static FleetDemand Demand(string model, int replicas) => new()
    {
        Question = new FitQuestion { Model = ModelCatalog.Resolve(model, NullSink.Instance) }, Replicas = replicas,
    };
}
