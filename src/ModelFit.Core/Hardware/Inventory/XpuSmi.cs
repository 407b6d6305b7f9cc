using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Intel's <c>xpu-smi discovery</c>, its table and <c>-j</c>, NVIDIA's <c>dcgmi discovery -l</c> in the same form, and
/// <c>intel_gpu_top -L</c>.
/// </summary>
internal static class XpuSmi
{
    private const string Source = "xpu-smi";
    private const RegexOptions Options = RegexOptions.IgnoreCase;

    private static readonly Regex Row = new(
        @"^\|\s*(?:(\d+)\s*)?\|\s*([A-Za-z][A-Za-z ]*?):\s*(?:(\S(?:.*\S)?)\s*)?\|\s*$", Options);

    /// <summary>A row whose bars are lost, as some versions and forums have it.</summary>
    private static readonly Regex Bare = new(
        @"^(?:(\d{1,3})\s{1,40})?([A-Za-z][A-Za-z ]{0,40}?):\s{0,40}(\S.*)?$", Options);

    private static readonly Regex TopLine = new(
        @"^card\d+\s+(\S(?:.*?\S)?)\s+pci:vendor=([0-9a-f]{4}),device=([0-9a-f]{4})", Options);

    /// <summary>Whether there are devices as xpu-smi describes them.</summary>
    public static bool Recognizes(InventoryText text) => Devices(text).Any();

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        yield return new DetectedMachine(new MachineSpec { Source = Source }, Devices(text).Select(Card).ToList());
    }

    /// <summary>Whether there are cards as intel_gpu_top lists them.</summary>
    public static bool RecognizesTop(InventoryText text) => text.Lines.Any(line => TopLine.IsMatch(line));

    /// <summary>
    /// The one machine of intel_gpu_top's list: its names are those of chips, so the ids tell the cards.
    /// </summary>
    public static IEnumerable<DetectedMachine> ReadTop(InventoryText text, ReadContext context)
    {
        var lines = text.Lines.Select(line => TopLine.Match(line)).Where(match => match.Success);
        var cards = lines.Select((match, index) =>
            new DetectedGpu(new GpuSpec { Name = match.Groups[1].Value, Index = index, Source = "intel_gpu_top" })
            {
                Id = PciId.Create(match.Groups[2].Value, match.Groups[3].Value),
            });
        yield return new DetectedMachine(new MachineSpec { Source = "intel_gpu_top" }, cards.ToList());
    }

    private static DetectedGpu Card(JObject device)
    {
        var name = JsonFields.Text(device, "device_name") ?? string.Empty;
        return new DetectedGpu(new GpuSpec
        {
            Name = name,
            Vendor = AdapterKind.Vendor(null, name) ?? "Intel",
            Index = Fields.Integer(JsonFields.Text(device, "device_id")),
            Uuid = JsonFields.Text(device, "uuid", "soc_uuid", "device_uuid"),
            PciBusId = Fields.PciAddress(JsonFields.Text(device, "pci_bdf_address", "pci_bus_id")),
            MemoryBytes = Fields.PositiveBytes(JsonFields.Text(device, "memory_physical_size_byte"))
                ?? Fields.PositiveBytes(JsonFields.Text(device, "memory_physical_size"), "MiB"),
            MemoryFreeBytes = Fields.Bytes(JsonFields.Text(device, "memory_free_size_byte")),
            DriverVersion = JsonFields.Text(device, "driver_version"),
            Source = Source,
        })
        {
            Id = PciId.Create("8086", JsonFields.Text(device, "pci_device_id")),
            IsIntegrated = AdapterKind.IsIntegrated(AdapterKind.Vendor(null, name) ?? "Intel", name) ? true : null,
        };
    }

    private static IEnumerable<JObject> Devices(InventoryText text) => text.Json.Count > 0
        ? text.Json.SelectMany(value => JsonFields.At(value, "device_list") as JArray ?? new JArray(value))
            .OfType<JObject>().Where(IsDevice)
        : Rows(text);

    private static bool IsDevice(JObject device) => device["device_id"] is not null
        && JsonFields.Text(device, "device_name") is not null
        && (JsonFields.Text(device, "vendor_name")?.Contains("Intel") == true
            || device["memory_physical_size_byte"] is not null || device["pci_bdf_address"] is not null);

    private static IEnumerable<JObject> Rows(InventoryText text)
    {
        JObject? device = null;
        var isBare = text.Contains("Device Information") && !text.Lines.Any(line => Row.IsMatch(line));
        foreach (var row in text.Lines.Select(line => isBare ? Bare.Match(line.Trim()) : Row.Match(line))
            .Where(match => match.Success))
        {
            if (row.Groups[1].Length > 0 && row.Groups[2].Value is "Device Name" or "Device Type" or "Name")
            {
                if (device?["device_name"] is not null) yield return device;
                device = new JObject { ["device_id"] = row.Groups[1].Value };
            }

            var key = row.Groups[2].Value.ToLowerInvariant().Replace(' ', '_');
            if (key == "name") key = "device_name";
            if (device is not null) device[key] = row.Groups[3].Value;
        }

        if (device?["device_name"] is not null) yield return device;
    }
}
