using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// PCI devices as objects: Proxmox's <c>pvesh get /nodes/…/hardware/pci</c>, ohai's <c>pci</c>, nixos-facter's
/// graphics cards.
/// </summary>
internal static class PciObjects
{
    /// <summary>Whether the JSON is a list of PCI devices with their classes.</summary>
    public static bool Recognizes(InventoryText text) => Devices(text).Any();

    /// <summary>The one machine of the list.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        yield return new DetectedMachine(
            new MachineSpec { Source = "PCI" }, Cards(Devices(text), "PCI") ?? Array.Empty<DetectedGpu>());
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

    private static IEnumerable<JObject> Devices(InventoryText text) => text.Json
        .SelectMany(value => value is JArray array ? array : JsonFields.At(value, "data") as JArray ?? new JArray())
        .OfType<JObject>().Where(device => JsonFields.Text(device, "class") is not null
            && JsonFields.Text(device, "vendor") is not null && JsonFields.Text(device, "device") is not null
            && JsonFields.Text(device, "class")!.StartsWith("0x", StringComparison.Ordinal));

    private static bool IsDisplay(JToken device)
    {
        var code = JsonFields.Text(device, "class", "class_id") ?? string.Empty;
        var plain = code.StartsWith("0x", StringComparison.Ordinal) ? code.Substring(2) : code;
        return plain.StartsWith("03", StringComparison.Ordinal) || plain.StartsWith("12", StringComparison.Ordinal)
            || JsonFields.Text(device, "class_name") is "VGA compatible controller" or "3D controller"
                or "Display controller" or "Processing accelerators"
            || JsonFields.Text(device, "base_class/hex") == "0003";
    }

    private static DetectedGpu Card(JToken device, int index, string source)
    {
        var id = PciId.Create(
            JsonFields.Text(device, "vendor/hex", "vendor_id", "vendor"),
            JsonFields.Text(device, "device/hex", "device_id", "device"));
        var vendor = JsonFields.Text(device, "vendor/name", "vendor_name") ?? string.Empty;
        var name = JsonFields.Text(device, "device/name", "device_name", "model") ?? string.Empty;
        var slot = JsonFields.Text(device, "sysfs_bus_id", "id", "slot") ?? string.Empty;
        var address = Fields.PciAddress(slot) is null ? "0000:00:00.0" : slot;
        var card = Lspci.Card(new Lspci.Device(address, "Display controller", vendor, name, id));
        return card with
        {
            Facts = card.Facts with { Index = index, Source = source, PciBusId = Fields.PciAddress(slot) },
            IsIntegrated = slot.Length > 0 ? card.IsIntegrated : null,
        };
    }
}
