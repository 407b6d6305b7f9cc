using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Placement;

/// <summary>
/// Which slots each of several cards takes and which parts of their experts stay on the host; the slots before the
/// first one are on the host whole.
/// </summary>
/// <param name="Counts">Slots of each card, in order; the last card with any has the output layer.</param>
/// <param name="HostParts">For each slot the mask of expert parts on the host.</param>
internal sealed record Arrangement(int[] Counts, int[] HostParts)
{
    /// <summary>Slots on the cards (<c>-ngl</c>).</summary>
    public int GpuSlots => Counts.Sum();

    /// <summary>
    /// The arrangement in llama.cpp's words: a leading run of layers whose experts are on the host all becomes
    /// <c>--n-cpu-moe</c>, the rest patterns of <c>--override-tensor</c>.
    /// </summary>
    public DeviceLayout ToLayout(LayerCosts costs, ComputeBackend backend)
    {
        var prefix = LeadingHostLayers(costs);
        var patterns = Patterns(costs, prefix);
        return new DeviceLayout
        {
            Backend = backend,
            GpuCount = Counts.Length,
            GpuLayers = GpuSlots,
            CpuMoeLayers = prefix,
            Split = Counts.Length < 2 || GpuSlots == 0
                ? null
                : new EquatableArray<double>(Counts.Select(count => (double)count)),
            TensorOverrides = patterns.Count == 0 ? null : new EquatableArray<string>(patterns),
        };
    }

    /// <summary>Layers on cards whose experts are on the host, at least partly.</summary>
    public int HostExpertLayers => HostParts.Count(mask => mask != 0);

    /// <summary>Bytes that card <paramref name="card"/> holds of weights and of a cache spread evenly.</summary>
    public double Bytes(LayerCosts costs, int card, double[] cachePerSlot)
    {
        var slot = HostParts.Length - GpuSlots + Counts.Take(card).Sum();
        var bytes = 0.0;
        for (var end = slot + Counts[card]; slot < end; slot++)
            bytes += costs.Dense(slot) + costs.Experts(slot, HostParts[slot]) + cachePerSlot[slot];
        return bytes;
    }

    /// <summary>
    /// Layers whose experts <c>--n-cpu-moe</c> keeps on the host: those before the first layer on a card that keeps
    /// some of its experts, if any card layer gives all of its up.
    /// </summary>
    private int LeadingHostLayers(LayerCosts costs)
    {
        var first = HostParts.Length - GpuSlots;
        var end = 0;
        for (var slot = first; slot < HostParts.Length; slot++)
        {
            var all = costs.PartMask(slot);
            if (all == 0) continue;
            if (HostParts[slot] != all) break;
            end = slot + 1;
        }

        return end;
    }

    private List<string> Patterns(LayerCosts costs, int prefix)
    {
        var slotsByMask = new SortedDictionary<int, List<int>>();
        for (var slot = Math.Max(prefix, HostParts.Length - GpuSlots); slot < HostParts.Length; slot++)
        {
            var mask = HostParts[slot] & costs.PartMask(slot);
            if (mask == 0) continue;
            if (!slotsByMask.TryGetValue(mask, out var slots)) slotsByMask.Add(mask, slots = new List<int>());
            slots.Add(slot);
        }

        return slotsByMask.Select(pair => Pattern(pair.Key, pair.Value)).ToList();
    }

    private static string Pattern(int mask, List<int> slots)
    {
        var text = new StringBuilder("blk\\.");
        text.Append(Alternatives(Numbers(slots)));
        var parts = TensorName.ExpertParts.Where((_, part) => (mask >> part & 1) != 0).ToArray();
        return text.Append("\\.ffn_").Append(Alternatives(parts)).Append("_(ch|)exps=CPU").ToString();
    }

    /// <summary>Numbers in order as alternatives of a pattern, runs that differ in the last digit as a range.</summary>
    private static string[] Numbers(List<int> slots) => slots.GroupBy(slot => slot / 10).SelectMany(tens =>
    {
        var digits = tens.Select(slot => slot % 10).ToArray();
        var before = tens.Key == 0 ? string.Empty : tens.Key.ToString(CultureInfo.InvariantCulture);
        var isRun = digits.Length > 1 && digits[digits.Length - 1] - digits[0] == digits.Length - 1;
        return isRun
            ? new[] { $"{before}[{digits[0]}-{digits[digits.Length - 1]}]" }
            : digits.Select(digit => before + digit.ToString(CultureInfo.InvariantCulture));
    }).ToArray();

    private static string Alternatives(string[] words) =>
        words.Length == 1 ? words[0] : "(" + string.Join("|", words) + ")";
}
