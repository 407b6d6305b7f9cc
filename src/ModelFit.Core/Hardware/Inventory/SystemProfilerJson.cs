using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>system_profiler -json SPDisplaysDataType SPHardwareDataType SPSoftwareDataType SPMemoryDataType</c>; any of them.
/// </summary>
internal static class SystemProfilerJson
{
    private const string Source = "system_profiler";
    private static readonly string[] Parts = { "SPDisplaysDataType", "SPHardwareDataType" };

    /// <summary>Whether the JSON is a report of macOS.</summary>
    public static bool Recognizes(InventoryText text) => Reports(text).Any();

    /// <summary>The machines: one a report.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) =>
        Reports(text).Select(Machine);

    /// <summary>The reports; in a property list the type of each part stands beside its items.</summary>
    private static IEnumerable<JToken> Reports(InventoryText text) => text.Json
        .Select(value => value is JArray parts && parts.All(part => JsonFields.At(part, "_items") is JArray)
            ? new JObject(parts.GroupBy(part => JsonFields.Text(part, "_dataType") ?? string.Empty)
                .Select(same => new JProperty(same.Key, JsonFields.At(same.First(), "_items")))) : value)
        .Where(value => Parts.Any(part => JsonFields.At(value, part) is JArray));

    public static DetectedMachine Machine(JToken report)
    {
        var hardware = First(report, "SPHardwareDataType");
        var software = First(report, "SPSoftwareDataType");
        var memory = First(report, "SPMemoryDataType");
        var chip = JsonFields.Text(hardware, "chip_type");
        var facts = new MachineSpec
        {
            ComputerName = JsonFields.Text(software, "local_host_name"),
            OperatingSystem = JsonFields.Text(software, "os_version"),
            Cpu = chip ?? JsonFields.Text(hardware, "cpu_type"),
            CoreCount = Cores(JsonFields.Text(hardware, "number_processors")),
            SystemMemoryBytes = Fields.PositiveBytes(JsonFields.Text(hardware, "physical_memory")),
            MemoryType = JsonFields.Text(memory, "dimm_type"),
            Source = Source,
        };
        var displays = (JsonFields.At(report, "SPDisplaysDataType") as JArray)?.OfType<JObject>().ToList();
        if (displays is null && chip?.StartsWith("Apple", StringComparison.Ordinal) != true)
            return new DetectedMachine(facts, null);
        var gpus = displays?.Select((display, index) => Card(display, index, facts))
            ?? new[] { Apple.Card(chip!, null, facts.SystemMemoryBytes, null, Source) };
        return new DetectedMachine(facts, gpus.ToList());
    }

    private static DetectedGpu Card(JObject display, int index, MachineSpec machine)
    {
        var name = Name(display);
        var vendorText = JsonFields.Text(display, "spdisplays_vendor") ?? string.Empty;
        if (Fields.ContainsAny(vendorText, "apple") || name.StartsWith("Apple", StringComparison.Ordinal))
        {
            var cores = Fields.PositiveInteger(JsonFields.Text(display, "sppci_cores"));
            return Apple.Card(name, cores, machine.SystemMemoryBytes, null, Source);
        }

        var shared = Fields.PositiveBytes(JsonFields.Text(display, "spdisplays_vram_shared"));
        var vendor = Regex.Match(vendorText, @"0x([0-9a-f]{4})", RegexOptions.IgnoreCase);
        var id = PciId.Create(
            vendor.Success ? vendor.Groups[1].Value : AdapterKind.VendorId(vendorText + " " + name),
            JsonFields.Text(display, "spdisplays_device-id"),
            revision: JsonFields.Text(display, "spdisplays_revision-id"));
        return new DetectedGpu(new GpuSpec
        {
            Name = name,
            Index = index,
            MemoryBytes = Fields.PositiveBytes(JsonFields.Text(display, "spdisplays_vram", "_spdisplays_vram"), "MB"),
            SharedMemoryBytes = shared,
            Source = Source,
        })
        {
            Id = id,
            IsIntegrated = shared is not null ? true : null,
        };
    }

    /// <summary>The name, unless it is an internal key such as <c>kHW_IntelUHDGraphics630Item</c>.</summary>
    private static string Name(JObject display)
    {
        var name = JsonFields.Text(display, "_name");
        var model = JsonFields.Text(display, "sppci_model");
        var isKey = name is null || name.StartsWith("kHW_", StringComparison.Ordinal)
            || name.StartsWith("spdisplays_", StringComparison.Ordinal);
        return (isKey ? model ?? name : name) ?? string.Empty;
    }

    /// <summary>From <c>proc 8:4:4</c> (all, performance, efficiency) or a number.</summary>
    private static int? Cores(string? processors)
    {
        var match = Regex.Match(processors ?? string.Empty, @"(\d+)");
        return match.Success ? Fields.PositiveInteger(match.Value) : null;
    }

    private static JToken? First(JToken report, string part) =>
        (JsonFields.At(report, part) as JArray)?.FirstOrDefault();
}
