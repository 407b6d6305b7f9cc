using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>kubectl get resourceslices -o json|yaml</c>: what drivers of dynamic resource allocation (DRA) publish of the
/// devices of a node.
/// </summary>
internal static class ResourceSlices
{
    private const string Source = "kubectl";

    /// <summary>Whether there are slices with devices.</summary>
    public static bool Recognizes(InventoryText text) => text.Contains("ResourceSlice") && Slices(text).Any();

    /// <summary>The machines: one a node.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) => Slices(text)
        .Where(slice => Devices(slice).Any())
        .GroupBy(slice => JsonFields.Text(slice, "spec/nodeName") ?? JsonFields.Text(slice, "spec/pool/name"))
        .Select(node => new DetectedMachine(
            new MachineSpec { ComputerName = node.Key, Source = Source },
            Whole(node.SelectMany(Devices).ToList()).Select((device, index) => Card(device, index)).ToList()));

    /// <summary>The devices without the cards that are cut into others of them.</summary>
    private static IEnumerable<JToken> Whole(IReadOnlyList<JToken> devices)
    {
        var cut = devices.Select(device => Attribute(device, "parentUUID")).OfType<string>().ToList();
        return devices.Where(device => Attribute(device, "uuid") is not { } uuid || !cut.Contains(uuid));
    }

    private static IEnumerable<JObject> Slices(InventoryText text)
    {
        var documents = text.Json.Count > 0 ? text.Json : YamlText.Documents(text.Lines);
        return documents.SelectMany(value => JsonFields.At(value, "items") as JArray ?? new JArray(value))
            .OfType<JObject>().Where(slice => JsonFields.At(slice, "spec/devices") is JArray);
    }

    /// <summary>The devices; their facts are one level deeper until version v1.</summary>
    private static IEnumerable<JToken> Devices(JObject slice) => ((JArray)JsonFields.At(slice, "spec/devices")!)
        .Select(device => JsonFields.At(device, "basic") ?? device).GroupBy(Counters)
        .SelectMany(shared => shared.Key is null ? shared : shared.Take(1))
        .Where(device => JsonFields.Text(JsonFields.At(device, "attributes"), "type/string") != "nic"
            && (JsonFields.At(device, "capacity/memory") is not null || Attributes(device).Any(entry =>
                entry.Name is "productName" or "product" or "model")));

    /// <summary>The attributes under their names alone: a driver may put its domain before them.</summary>
    private static IEnumerable<(string Name, JToken Value)> Attributes(JToken device) =>
        (JsonFields.At(device, "attributes") as JObject)?.Properties()
            .Select(property => (property.Name.Split('/').Last(), property.Value))
        ?? Enumerable.Empty<(string, JToken)>();

    /// <summary>
    /// What a device and its partitions take their memory from: of all that share it the first, which is the whole, is
    /// the card.
    /// </summary>
    private static string? Counters(JToken device) => (JsonFields.At(device, "consumesCounters") as JArray)?
        .Select(entry => JsonFields.Text(entry, "counterSet")).FirstOrDefault();

    private static string? Attribute(JToken device, string name) => Attributes(device)
        .Where(entry => entry.Name == name)
        .Select(entry => JsonFields.Scalar(
            (entry.Value as JObject)?.Properties().FirstOrDefault()?.Value ?? entry.Value))
        .FirstOrDefault();

    private static DetectedGpu Card(JToken device, int index)
    {
        string? Attribute(string name) => ResourceSlices.Attribute(device, name);
        var product = Attribute("productName") ?? Attribute("product") ?? Attribute("model") ?? Attribute("family")
            ?? string.Empty;
        var name = product.Replace('_', ' ').Trim();
        var profile = Attribute("profile");
        var card = FoundCard.Create(
            name, Source, index,
            KubernetesNodes.Quantity(JsonFields.Text(device, "capacity/memory/value", "capacity/memory")
                ?? Attribute("memory")),
            driver: Attribute("driverVersion"));
        card = card with
        {
            Facts = card.Facts with { Uuid = Attribute("uuid") },
            OtherNames = new[] { name.Replace(" OAM", string.Empty), product },
        };
        return profile is null || Attribute("type") != "mig" ? card : NvidiaFacts.MigInstance(
            card, profile, card.Facts.Uuid, new NvidiaFacts.MemoryFacts(card.Facts.MemoryBytes, null, null, null));
    }
}
