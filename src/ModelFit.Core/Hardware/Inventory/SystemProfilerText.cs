using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>system_profiler</c> without <c>-json</c>: the same facts under readable labels, since Mac OS X 10.4.
/// </summary>
internal static class SystemProfilerText
{
    /// <summary>Sections, the part of the JSON each is, and its labels with the JSON's keys.</summary>
    private static readonly (string Title, string Part, (string Label, string Key)[] Labels)[] Sections =
    {
        ("Graphics/Displays", "SPDisplaysDataType", new[]
        {
            ("Chipset Model", "_name"), ("Total Number of Cores", "sppci_cores"), ("Vendor", "spdisplays_vendor"),
            ("VRAM (Total)", "spdisplays_vram"), ("VRAM (Dynamic, Max)", "spdisplays_vram_shared"),
            ("Device ID", "spdisplays_device-id"), ("Revision ID", "spdisplays_revision-id"),
        }),
        ("Hardware", "SPHardwareDataType", new[]
        {
            ("Chip", "chip_type"), ("Processor Name", "cpu_type"), ("CPU Type", "cpu_type"),
            ("Memory", "physical_memory"),
            ("Total Number of Cores", "number_processors"), ("Number Of CPUs", "number_processors"),
        }),
        ("Software", "SPSoftwareDataType", new[]
        {
            ("System Version", "os_version"), ("Computer Name", "local_host_name"),
        }),
        ("Memory", "SPMemoryDataType", new[] { ("Type", "dimm_type") }),
    };

    /// <summary>Whether there are its sections of displays or hardware.</summary>
    public static bool Recognizes(InventoryText text) =>
        text.Lines.Any(line => line.Trim() is "Graphics/Displays:" or "Hardware Overview:");

    /// <summary>The one machine of the text.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var outline = OutlineText.Parse(text.Lines);
        var report = new JObject();
        foreach (var (title, part, labels) in Sections)
        {
            if (outline[title] is not JObject section) continue;
            var items = section.Properties().Select(item => item.Value).OfType<JObject>().ToList();
            if (items.Count == 0 || labels.Any(label => section[label.Label] is JValue)) items = new() { section };
            report[part] = new JArray(items.Select(item => Renamed(item, labels)));
        }

        yield return SystemProfilerJson.Machine(report);
    }

    private static JObject Renamed(JObject item, (string Label, string Key)[] labels)
    {
        var named = new JObject();
        foreach (var (label, key) in labels)
        {
            if (named[key] is null && item.GetValue(label, StringComparison.OrdinalIgnoreCase) is JValue value)
                named[key] = value;
        }

        return named;
    }
}
