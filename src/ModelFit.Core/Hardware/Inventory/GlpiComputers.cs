using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>Computers as GLPI's REST API tells of them, with <c>with_devices</c>; memory is in MiB.</summary>
internal static class GlpiComputers
{
    private const string Source = "GLPI";

    /// <summary>Whether there are computers with their devices.</summary>
    public static bool Recognizes(InventoryText text) => Computers(text).Any();

    /// <summary>The machines: one a computer.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        foreach (var computer in Computers(text))
        {
            context.Stop.ThrowIfCancellationRequested();
            yield return Machine(computer);
        }
    }

    private static DetectedMachine Machine(JObject computer)
    {
        var processors = Devices(computer, "Item_DeviceProcessor").ToList();
        var memory = Devices(computer, "Item_DeviceMemory")
            .Sum(module => Fields.PositiveBytes(JsonFields.Text(module, "size"), "MiB") ?? 0);
        var cards = Devices(computer, "Item_DeviceGraphicCard").Select((card, index) => Card(card, index)).ToList();
        return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = JsonFields.Text(computer, "name"),
                Cpu = processors.Select(cpu => JsonFields.Text(cpu, "deviceprocessors_id", "designation"))
                    .FirstOrDefault(),
                CoreCount = JsonFields.Sum(processors, "nbcores"),
                LogicalProcessorCount = JsonFields.Sum(processors, "nbthreads"),
                SystemMemoryBytes = memory > 0 ? memory : null,
                Source = Source,
            },
            cards);
    }

    private static DetectedGpu Card(JToken card, int index)
    {
        var memory = Fields.PositiveBytes(JsonFields.Text(card, "memory"), "MiB");
        var found = FoundCard.Create(
            JsonFields.Text(card, "devicegraphiccards_id", "designation"), Source, index, memory);
        return found with { MemoryIsCapped = VideoController.IsUnsure(memory, found.IsIntegrated == true) };
    }

    /// <summary>The devices of a kind: an array, or an object by their numbers.</summary>
    private static IEnumerable<JToken> Devices(JObject computer, string kind) =>
        JsonFields.At(computer, "_devices/" + kind) switch
        {
            JArray array => array,
            JObject byNumber => byNumber.Properties().Select(property => property.Value),
            _ => Enumerable.Empty<JToken>(),
        };

    private static IEnumerable<JObject> Computers(InventoryText text) => text.Items.OfType<JObject>()
        .Where(computer => JsonFields.At(computer, "_devices") is JContainer);
}
