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
        return slots.Select((list, device) => Text(list, costs, device == cards ? placed.Layout : null)).ToArray();
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

    private static string? Text(List<int> slots, LayerCosts costs, DeviceLayout? host)
    {
        var words = new List<string>();
        for (var i = 0; i < slots.Count; i++)
        {
            var start = slots[i];
            while (i + 1 < slots.Count && slots[i + 1] == slots[i] + 1 && slots[i + 1] < costs.SlotCount - 1) i++;
            words.Add(start == costs.SlotCount - 1 ? "output" : Range(start, slots[i]));
        }

        var experts = host is null ? 0 : Math.Min(host.CpuMoeLayers, costs.ExpertLayers);
        if (experts > 0) words.Add("experts of " + Range(0, experts - 1));
        if (host?.TensorOverrides is not null) words.Add("parts of experts");
        return words.Count == 0 ? null : string.Join(", ", words);
    }

    private static string Range(int first, int last) => first == last
        ? first.ToString(CultureInfo.InvariantCulture)
        : string.Format(CultureInfo.InvariantCulture, "{0}-{1}", first, last);
}
