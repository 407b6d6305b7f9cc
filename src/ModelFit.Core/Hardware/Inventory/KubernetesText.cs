using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>kubectl describe node</c>: name, labels and capacity, as the JSON of the node would have them.</summary>
internal static class KubernetesText
{
    private static readonly Regex Start = new(@"^Name:\s+(\S+)\s*$");
    private static readonly Regex Label = new(@"^(?:Labels:)?\s+([A-Za-z0-9./_-]+)=(\S*)\s*$");

    private static readonly Regex Quantity = new(@"^\s+memory:\s+\d{1,15}(?:[KMGT]i?)?\s*$");

    /// <summary>Whether nodes are described, or the capacity of one.</summary>
    public static bool Recognizes(InventoryText text) => (HasNames(text)
            && (text.Contains("nvidia.com/gpu") || text.Contains("amd.com/gpu") || HasCapacity(text)))
        || (HasCapacity(text) && text.Lines.Any(line => Quantity.IsMatch(line)));

    private static bool HasNames(InventoryText text) => text.Lines.Any(line => Start.IsMatch(line))
        && text.Lines.Any(line => line.StartsWith("Labels:", StringComparison.Ordinal));

    private static bool HasCapacity(InventoryText text) =>
        text.Lines.Any(line => line.StartsWith("Capacity:", StringComparison.Ordinal));

    /// <summary>The nodes; a description without their names is of one.</summary>
    public static IEnumerable<JObject> Nodes(InventoryText text)
    {
        if (!HasNames(text))
        {
            yield return Node(text.Lines);
            yield break;
        }

        var block = new List<string>();
        foreach (var line in text.Lines.Concat(new[] { "Name: end" }))
        {
            if (Start.IsMatch(line))
            {
                if (block.Count > 0) yield return Node(block);
                block.Clear();
            }

            if (block.Count > 0 || Start.IsMatch(line)) block.Add(line);
        }
    }

    private static JObject Node(IReadOnlyList<string> lines)
    {
        var outline = OutlineText.Parse(lines);
        var labels = new JObject();
        var described = lines.SkipWhile(line => !line.StartsWith("Labels:", StringComparison.Ordinal));
        foreach (var match in described.Select(line => Label.Match(line)).TakeWhile(match => match.Success))
            labels[match.Groups[1].Value] = match.Groups[2].Value;
        return new JObject
        {
            ["kind"] = "Node",
            ["metadata"] = new JObject
            {
                ["name"] = outline["Name"] ?? JsonFields.At(outline, "Addresses/Hostname"),
                ["labels"] = labels,
            },
            ["status"] = new JObject
            {
                ["capacity"] = outline["Capacity"] as JObject,
                ["nodeInfo"] = new JObject { ["osImage"] = JsonFields.At(outline, "System Info/OS Image") },
            },
        };
    }
}
