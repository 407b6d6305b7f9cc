using System.Globalization;
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
        var layersByMask = new List<int>?[1 << TensorName.ExpertParts.Length];
        for (var layer = Math.Max(prefix, HostParts.Length - GpuLayers); layer < HostParts.Length; layer++)
        {
            var mask = HostParts[layer] & costs.PartMask(layer);
            if (mask != 0) (layersByMask[mask] ??= new List<int>()).Add(layer);
        }

        var patterns = new List<string>();
        for (var mask = 1; mask < layersByMask.Length; mask++)
            if (layersByMask[mask] is { } layers) patterns.Add(Pattern(mask, layers));
        return patterns;
    }

    private static string Pattern(int mask, List<int> layers)
    {
        var text = new StringBuilder("blk\\.");
        AppendNumbers(text, layers);
        text.Append("\\.ffn_");
        var (start, words) = (text.Length, 0);
        for (var part = 0; part < TensorName.ExpertParts.Length; part++)
        {
            if ((mask >> part & 1) == 0) continue;
            text.Append(words++ == 0 ? string.Empty : "|").Append(TensorName.ExpertParts[part]);
        }

        return Enclosed(text, start, words).Append("_(ch|)exps=CPU").ToString();
    }

    /// <summary>Numbers in order as alternatives of a pattern, runs that differ in the last digit as a range.</summary>
    private static void AppendNumbers(StringBuilder text, List<int> layers)
    {
        var (start, words) = (text.Length, 0);
        for (int i = 0, end; i < layers.Count; i = end)
        {
            var tens = layers[i] / 10;
            for (end = i + 1; end < layers.Count && layers[end] / 10 == tens;) end++;
            var isRun = end - i > 1 && layers[end - 1] - layers[i] == end - i - 1;
            for (var layer = i; layer < (isRun ? i + 1 : end); layer++)
            {
                if (words++ > 0) text.Append('|');
                if (tens > 0) text.Append(tens.ToString(CultureInfo.InvariantCulture));
                text.Append(isRun ? "[" : string.Empty).Append((char)('0' + (layers[layer] % 10)));
            }

            if (isRun) text.Append('-').Append((char)('0' + (layers[end - 1] % 10))).Append(']');
        }

        Enclosed(text, start, words);
    }

    private static StringBuilder Enclosed(StringBuilder text, int start, int words) =>
        words == 1 ? text : text.Insert(start, '(').Append(')');
}
