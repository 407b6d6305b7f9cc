using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// What the agents of GLPI, FusionInventory and OCS send: XML with sections in capitals, or GLPI's JSON with the same
/// sections. Memory is in MiB.
/// </summary>
internal static class GlpiInventory
{
    private const string Source = "GLPI agent";

    /// <summary>Whether there is a section of hardware inside the content of a request.</summary>
    public static bool Recognizes(InventoryText text) => Contents(text).Any();

    /// <summary>The machines: one a request.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) =>
        Contents(text).Select(content => Machine(content));

    private static DetectedMachine Machine(JObject content)
    {
        var hardware = One(content, "hardware");
        var system = One(content, "operatingsystem");
        var processors = Many(content, "cpus").ToList();
        var modules = Many(content, "memories").Select(module => Mib(JsonFields.Text(module, "capacity"))).ToList();
        var name = processors.Select(cpu => JsonFields.Text(cpu, "name")).FirstOrDefault(text => text is not null);
        return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = JsonFields.Text(hardware, "name") ?? JsonFields.Text(system, "fqdn"),
                OperatingSystem = JsonFields.Text(system, "full_name") ?? JsonFields.Text(hardware, "osname"),
                Cpu = name ?? JsonFields.Text(hardware, "processort"),
                CoreCount = JsonFields.Sum(processors, "core", "corecount", "cores"),
                LogicalProcessorCount = JsonFields.Sum(processors, "thread", "logical_cpus"),
                SystemMemoryBytes = Mib(JsonFields.Text(hardware, "memory"))
                    ?? (modules.Any(size => size > 0) ? modules.Sum() : null),
                Source = Source,
            },
            Cards(content, name, Mib(JsonFields.Text(hardware, "memory"))));
    }

    /// <summary>The videos; null where there is none, for an agent leaves out what it could not see.</summary>
    private static IReadOnlyList<DetectedGpu>? Cards(JObject content, string? processor, long? memory)
    {
        var videos = Many(content, "videos").ToList();
        if (videos.Count == 0)
            return Apple.IsChip(processor) ? new[] { Apple.Card(processor!, null, memory, null, Source) } : null;
        return videos.Select(video => (Name: JsonFields.Text(video, "name"), Chip: JsonFields.Text(video, "chipset"),
                Memory: Mib(JsonFields.Text(video, "memory")), Bus: JsonFields.Text(video, "pcislot")))
            .Where(video => (video.Name ?? video.Chip) is not null)
            .GroupBy(video => (video.Name, video.Chip, video.Memory, video.Bus))
            .SelectMany(same => same.Key.Bus is null ? same : same.Take(1))
            .Select((video, index) => Card(video.Name, video.Chip, video.Memory, video.Bus, index))
            .ToList();
    }

    private static DetectedGpu Card(string? name, string? chip, long? memory, string? bus, int index)
    {
        var card = FoundCard.Create(name ?? chip, Source, index, memory, bus: bus);
        return card with
        {
            OtherNames = chip is null ? Array.Empty<string>() : new[] { chip },
            MemoryIsCapped = VideoController.IsUnsure(memory, card.IsIntegrated == true),
        };
    }

    private static long? Mib(string? value) => Fields.PositiveBytes(value, "MiB");

    private static JToken? One(JObject content, string section) => Many(content, section).FirstOrDefault();

    private static IEnumerable<JToken> Many(JObject content, string section) =>
        content.GetValue(section, StringComparison.OrdinalIgnoreCase) switch
        {
            JArray array => array,
            JObject one => new[] { one },
            _ => Array.Empty<JToken>(),
        };

    private static IEnumerable<JObject> Contents(InventoryText text) => text.Items
        .SelectMany(value => new[] { value, JsonFields.At(value, "request") })
        .Select(value => JsonFields.At(value, "content")).OfType<JObject>()
        .Where(content => JsonFields.At(content, "hardware") is not null);
}
