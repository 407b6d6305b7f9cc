using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>nixos-facter</c>: hwinfo's facts as JSON.</summary>
internal static class NixosFacter
{
    private const string Source = "nixos-facter";

    /// <summary>Whether there is a report of hardware as it writes one.</summary>
    public static bool Recognizes(InventoryText text) => Reports(text).Any();

    /// <summary>The machines: one a report.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) =>
        Reports(text).Select(Machine);

    private static DetectedMachine Machine(JToken report)
    {
        var processors = (JsonFields.At(report, "hardware/cpu") as JArray)?.ToList() ?? new List<JToken>();
        var memory = (JsonFields.At(report, "hardware/memory") as JArray)?
            .SelectMany(item => JsonFields.At(item, "resources") as JArray ?? new JArray())
            .Where(resource => JsonFields.Text(resource, "type") == "phys_mem")
            .Sum(resource => Fields.PositiveBytes(JsonFields.Text(resource, "range")) ?? 0);
        return new DetectedMachine(
            new MachineSpec
            {
                Cpu = processors.Select(cpu => JsonFields.Text(cpu, "model_name"))
                    .FirstOrDefault(),
                CoreCount = Sum(processors, "cores"),
                LogicalProcessorCount = Sum(processors, "siblings"),
                SystemMemoryBytes = memory > 0 ? memory : null,
                Virtualization = JsonFields.Text(report, "virtualisation") is { } kind && kind != "none" ? kind : null,
                Source = Source,
            },
            PciObjects.Cards(JsonFields.At(report, "hardware/graphics_card") as JArray, Source, true)
                ?? System.Array.Empty<DetectedGpu>());
    }

    /// <summary>What the processors have together, each told once however many of its cores are listed.</summary>
    private static int? Sum(IEnumerable<JToken> processors, string field) => processors
        .GroupBy(cpu => JsonFields.Text(cpu, "physical_id"))
        .Sum(same => Fields.PositiveInteger(JsonFields.Text(same.First(), field)) ?? 0) is > 0 and var sum ? sum : null;

    private static IEnumerable<JToken> Reports(InventoryText text) => text.Json.Where(value =>
        JsonFields.At(value, "hardware") is JObject && JsonFields.At(value, "version") is not null
        && (JsonFields.At(value, "hardware/graphics_card") ?? JsonFields.At(value, "hardware/cpu")) is JArray);
}
