using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>nomad node status -json</c>: devices of the kind <c>gpu</c> and the memory of the node.</summary>
internal static class NomadNodes
{
    private const string Source = "nomad";

    /// <summary>Whether there are nodes of Nomad.</summary>
    public static bool Recognizes(InventoryText text) => Nodes(text).Any();

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) => Nodes(text)
        .Select(node =>
        new DetectedMachine(
            new MachineSpec
            {
                ComputerName = JsonFields.Text(node, "Name"),
                OperatingSystem = JsonFields.Text(node["Attributes"], "os.name"),
                Cpu = JsonFields.Text(node["Attributes"], "cpu.modelname"),
                LogicalProcessorCount = Fields.PositiveInteger(
                    JsonFields.Text(node["Attributes"], "cpu.numcores")),
                SystemMemoryBytes = Fields.PositiveBytes(JsonFields.Text(node, "NodeResources/Memory/MemoryMB"), "MiB"),
                Source = Source,
            },
            // Devices are those of plugins: a node that has none may have cards that nobody announces.
            JsonFields.At(node, "NodeResources/Devices") is JArray ? Cards(node).ToList() : null));

    private static IEnumerable<DetectedGpu> Cards(JObject node)
    {
        var index = 0;
        var groups = (JsonFields.At(node, "NodeResources/Devices") as JArray)?.OfType<JObject>()
            ?? Array.Empty<JObject>();
        foreach (var group in groups.Where(group => JsonFields.Text(group, "Type") == "gpu"))
        {
            foreach (var instance in (group["Instances"] as JArray)?.OfType<JObject>() ?? Array.Empty<JObject>())
                yield return Card(group, JsonFields.Text(instance, "ID"), index++);
        }
    }

    private static DetectedGpu Card(JObject group, string? id, int index)
    {
        var name = JsonFields.Text(group, "Name") ?? string.Empty;
        var memory = JsonFields.At(group, "Attributes/memory");
        return new DetectedGpu(new GpuSpec
        {
            Name = name,
            Vendor = AdapterKind.Vendor(null, JsonFields.Text(group, "Vendor")),
            Index = index,
            Uuid = id,
            MemoryBytes = Fields.PositiveBytes(JsonFields.Text(memory, "Int") + JsonFields.Text(memory, "Unit"), "MiB"),
            Source = Source,
        })
        {
            OtherNames = NvidiaFacts.WholeCards(name),
        };
    }

    private static IEnumerable<JObject> Nodes(InventoryText text) => text.Items.OfType<JObject>()
        .Where(node => JsonFields.At(node, "NodeResources") is JObject);
}
