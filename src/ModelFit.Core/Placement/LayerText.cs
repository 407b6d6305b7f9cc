using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using ModelFit.Memory;

namespace ModelFit.Placement;

/// <summary>Which layers a device carries, as text.</summary>
internal static class LayerText
{
    /// <summary>The layers of each card of a placement, then of the host; null where there are none.</summary>
    public static string?[] Of(PlacedModel placed, LayerCosts costs)
    {
        var first = costs.SlotCount - Math.Min(placed.Layout.GpuLayers, costs.SlotCount);
        var cards = placed.Cards.Count;
        var slots = Enumerable.Range(0, cards + 1).Select(_ => new List<int>()).ToArray();
        for (var slot = 0; slot < costs.SlotCount; slot++)
            slots[slot < first || cards == 0 ? cards : CardOf(placed.Layout, slot - first)].Add(slot);
        return slots.Select((list, device) => Text(list, costs, device == cards ? placed : null)).ToArray();
    }

    /// <summary>
    /// The card of a layer: the first whose running share exceeds the layer's place among those on cards, in single
    /// precision (src/llama-model.cpp, load_tensors).
    /// </summary>
    private static int CardOf(DeviceLayout layout, int place)
    {
        var shares = Enumerable.Range(0, layout.GpuCount).Select(card => (float)(layout.Split?[card] ?? 1)).ToArray();
        var total = shares.Sum();
        var point = place / (float)layout.GpuLayers;
        var running = 0f;
        for (var card = 0; card < shares.Length; card++)
        {
            running += shares[card];
            if (running / total > point) return card;
        }

        return shares.Length - 1;
    }

    private static string? Text(List<int> slots, LayerCosts costs, PlacedModel? host)
    {
        var output = costs.SlotCount - 1;
        var words = Ranges(slots.Where(slot => slot < output)).ToList();
        if (slots.Contains(output)) words.Add("output");
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
        if (placed.Arrangement is not { } arrangement)
            return Enumerable.Range(0, all ? Math.Min(placed.Layout.CpuMoeLayers, costs.ExpertLayers) : 0);
        return Enumerable.Range(0, costs.SlotCount).Where(slot =>
            arrangement.HostParts[slot] != 0 && (arrangement.HostParts[slot] == costs.PartMask(slot)) == all);
    }

    private static IEnumerable<string> Ranges(IEnumerable<int> slots)
    {
        int? first = null;
        var last = 0;
        foreach (var slot in slots)
        {
            if (first is { } start && slot != last + 1)
            {
                yield return Range(start, last);
                first = slot;
            }

            first ??= slot;
            last = slot;
        }

        if (first is { } rest) yield return Range(rest, last);
    }

    private static string Range(int first, int last) => first == last
        ? first.ToString(CultureInfo.InvariantCulture)
        : string.Format(CultureInfo.InvariantCulture, "{0}-{1}", first, last);
}
