using ModelFit.Catalog;
using ModelFit.Catalog.Sites;
using ModelFit.Hardware;

namespace ModelFit.Fleet.Buying;

/// <summary>One change of a machine: what it becomes, what it costs, and what it gives up.</summary>
/// <param name="Machine">The machine after it.</param>
/// <param name="Quantization">The quantization after it; null as asked.</param>
/// <param name="Price">What is paid.</param>
/// <param name="Loss">Steps of quality that are given up.</param>
/// <param name="Words">The change in words; empty for none.</param>
internal sealed record UpgradeChange(
    MachineSpec Machine, string? Quantization, double Price, int Loss, IReadOnlyList<string> Words)
{
    private const long GiB = 1L << 30;

    /// <summary>Sizes that memory is bought in, in GiB.</summary>
    private static readonly int[] MemorySizes = { 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024 };

    /// <summary>
    /// Every change of a machine that has a price, the cheapest first, of equal prices the one that gives up least: a
    /// quantization, more memory, another card in place of all, a card beside them, and what goes together.
    /// </summary>
    public static IReadOnlyList<UpgradeChange> Of(
        MachineSpec machine, PriceList prices, IReadOnlyList<string> quantizations, bool takesMemory) => (
            from cards in Cards(machine, prices)
            from memory in Memory(cards.Machine, takesMemory ? prices : PriceList.Empty)
            from loss in Enumerable.Range(0, quantizations.Count + 1)
            let quantization = loss == 0 ? null : quantizations[loss - 1]
            let words = new[] { cards.Words, memory.Words, quantization is null ? null : $"take {quantization}" }
            select new UpgradeChange(
                memory.Machine, quantization, cards.Price + memory.Price, loss, words.OfType<string>().ToArray()))
        .OrderBy(change => change.Price).ThenBy(change => change.Loss).ThenBy(change => change.Words.Count).ToArray();

    private static IEnumerable<(MachineSpec Machine, double Price, string? Words)> Cards(
        MachineSpec machine, PriceList prices)
    {
        yield return (machine, 0, null);
        if (machine.Gpus.Any(card => card.IsUnifiedMemory && card.Vendor == "Apple")) yield break;
        var own = machine.Gpus.Where(card => !card.IsUnifiedMemory).ToArray();
        foreach (var priced in prices.Cards.OrderBy(card => card.Value.Price))
        {
            var price = priced.Value.Price;
            var card = GpuCatalog.ResolveMany(priced.Key, null, NullSink.Instance)[0];
            var bought = card with { MemoryFreeBytes = null };
            if (own.Length > 0) yield return (With(machine, own.Append(bought)), price, $"add {card.Name}");
            var words = own.Length > 0 ? $"replace by {card.Name}" : $"add {card.Name}";
            yield return (With(machine, new[] { bought }), price, words);
        }
    }

    private static IEnumerable<(MachineSpec Machine, double Price, string? Words)> Memory(
        MachineSpec machine, PriceList prices)
    {
        yield return (machine, 0, null);
        if (prices.MemoryPerGiB is not { } each || machine.SystemMemoryBytes is not { } bytes) yield break;
        foreach (var size in MemorySizes.Where(size => size * GiB > bytes))
        {
            var more = (size * GiB) - bytes;
            yield return (machine with
            {
                SystemMemoryBytes = size * GiB, SystemMemoryFreeBytes = machine.SystemMemoryFreeBytes + more,
            }, more / (double)GiB * each, $"{size} GiB of memory");
        }
    }

    private static MachineSpec With(MachineSpec machine, IEnumerable<GpuSpec> cards) =>
        machine.WithGpus(cards.ToArray(), GpuCatalogLookup.Instance);
}
