using System.Collections.Generic;
using System.Linq;
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
        .GroupBy(slice => JsonFields.Text(slice, "spec/nodeName") ?? JsonFields.Text(slice, "spec/pool/name"))
        .Select(node => new DetectedMachine(
            new MachineSpec { ComputerName = node.Key, Source = Source },
            node.SelectMany(Devices).Select((device, index) => Card(device, index)).ToList()));

    private static IEnumerable<JObject> Slices(InventoryText text)
    {
        var documents = text.Json.Count > 0 ? text.Json : YamlText.Documents(text.Lines);
        return documents.SelectMany(value => JsonFields.At(value, "items") as JArray ?? new JArray(value))
            .OfType<JObject>().Where(slice => JsonFields.At(slice, "spec/devices") is JArray);
    }

    /// <summary>The devices; their facts are one level deeper until version v1.</summary>
    private static IEnumerable<JToken> Devices(JObject slice) => ((JArray)JsonFields.At(slice, "spec/devices")!)
        .Select(device => JsonFields.At(device, "basic") ?? device)
        .Where(device => JsonFields.Text(JsonFields.At(device, "attributes"), "type/string") != "nic"
            && (JsonFields.At(device, "attributes/productName") ?? JsonFields.At(device, "capacity/memory")
                ?? JsonFields.At(device, "attributes/model")) is not null);

    private static DetectedGpu Card(JToken device, int index)
    {
        string? Attribute(string name) => JsonFields.Scalar(
            (JsonFields.At(device, "attributes/" + name) as JObject)?.Properties().FirstOrDefault()?.Value);
        var product = Attribute("productName") ?? Attribute("model") ?? Attribute("family") ?? string.Empty;
        var name = product.Replace('_', ' ').Trim();
        var profile = Attribute("profile");
        var card = FoundCard.Create(
            name, Source, index,
            KubernetesNodes.Quantity(JsonFields.Text(device, "capacity/memory/value", "capacity/memory")),
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
