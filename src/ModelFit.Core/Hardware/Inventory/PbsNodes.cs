using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>pbsnodes -a</c> of PBS and Torque, also <c>-F json</c>: a name at the left, and what it has indented below it.
/// PBS counts GPUs and does not name them.
/// </summary>
internal static class PbsNodes
{
    private const string Source = "pbsnodes";

    /// <summary>Whether there are nodes as PBS lists them.</summary>
    public static bool Recognizes(InventoryText text) => Nodes(text).Any();

    /// <summary>The machines: one a node.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        foreach (var (name, values) in Nodes(text))
        {
            context.Stop.ThrowIfCancellationRequested();
            yield return Machine(name, values);
        }
    }

    private static DetectedMachine Machine(string name, IReadOnlyDictionary<string, string> values)
    {
        var status = LabelText.First((values.Text("status") ?? string.Empty).Split(','), '=');
        var products = (values.Text("gpu_status") ?? string.Empty).Split(';', ',')
            .Select(part => LabelText.Split(part, '=')).Where(pair => pair?.Label == "gpu_product_name")
            .Select(pair => pair!.Value.Value).ToList();
        var count = Fields.Integer(values.Text("resources_available.ngpus", "gpus"));
        var cards = products.Count > 0 ? products
            : Enumerable.Repeat(values.Text("resources_available.gpu_model", "resources_available.gpu_type")
                ?? string.Empty, Math.Max(0, Math.Min(CardText.MostCards, count ?? 0))).ToList();
        return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = values.Text("resources_available.host") ?? name,
                LogicalProcessorCount = Fields.PositiveInteger(values.Text("pcpus", "resources_available.ncpus", "np")),
                SystemMemoryBytes = Fields.PositiveBytes(
                    values.Text("resources_available.mem") ?? status.Text("physmem")),
                Source = Source,
            },
            count is null && products.Count == 0 ? Array.Empty<DetectedGpu>()
                : cards.Select((card, index) => FoundCard.Create(card, Source, index)).ToList());
    }

    private static IEnumerable<(string Name, IReadOnlyDictionary<string, string> Values)> Nodes(InventoryText text)
    {
        if (text.Json.Count > 0)
            return text.Json.SelectMany(value => (JsonFields.At(value, "nodes") as JObject)?.Properties()
                    ?? Enumerable.Empty<JProperty>())
                .Where(node => JsonFields.At(node.Value, "resources_available") is not null)
                .Select(node => (node.Name, Flat(node.Value)));
        return LabelText.Blocks(text.Lines, IsName).Select(block => (
                block[0].Trim(), (IReadOnlyDictionary<string, string>)LabelText.First(block.Skip(1), '=')))
            .Where(node => node.Item2.ContainsKey("resources_available.mem")
                || node.Item2.ContainsKey("resources_available.ncpus")
                || (node.Item2.ContainsKey("np") && node.Item2.ContainsKey("status")));
    }

    private static bool IsName(string line) =>
        line.Length > 0 && !char.IsWhiteSpace(line[0]) && line.IndexOf(' ') < 0;

    private static IReadOnlyDictionary<string, string> Flat(JToken node)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in ((JObject)node).Properties())
        {
            if (property.Value is JObject nested)
                foreach (var inner in nested.Properties())
                    values[$"{property.Name}.{inner.Name}"] = JsonFields.Scalar(inner.Value) ?? string.Empty;
            else values[property.Name] = JsonFields.Scalar(property.Value) ?? string.Empty;
        }

        return values;
    }
}
