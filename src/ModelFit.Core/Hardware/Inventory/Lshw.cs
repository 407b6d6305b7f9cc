using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>lshw</c> or <c>lshw -class display</c>, as text and with <c>-json</c>; ids are there with <c>-numeric</c>.
/// </summary>
internal static class Lshw
{
    private const string Source = "lshw";

    private static readonly Regex Section =
        new(@"^(\s*)\*-(\S+)(?: (?:UNCLAIMED|DISABLED))?", RegexOptions.CultureInvariant);

    /// <summary>Whether there is a display as lshw describes one.</summary>
    public static bool Recognizes(InventoryText text) => Nodes(text).Any(IsDisplay);

    /// <summary>The one machine of the text.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var nodes = Nodes(text).ToList();
        var memory = nodes.FirstOrDefault(node => JsonFields.Text(node, "description") == "System Memory");
        var processor =
            nodes.FirstOrDefault(node => JsonFields.Text(node, "class", "id")?.Split(':')[0] is "processor" or "cpu");
        var cards = nodes.Where(IsDisplay).Select(Device).Select(Lspci.Card)
            .Select((card, index) => card with { Facts = card.Facts with { Index = index, Source = Source } });
        yield return new DetectedMachine(
            new MachineSpec
            {
                Cpu = JsonFields.Text(processor, "product"),
                SystemMemoryBytes = Fields.PositiveBytes(JsonFields.Text(memory, "size")),
                Source = Source,
            },
            cards.ToList());
    }

    private static bool IsDisplay(JObject node) => JsonFields.Text(node, "id")?.Split(':')[0] == "display"
        && (JsonFields.Text(node, "product") ?? JsonFields.Text(node, "vendor")) is not null
        && JsonFields.Text(node, "businfo", "bus info") is not null;

    private static Lspci.Device Device(JObject node)
    {
        var slot = Fields.PciAddress(JsonFields.Text(node, "businfo", "bus info")) ?? string.Empty;
        return Lspci.Create(
            slot,
            "Display controller",
            JsonFields.Text(node, "vendor") ?? string.Empty,
            JsonFields.Text(node, "product") ?? string.Empty,
            JsonFields.Text(node, "version") ?? string.Empty);
    }

    private static IEnumerable<JObject> Nodes(InventoryText text) =>
        text.Json.Count > 0 ? text.Json.SelectMany(Tree) : Blocks(text);

    private static IEnumerable<JObject> Tree(JToken token) => token switch
    {
        JArray array => array.SelectMany(Tree),
        JObject node when node["id"] is not null && node["class"] is not null =>
            new[] { node }.Concat(node["children"] is { } children ? Tree(children) : Array.Empty<JObject>()),
        _ => Array.Empty<JObject>(),
    };

    private static IEnumerable<JObject> Blocks(InventoryText text)
    {
        string? id = null;
        var block = new List<string>();
        foreach (var line in text.Lines.Concat(new[] { "*-end" }))
        {
            if (Section.Match(line) is not { Success: true } start)
            {
                block.Add(line.TrimStart());
                continue;
            }

            if (id is not null)
            {
                var node = OutlineText.Parse(block);
                node["id"] = id;
                yield return node;
            }

            id = start.Groups[2].Value;
            block.Clear();
        }
    }
}
