using System.Globalization;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>kubectl get nodes -o json</c> or <c>-o yaml</c>, or <c>kubectl describe nodes</c>: capacity, and the labels of
/// NVIDIA's GPU feature discovery, AMD's node labeller and Intel's plugin.
/// </summary>
internal static class KubernetesNodes
{
    private const string Source = "kubectl";

    /// <summary>Whether there are nodes, or the labels of one alone.</summary>
    public static bool Recognizes(InventoryText text) =>
        Documents(text).Any(value => Nodes(value).Any() || IsLabels(value));

    /// <summary>The machines: one a node.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) =>
        Documents(text).SelectMany(value => IsLabels(value)
            ? new[] { new JObject { ["metadata"] = new JObject { ["labels"] = value } } }
            : Nodes(value)).Select(Machine);

    private static IEnumerable<JToken> Documents(InventoryText text) => text.Json.Count > 0 ? text.Json
        : KubernetesText.Recognizes(text) ? KubernetesText.Nodes(text)
        : LabelLines(text) is { Count: > 0 } labels ? new JToken[] { labels }
        : text.Contains("kind: Node") || text.Contains("kind: List") || text.Contains("allocatable:")
            ? YamlText.Documents(text.Lines)
        : Array.Empty<JToken>();

    /// <summary>The features that a worker of feature discovery writes, <c>nvidia.com/gpu.count=1</c> a line.</summary>
    private static JObject LabelLines(InventoryText text)
    {
        var labels = new JObject();
        foreach (var pair in text.Lines.Select(line => LabelText.Split(line, '=')))
        {
            if (pair is { } label && (label.Label.StartsWith("nvidia.com/", StringComparison.Ordinal)
                || label.Label.StartsWith("amd.com/gpu", StringComparison.Ordinal)))
                labels[label.Label] = label.Value.Trim('"');
        }

        return IsLabels(labels) ? labels : new JObject();
    }

    private static bool IsLabels(JToken value) => value is JObject labels
        && labels.Properties().Any(property => property.Name.StartsWith("nvidia.com/gpu.", StringComparison.Ordinal)
            || property.Name.StartsWith("amd.com/gpu.", StringComparison.Ordinal));

    private static IEnumerable<JObject> Nodes(JToken value)
    {
        var kind = JsonFields.Text(value, "kind");
        if (value is JObject node && (kind == "Node" || (kind is null && IsStatus(node)))) return new[] { node };
        return kind is "List" or "NodeList" && JsonFields.At(value, "items") is JArray items
            ? items.OfType<JObject>().Where(item => JsonFields.Text(item, "kind") is null or "Node")
            : Array.Empty<JObject>();
    }

    /// <summary>Whether it is a node's status without the rest of the node.</summary>
    private static bool IsStatus(JObject node) => JsonFields.At(node, "status/allocatable") is JObject
        && JsonFields.At(node, "status/capacity/memory") is not null;

    /// <summary>The name under which a node's status gives its address.</summary>
    private static string? Hostname(JObject node) => (JsonFields.At(node, "status/addresses") as JArray)?
        .Where(address => JsonFields.Text(address, "type") == "Hostname")
        .Select(address => JsonFields.Text(address, "address")).FirstOrDefault();

    private static DetectedMachine Machine(JObject node)
    {
        var labels = Map(JsonFields.At(node, "metadata/labels"));
        var capacity = Map(JsonFields.At(node, "status/capacity"));
        var facts = new MachineSpec
        {
            ComputerName = JsonFields.Text(node, "metadata/name") ?? Hostname(node),
            OperatingSystem = JsonFields.Text(node, "status/nodeInfo/osImage"),
            LogicalProcessorCount = Fields.PositiveInteger(Value(capacity, "cpu")),
            SystemMemoryBytes = Quantity(Value(capacity, "memory")),
            Source = Source,
        };
        return new DetectedMachine(facts, KubernetesGpus.Cards(labels, capacity, Source).Numbered());
    }

    /// <summary>Bytes of a resource quantity: <c>123662920Ki</c>, <c>64G</c>, <c>1e9</c>.</summary>
    public static long? Quantity(string? text)
    {
        var match = Regex.Match(text ?? string.Empty, @"^([0-9.]+(?:e\d+)?)(Ki|Mi|Gi|Ti|k|M|G|T|m)?$");
        if (!match.Success) return null;
        if (!double.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return null;
        var factor = match.Groups[2].Value switch
        {
            "Ki" => 1024d, "Mi" => 1048576d, "Gi" => 1073741824d, "Ti" => 1099511627776d,
            "k" => 1e3, "M" => 1e6, "G" => 1e9, "T" => 1e12, "m" => 1e-3, _ => 1d,
        };
        var bytes = number * factor;
        return bytes is > 0 and < 1e18 ? (long)bytes : null;
    }

    private static IReadOnlyDictionary<string, string> Map(JToken? token) => (token as JObject)?.Properties()
        .Select(property => (property.Name, Value: JsonFields.Scalar(property.Value)))
        .Where(pair => pair.Value is not null)
        .ToDictionary(pair => pair.Name, pair => pair.Value!, StringComparer.Ordinal)
        ?? new Dictionary<string, string>();

    private static string? Value(IReadOnlyDictionary<string, string> map, string key) =>
        map.TryGetValue(key, out var value) ? value : null;
}
