using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using ModelFit.Catalog;
using ModelFit.Hardware;

namespace ModelFit.Capacity;

/// <summary>One way to cut machines into copies of a model.</summary>
/// <param name="Machine">The machine with all of its cards.</param>
/// <param name="Own">What one copy has of it.</param>
/// <param name="PerMachine">Copies on a machine.</param>
internal sealed record ReplicaWay(MachineSpec Machine, MachineSpec Own, int PerMachine)
{
    /// <summary>The ways of machines that were asked about: what is remembered of their parts is found again.</summary>
    private static readonly ConditionalWeakTable<MachineSpec, ReplicaWay[]> Known = new();

    /// <summary>Cards of one copy.</summary>
    public int Cards => Own.Gpus.Length;

    /// <summary>
    /// The ways of a machine: of equal cards each number that goes to one copy, else all to one. Where the question
    /// leaves the number of cards open, machines with 1, 2, 4 and 8 of them.
    /// </summary>
    public static IEnumerable<ReplicaWay> Of(MachineSpec machine, int? mostCards) => mostCards is null
        ? Known.GetValue(machine, one => Cut(one, null).ToArray())
        : Cut(machine, mostCards);

    private static IEnumerable<ReplicaWay> Cut(MachineSpec machine, int? mostCards)
    {
        var cards = machine.Gpus.Length;
        if (cards == 1 && mostCards is { } most && !machine.Gpus[0].IsUnifiedMemory)
        {
            for (var count = 1; count <= most; count *= 2)
            {
                var grown = WithCards(machine, Enumerable.Repeat(machine.Gpus[0], count).ToArray());
                yield return new ReplicaWay(grown, grown, 1);
            }
        }
        else if (cards > 1 && machine.Gpus.All(card => IsLike(card, machine.Gpus[0])))
        {
            for (var each = 1; each <= cards; each++)
            {
                if (each > 1 && cards / each == cards / (each - 1)) continue;
                yield return new ReplicaWay(machine, WithCards(machine, machine.Gpus.Take(each).ToArray()), cards / each);
            }
        }
        else
        {
            yield return new ReplicaWay(machine, machine, 1);
        }
    }

    private static MachineSpec WithCards(MachineSpec machine, IReadOnlyList<GpuSpec> cards) =>
        cards.Count == machine.Gpus.Length ? machine : machine.WithGpus(cards, GpuCatalogLookup.Instance);

    private static bool IsLike(GpuSpec one, GpuSpec other) => one.Name == other.Name
        && one.MemoryBytes == other.MemoryBytes && one.MemoryFreeBytes == other.MemoryFreeBytes;
}
