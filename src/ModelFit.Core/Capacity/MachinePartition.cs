using ModelFit.Catalog;
using ModelFit.Common;
using ModelFit.Hardware;
using ModelFit.Placement;

namespace ModelFit.Capacity;

/// <summary>One way to cut machines into copies of a model.</summary>
/// <param name="Machine">The machine with all of its cards.</param>
/// <param name="Own">What one copy has of it.</param>
/// <param name="Used">Places among the machine's cards of those that copies have, one copy after the other.</param>
internal sealed record MachinePartition(MachineSpec Machine, MachineSpec Own, EquatableArray<int> Used)
{
    /// <summary>The ways of machines that were asked about: what is remembered of their parts is found again.</summary>
    private static readonly BoundedCache<MachineSpec, MachinePartition[]> Known = new();

    /// <summary>Cards of one copy.</summary>
    public int Cards => Own.Gpus.Length;

    /// <summary>Copies on a machine.</summary>
    public int PerMachine => Cards == 0 ? 1 : Used.Count / Cards;

    /// <summary>The cards that no copy has.</summary>
    public IEnumerable<GpuSpec> Idle => Machine.Gpus.Where((_, place) => !Used.Contains(place));

    /// <summary>
    /// The cards of one copy by the numbers that its backend gives them; null where it has all of the machine's. A
    /// backend of one vendor counts that vendor's cards alone.
    /// </summary>
    public EquatableArray<int>? Devices(int copy, ComputeBackend backend)
    {
        if (Cards == Machine.Gpus.Length) return null;
        var own = MachineBudget.BackendOf(Own.Gpus);
        var seesAll = MachineBudget.BackendOf(Machine.Gpus) == backend;
        var seen = Enumerable.Range(0, Machine.Gpus.Length)
            .Where(place => seesAll || MachineBudget.BackendOf(new[] { Machine.Gpus[place] }) == own).ToArray();
        var order = DeviceOrder.Of(Array.ConvertAll(seen, place => Machine.Gpus[place]), backend);
        return new EquatableArray<int>(Used.Skip(copy * Cards).Take(Cards)
            .Select(place => Array.IndexOf(order, Array.IndexOf(seen, place))).ToArray());
    }

    /// <summary>
    /// The ways of a machine: of the cards that are alike the fewest and the most that one of so many copies can have,
    /// and all of unlike ones to one copy. Where the question leaves the number of cards open, machines with 1, 2, 4
    /// and 8 of them.
    /// </summary>
    public static IEnumerable<MachinePartition> Of(MachineSpec machine, int? mostCards) => mostCards is null
        ? Known.Get(machine, one => Cut(one, null).ToArray())
        : Cut(machine, mostCards);

    /// <summary>One copy that has the whole machine.</summary>
    public static MachinePartition Whole(MachineSpec machine) =>
        new(machine, machine, new EquatableArray<int>(Enumerable.Range(0, machine.Gpus.Length).ToArray()));

    private static IEnumerable<MachinePartition> Cut(MachineSpec machine, int? mostCards)
    {
        var cards = machine.Gpus.Length;
        if (cards == 1 && mostCards is { } most && !machine.Gpus[0].IsUnifiedMemory)
        {
            for (var count = 1; count <= most; count *= 2)
            {
                var grown = WithCards(machine, Enumerable.Repeat(machine.Gpus[0], count).ToArray());
                yield return Whole(grown);
            }

            yield break;
        }

        var kinds = Enumerable.Range(0, cards).GroupBy(place => Likeness(machine.Gpus[place])).ToArray();
        if (kinds.Length != 1) yield return Whole(machine);
        foreach (var places in kinds.Select(kind => kind.ToArray()))
        {
            for (var each = 1; each <= places.Length; each++)
            {
                var copies = places.Length / each;
                var isFewest = each == 1 || copies < places.Length / (each - 1);
                var isMost = each == places.Length || copies > places.Length / (each + 1);
                if (!isFewest && !isMost) continue;
                var own = WithCards(machine, places.Take(each).Select(place => machine.Gpus[place]).ToArray());
                yield return new MachinePartition(
                    machine, own, new EquatableArray<int>(places.Take(copies * each).ToArray()));
            }
        }
    }

    private static MachineSpec WithCards(MachineSpec machine, IReadOnlyList<GpuSpec> cards) =>
        cards.Count == machine.Gpus.Length ? machine : machine.WithGpus(cards, GpuCatalogLookup.Instance);

    private static (string Name, long? Bytes, long? Free) Likeness(GpuSpec card) =>
        (card.Name, card.MemoryBytes, card.MemoryFreeBytes);
}
