using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Placement;

/// <summary>
/// Which layers each of several cards takes and which parts of their experts stay on the host; the layers before the
/// first one are on the host whole.
/// </summary>
/// <param name="Counts">Layers of each card, in order; the last card with any has the output layer.</param>
/// <param name="HostParts">For each layer the mask of expert parts on the host.</param>
internal sealed record LayerSplit(int[] Counts, int[] HostParts)
{
    /// <summary>Layers on the cards (<c>-ngl</c>).</summary>
    public int GpuLayers => Counts.Sum();

    /// <summary>
    /// The split in llama.cpp's words: a leading run of layers whose experts are on the host all becomes
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
            GpuLayers = GpuLayers,
            CpuMoeLayers = prefix,
            Split = Counts.Length < 2 || GpuLayers == 0
                ? null
                : new EquatableArray<double>(Counts.Select(count => (double)count)),
            TensorOverrides = patterns.Count == 0 ? null : new EquatableArray<string>(patterns),
        };
    }

    /// <summary>Layers on cards whose experts are on the host, at least partly.</summary>
    public int HostExpertLayers => HostParts.Count(mask => mask != 0);

    /// <summary>Bytes that card <paramref name="card"/> holds of weights and of a cache spread evenly.</summary>
    public double Bytes(LayerCosts costs, int card, double[] cachePerLayer)
    {
        var layer = HostParts.Length - GpuLayers + Counts.Take(card).Sum();
        var bytes = 0.0;
        for (var end = layer + Counts[card]; layer < end; layer++)
            bytes += costs.Dense(layer) + costs.Experts(layer, HostParts[layer]) + cachePerLayer[layer];
        return bytes;
    }

    /// <summary>
    /// Layers whose experts <c>--n-cpu-moe</c> keeps on the host: those before the first layer on a card that keeps
    /// some of its experts, if any card layer gives all of its up.
    /// </summary>
    private int LeadingHostLayers(LayerCosts costs)
    {
        // common/arg.cpp makes a pattern of each of the first layers, those on the host included: the number covers
        // them too, and ends before the first layer on a card that keeps a part of its experts.
        var first = HostParts.Length - GpuLayers;
        var end = 0;
        for (var layer = first; layer < HostParts.Length; layer++)
        {
            var all = costs.PartMask(layer);
            if (all == 0) continue;
            if (HostParts[layer] != all) break;
            end = layer + 1;
        }

        return end;
    }

    private List<string> Patterns(LayerCosts costs, int prefix)
    {
        // The first pattern that matches decides (src/llama-model-loader.cpp), so each layer stands in one only; those
        // with the same parts share theirs, which keeps the line short.
        var layersByMask = new SortedDictionary<int, List<int>>();
        for (var layer = Math.Max(prefix, HostParts.Length - GpuLayers); layer < HostParts.Length; layer++)
        {
            var mask = HostParts[layer] & costs.PartMask(layer);
            if (mask == 0) continue;
            if (!layersByMask.TryGetValue(mask, out var layers)) layersByMask.Add(mask, layers = new List<int>());
            layers.Add(layer);
        }

        return layersByMask.Select(pair => Pattern(pair.Key, pair.Value)).ToList();
    }

    private static string Pattern(int mask, List<int> layers)
    {
        var text = new StringBuilder("blk\\.");
        text.Append(Alternatives(Numbers(layers)));
        var parts = TensorName.ExpertParts.Where((_, part) => (mask >> part & 1) != 0).ToArray();
        return text.Append("\\.ffn_").Append(Alternatives(parts)).Append("_(ch|)exps=CPU").ToString();
    }

    /// <summary>Numbers in order as alternatives of a pattern, runs that differ in the last digit as a range.</summary>
    private static string[] Numbers(List<int> layers) => layers.GroupBy(layer => layer / 10).SelectMany(tens =>
    {
        var digits = tens.Select(layer => layer % 10).ToArray();
        var before = tens.Key == 0 ? string.Empty : tens.Key.ToString(CultureInfo.InvariantCulture);
        var isRun = digits.Length > 1 && digits[digits.Length - 1] - digits[0] == digits.Length - 1;
        return isRun
            ? new[] { $"{before}[{digits[0]}-{digits[digits.Length - 1]}]" }
            : digits.Select(digit => before + digit.ToString(CultureInfo.InvariantCulture));
    }).ToArray();

    private static string Alternatives(string[] words) =>
        words.Length == 1 ? words[0] : "(" + string.Join("|", words) + ")";
}
