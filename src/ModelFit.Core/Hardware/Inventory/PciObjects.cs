using ModelFit.Common;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// PCI devices as objects: Proxmox's <c>pvesh get /nodes/…/hardware/pci</c>, ohai's <c>pci</c>, nixos-facter's
/// graphics cards, ghw's <c>cards</c>, snaps' YAML. A device is an object with the ids of its vendor, of itself and of
/// its class, whatever these are called.
/// </summary>
internal static class PciObjects
{
    private const int MaxDepth = 8;

    private static readonly string[] Vendors = { "vendor/hex", "vendor/id", "vendor_id", "vendor-id", "vendor" };

    private static readonly string[] Products =
        { "device/hex", "product/id", "device_id", "device-id", "product_id", "device" };

    private static readonly string[] Classes =
        { "class/id", "class_code", "device-class", "class_id", "class" };

    /// <summary>Whether the JSON or the YAML has PCI devices with their classes.</summary>
    public static bool Recognizes(InventoryText text) => Devices(text).Any();

    /// <summary>The one machine of the list.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        yield return new DetectedMachine(
            // A list without a display may be a part of one.
            new MachineSpec { Source = "PCI" }, Cards(Devices(text), "PCI") is { Count: > 0 } cards ? cards : null);
    }

    /// <summary>The cards among devices; null if no device is known.</summary>
    /// <param name="devices">The devices.</param>
    /// <param name="source">Who tells.</param>
    /// <param name="areDisplays">Whether all of them are displays; else their classes tell.</param>
    public static IReadOnlyList<DetectedGpu>? Cards(
        IEnumerable<JToken>? devices, string source, bool areDisplays = false)
    {
        var list = devices?.ToList();
        if (list is null || list.Count == 0) return null;
        return list.Where(device => areDisplays || IsDisplay(device))
            .Select((device, index) => Card(device, index, source)).ToList();
    }

    private static IEnumerable<JToken> Devices(InventoryText text) => (text.Json.Count > 0 ? text.Json
            : text.Contains("vendor-id:") || text.Contains("vendor_id:") ? YamlText.Documents(text.Lines)
            : Array.Empty<JToken>())
        .SelectMany(value => Devices(value, 0).Until(text.Stop));

    private static IEnumerable<JToken> Devices(JToken value, int depth, bool areGpus = false)
    {
        if (depth > MaxDepth) return Array.Empty<JToken>();
        if (value is JArray list) return list.SelectMany(item => Devices(item, depth + 1, areGpus));
        if (value is not JObject item) return Array.Empty<JToken>();
        return IsDevice(item, areGpus) ? new[] { item }
            : item.Properties().SelectMany(part => Devices(part.Value, depth + 1, part.Name is "gpus" or "gpu"));
    }

    /// <summary>Whether ids make an object a device: with its class, or a GPU of which nothing else is told.</summary>
    private static bool IsDevice(JObject item, bool isGpu) => Id(item) is not null
        && (JsonFields.Text(item, Classes) is { } code ? IsHexadecimal(code)
            : isGpu && item.Properties().All(part => part.Value is JValue && !IsOwn(part.Name)));

    private static bool IsOwn(string property) => Fields.ContainsAny(property, "name", "model", "memory", "vram");

    private static PciId? Id(JToken device) =>
        PciId.Create(JsonFields.Text(device, Vendors), JsonFields.Text(device, Products));

    private static bool IsHexadecimal(string code) => Plain(code) is { Length: >= 2 and <= 6 } plain
        && plain.All(Uri.IsHexDigit);

    private static string Plain(string code) =>
        code.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? code.Substring(2) : code;

    private static bool IsDisplay(JToken device)
    {
        if (JsonFields.Text(device, Classes) is not { } code) return true;
        var plain = Plain(code);
        if (plain.Length == 3) plain = "0" + plain;
        return plain.StartsWith("03", StringComparison.Ordinal) || plain.StartsWith("12", StringComparison.Ordinal)
            || JsonFields.Text(device, "class_name") is "VGA compatible controller" or "3D controller"
                or "Display controller" or "Processing accelerators"
            || JsonFields.Text(device, "base_class/hex") == "0003";
    }

    private static DetectedGpu Card(JToken device, int index, string source)
    {
        var id = Id(device);
        var vendor = JsonFields.Text(device, "vendor/name", "vendor_name", "vendor-name") ?? string.Empty;
        var name = JsonFields.Text(device, "device/name", "product/name", "device_name", "device-name", "model");
        if (name is null or "unknown") name = string.Empty;
        var slot = JsonFields.Text(device, "sysfs_bus_id", "address", "id", "slot") ?? string.Empty;
        var address = Fields.PciAddress(slot) is null ? "0000:00:00.0" : slot;
        var card = Lspci.Card(new Lspci.Device(address, "Display controller", vendor, name, id));
        return card with
        {
            Facts = card.Facts with { Index = index, Source = source, PciBusId = Fields.PciAddress(slot) },
            IsIntegrated = slot.Length > 0 ? card.IsIntegrated : null,
        };
    }
}
