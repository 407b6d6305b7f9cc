using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Redfish's <c>ComputerSystem</c>, and the processors of the kind GPU that a management controller lists.
/// </summary>
internal static class Redfish
{
    private const string Source = "Redfish";

    /// <summary>Whether there is a system, or a processor that is a GPU.</summary>
    public static bool Recognizes(InventoryText text) => Systems(text).Any() || Processors(text).Any();

    /// <summary>The machines: one a system; processors alone are those of one machine.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var cards = Processors(text).Select((card, index) => FoundCard.Create(
            JsonFields.Text(card, "Model", "Name"), Source, index, MemoryOf(card))).ToList();
        var systems = Systems(text).ToList();
        if (systems.Count == 0) return new[] { new DetectedMachine(new MachineSpec { Source = Source }, cards) };
        return systems.Select(system => Machine(system, systems.Count == 1 && cards.Count > 0 ? cards : null));
    }

    private static DetectedMachine Machine(JObject system, IReadOnlyList<DetectedGpu>? cards) => new(
        new MachineSpec
        {
            ComputerName = JsonFields.Text(system, "HostName", "Name") is { } name && name != "System" ? name
                : JsonFields.Text(system, "Id"),
            Cpu = JsonFields.Text(system, "ProcessorSummary/Model"),
            CoreCount = Fields.PositiveInteger(JsonFields.Text(system, "ProcessorSummary/CoreCount")),
            LogicalProcessorCount = Fields.PositiveInteger(
                JsonFields.Text(system, "ProcessorSummary/LogicalProcessorCount")),
            SystemMemoryBytes = NumberStyle.Invariant.Size(
                JsonFields.Text(system, "MemorySummary/TotalSystemMemoryGiB") ?? string.Empty, "GiB",
                CellSize.Bare.Bytes) is > 0 and var bytes ? bytes : null,
            Source = Source,
        },
        cards);

    private static long? MemoryOf(JObject card) =>
        Fields.PositiveBytes(JsonFields.Text(card, "MemorySummary/TotalMemorySizeMiB"), "MiB")
            ?? (card["ProcessorMemory"] as JArray)?.Select(memory =>
                Fields.PositiveBytes(JsonFields.Text(memory, "CapacityMiB"), "MiB")).Max();

    private static IEnumerable<JObject> Systems(InventoryText text) => Objects(text).Where(item =>
        JsonFields.Text(item, "MemorySummary/TotalSystemMemoryGiB") is not null);

    private static IEnumerable<JObject> Processors(InventoryText text) => Objects(text).Where(item =>
        JsonFields.Text(item, "ProcessorType") is "GPU" or "Accelerator" && JsonFields.Text(item, "Model") is not null);

    private static IEnumerable<JObject> Objects(InventoryText text) => text.Items
        .SelectMany(value => (JsonFields.At(value, "Members") as JArray)?.AsEnumerable() ?? new[] { value })
        .OfType<JObject>();
}
