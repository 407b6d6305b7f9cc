using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>lxc info --resources</c> and <c>incus info --resources</c>: the parts of a host below their titles, in the plural
/// where there are several.
/// </summary>
internal static class LxdInfo
{
    private const string Source = "lxc";

    private static readonly Regex Processor = new(@"^CPUs? \([\w-]{1,16}\):\s*$");
    private static readonly Regex Named = new(@"^(.*?) \(([0-9a-f]{4})\)$");

    /// <summary>Whether there are a processor and memory as it prints them.</summary>
    public static bool Recognizes(InventoryText text) =>
        text.Lines.Any(line => Processor.IsMatch(line)) && text.Lines.Any(line => line.TrimEnd() is "Memory:");

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var outline = OutlineText.Parse(text.Lines);
        var memory = outline["Memory"];
        var processor = outline.Properties().Where(part => part.Name.StartsWith("CPU", StringComparison.Ordinal))
            .SelectMany(part => Parts(part.Value, "Name")).FirstOrDefault();
        var cards = outline.Properties().Where(part => part.Name is "GPU" or "GPUs")
            .SelectMany(part => Parts(part.Value, "Product")).Select(Card).ToList();
        yield return new DetectedMachine(
            new MachineSpec
            {
                Cpu = JsonFields.Text(processor, "Name"),
                SystemMemoryBytes = Fields.PositiveBytes(JsonFields.Text(memory, "Total")),
                SystemMemoryFreeBytes = Fields.Bytes(JsonFields.Text(memory, "Free")),
                Source = Source,
            },
            cards.Count > 0 ? cards : null);
    }

    /// <summary>The objects that have the key: the part itself, or those of a part in the plural.</summary>
    private static IEnumerable<JObject> Parts(JToken part, string key) => part is not JObject node
        ? Enumerable.Empty<JObject>()
        : node[key] is JValue ? new[] { node } : node.Properties().SelectMany(child => Parts(child.Value, key));

    private static DetectedGpu Card(JObject part, int index)
    {
        var (vendor, product) = (JsonFields.Text(part, "Vendor") ?? "", JsonFields.Text(part, "Product") ?? "");
        var (maker, device) = (Named.Match(vendor), Named.Match(product));
        var id = maker.Success && device.Success ? $"[{maker.Groups[2].Value}:{device.Groups[2].Value}]" : null;
        var card = Lspci.Card(Lspci.Create(
            Fields.PciAddress(JsonFields.Text(part, "PCI address")) ?? "0000:ff:00.0", "Display controller",
            id is null ? vendor : $"{maker.Groups[1].Value} [{maker.Groups[2].Value}]",
            id is null ? product : $"{device.Groups[1].Value} [{device.Groups[2].Value}]", string.Empty));
        var model = JsonFields.Text(part, "NVIDIA information/Model");
        return card with
        {
            Facts = card.Facts with
            {
                Name = model ?? card.Facts.Name,
                Index = index,
                Uuid = JsonFields.Text(part, "NVIDIA information/UUID"),
                PciBusId = Fields.PciAddress(JsonFields.Text(part, "PCI address")),
                Source = Source,
            },
        };
    }
}
