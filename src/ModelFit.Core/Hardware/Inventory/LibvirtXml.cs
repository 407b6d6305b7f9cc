using System.Globalization;
using System.Xml.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>libvirt's XML: domains, hosts (<c>virsh capabilities</c>, <c>sysinfo</c>) and devices.</summary>
internal static class LibvirtXml
{
    private const string Source = "virsh";

    private static readonly string[] Roots = { "<domain", "<capabilities", "<sysinfo", "<device>" };

    /// <summary>Whether the text begins as one of them.</summary>
    public static bool Recognizes(InventoryText text) =>
        Roots.Any(text.Contains) && XmlText.Documents(text).Any(IsKnown);

    /// <summary>The machines: one a domain or a host; devices are those of one.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var documents = XmlText.Documents(text).Where(IsKnown).ToList();
        var devices = documents.Where(root => root.Name.LocalName == "device").ToList();
        foreach (var root in documents.Where(root => root.Name.LocalName != "device")) yield return Machine(root);
        if (devices.Count == 0) yield break;
        var cards = devices.SelectMany(Cards).Numbered();
        if (cards.Count == 0 && documents.Count == devices.Count) throw context.Damaged(FormattableString.Invariant(
            $"{devices.Count} PCI device(s), and none is a display adapter."));
        if (cards.Count > 0) yield return new DetectedMachine(new MachineSpec { Source = Source }, cards);
    }

    private static bool IsKnown(XElement root) => root.Name.LocalName switch
    {
        "domain" => root.Element("memory") is not null && root.Element("vcpu") is not null,
        "capabilities" => root.Element("host")?.Element("cpu") is not null,
        "sysinfo" => root.Elements("processor").Any() || root.Elements("memory_device").Any(),
        "device" => root.Elements("capability").Any(entry => (string?)entry.Attribute("type") == "pci"),
        _ => false,
    };

    private static DetectedMachine Machine(XElement root)
    {
        var cells = root.Element("host")?.Descendants("cell").ToList() ?? new List<XElement>();
        var memory = root.Name.LocalName switch
        {
            "domain" => Size(root.Element("memory")),
            "capabilities" => Sum(cells.Select(cell => Size(cell.Element("memory")))),
            _ => Sum(root.Elements("memory_device").Select(module =>
                Fields.PositiveBytes(Entry(module, "size")))),
        };
        var threads = root.Name.LocalName == "domain" ? Fields.PositiveInteger(root.Element("vcpu")?.Value)
            : cells.Sum(cell => Fields.Integer((string?)cell.Element("cpus")?.Attribute("num")) ?? 0);
        return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = Fields.Text(root.Element("name")?.Value),
                Cpu = root.Elements("processor").Select(processor => Entry(processor, "version"))
                    .FirstOrDefault(name => name is not null),
                LogicalProcessorCount = threads > 0 ? threads : null,
                SystemMemoryBytes = memory,
                Source = Source,
            },
            null);
    }

    private static string? Entry(XElement group, string name) => Fields.Text(group.Elements("entry")
        .FirstOrDefault(entry => (string?)entry.Attribute("name") == name)?.Value);

    private static long? Size(XElement? memory) => memory is null ? null
        : Fields.PositiveBytes(memory.Value.Trim() + ((string?)memory.Attribute("unit") ?? "KiB"));

    private static long? Sum(IEnumerable<long?> sizes) => sizes.Sum(size => size ?? 0) is var sum and > 0 ? sum : null;

    private static IEnumerable<DetectedGpu> Cards(XElement device)
    {
        var pci = device.Elements("capability").First(entry => (string?)entry.Attribute("type") == "pci");
        var (product, vendor) = (pci.Element("product"), pci.Element("vendor"));
        var code = pci.Element("class")?.Value.Trim() ?? string.Empty;
        if (!code.StartsWith("0x03", StringComparison.Ordinal) && !code.StartsWith("0x12", StringComparison.Ordinal)
            && !AdapterKind.IsGpuName(product?.Value)) yield break;
        string Part(string name) => (Fields.Integer(pci.Element(name)?.Value) ?? 0)
            .ToString("x2", CultureInfo.InvariantCulture);
        var card = Lspci.Card(new Lspci.Device(
            $"{Part("bus")}:{Part("slot")}.{Fields.Integer(pci.Element("function")?.Value) ?? 0}", "Display controller",
            vendor?.Value ?? string.Empty, product?.Value ?? string.Empty,
            PciId.Create((string?)vendor?.Attribute("id"), (string?)product?.Attribute("id"))));
        yield return card with { Facts = card.Facts with { Source = Source } };
    }
}
