using System.Globalization;
using ModelFit.Graph;

namespace ModelFit.Placement;

/// <summary>Which layers a device carries, as text.</summary>
internal static class LayerText
{
    /// <summary>The layers of each card of a placement, then of the host; null where there are none.</summary>
    public static string?[] Of(PlacedModel placed, LayerCosts costs)
    {
        var cards = placed.Cards.Count;
        if (placed.IsTensorParallel)
        {
            var shared = $"{Range(0, costs.LayerCount - 2)}, output in {cards} shares";
            return Enumerable.Repeat<string?>(shared, cards).Append(null).ToArray();
        }

        var layers = Enumerable.Range(0, cards + 1).Select(_ => new List<int>()).ToArray();
        var devices = LayerDevices.Of(placed.Layout, cards, costs.LayerCount);
        for (var layer = 0; layer < costs.LayerCount; layer++)
            layers[devices[layer] < 0 ? cards : devices[layer]].Add(layer);
        return layers.Select((list, device) => Text(list, costs, device == cards ? placed : null)).ToArray();
    }

    private static string? Text(List<int> layers, LayerCosts costs, PlacedModel? host)
    {
        var output = costs.LayerCount - 1;
        var words = Ranges(layers.Where(layer => layer < output)).ToList();
        if (layers.Contains(output)) words.Add("output");
        if (host is not null)
        {
            var experts = Ranges(HostExperts(host, costs, all: true)).ToArray();
            if (experts.Length > 0) words.Add("experts of " + string.Join(", ", experts));
            var parts = Ranges(HostExperts(host, costs, all: false)).ToArray();
            if (parts.Length > 0) words.Add("parts of the experts of " + string.Join(", ", parts));
        }

        return words.Count == 0 ? null : string.Join(", ", words);
    }

    /// <summary>Layers on cards all (or some but not all) of whose experts are on the host.</summary>
    private static IEnumerable<int> HostExperts(PlacedModel placed, LayerCosts costs, bool all)
    {
        if (placed.LayerSplit is not { } split)
            return Enumerable.Range(0, all ? Math.Min(placed.Layout.CpuMoeLayers, costs.ExpertLayers) : 0);
        return Enumerable.Range(0, costs.LayerCount).Where(layer =>
            split.HostParts[layer] != 0 && (split.HostParts[layer] == costs.PartMask(layer)) == all);
    }

    private static IEnumerable<string> Ranges(IEnumerable<int> layers)
    {
        int? first = null;
        var last = 0;
        foreach (var layer in layers)
        {
            if (first is { } start && layer != last + 1)
            {
                yield return Range(start, last);
                first = layer;
            }

            first ??= layer;
            last = layer;
        }

        if (first is { } rest) yield return Range(rest, last);
    }

    private static string Range(int first, int last) => first == last
        ? first.ToString(CultureInfo.InvariantCulture)
        : string.Format(CultureInfo.InvariantCulture, "{0}-{1}", first, last);
}
