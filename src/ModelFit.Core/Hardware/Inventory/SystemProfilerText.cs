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

    /// <summary>
    /// Whether there are its sections of displays or hardware, and no processor under another of its labels: that of
    /// another machine, whose lines look alike.
    /// </summary>
    public static bool Recognizes(InventoryText text) =>
        text.Lines.Any(line => line.Trim() is "Graphics/Displays:" or "Hardware Overview:"
            || line.TrimStart().StartsWith("Chipset Model:", StringComparison.Ordinal))
        && !text.Lines.Any(line => line.TrimStart().StartsWith("CPU:", StringComparison.Ordinal));

    /// <summary>The machines of the text: one a report.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var outline = OutlineText.Parse(text.Lines);
        var isOne = text.Lines.Count(line => line.Trim() == "Hardware Overview:") < 2;
        if (!isOne || !Sections.Take(2).Any(section => outline[section.Title] is JObject { Count: > 0 }))
            return Flat(text.Lines).Select(SystemProfilerJson.Machine);
        var report = new JObject();
        foreach (var (title, part, labels) in Sections)
        {
            if (outline[title] is not JObject section) continue;
            var items = section.Properties().Select(item => item.Value).OfType<JObject>().ToList();
            if (items.Count == 0 || labels.Any(label => section[label.Label] is JValue)) items = new() { section };
            report[part] = new JArray(items.Select(item => Renamed(item, labels)));
        }

        return new[] { SystemProfilerJson.Machine(report) };
    }

    /// <summary>Reports whose indentation was lost on their way, or several below each other.</summary>
    private static IEnumerable<JToken> Flat(IReadOnlyList<string> lines)
    {
        var reports = LabelText.Blocks(lines, line => line.Trim() == "Hardware Overview:")
            .DefaultIfEmpty(lines.ToList());
        foreach (var lineList in reports)
        {
            var report = new JObject();
            var hardware = Renamed(lineList, Sections[1].Labels);
            if (hardware.Count > 0) report[Sections[1].Part] = new JArray(hardware);
            var displays = LabelText.Blocks(lineList, line =>
                    line.TrimStart().StartsWith("Chipset Model:", StringComparison.Ordinal))
                .Select(block => Renamed(block, Sections[0].Labels)).ToList();
            if (displays.Count > 0) report[Sections[0].Part] = new JArray(displays);
            yield return report;
        }
    }

    private static JObject Renamed(IEnumerable<string> lines, (string Label, string Key)[] labels) =>
        Renamed(new JObject(LabelText.First(lines).Select(pair => new JProperty(pair.Key, pair.Value))), labels);

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
