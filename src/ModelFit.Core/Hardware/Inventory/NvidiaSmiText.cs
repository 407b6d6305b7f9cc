using System.Xml.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>nvidia-smi -q</c>: the report of <c>-x</c> as indented text.</summary>
internal static class NvidiaSmiText
{
    private static readonly Regex CardLine =new(@"^GPU [0-9A-Fa-f]{4,8}:[0-9A-Fa-f:.]+\s*$");

    /// <summary>Labels whose element in the XML is named otherwise than in lower case with underscores.</summary>
    private static readonly Dictionary<string, string> Elements = new(StringComparer.Ordinal)
    {
        ["gpu_uuid"] = "uuid", ["bus_id"] = "pci_bus_id", ["device_id"] = "pci_device_id",
        ["shared_fb_memory_usage"] = "fb_memory_usage", ["gpu_link_info"] = "pci_gpu_link_info",
        ["pcie_generation"] = "pcie_gen", ["link_width"] = "link_widths", ["gpu_current_temp"] = "gpu_temp",
        ["gpu"] = "gpu_util", ["current_power_limit"] = "current_power_limit",
    };

    /// <summary>Labels that mean something else below another.</summary>
    private static readonly Dictionary<string, string> Nested = new(StringComparer.Ordinal)
    {
        ["ecc_mode/current"] = "current_ecc", ["mig_mode/current"] = "current_mig",
        ["driver_model/current"] = "current_dm",
        ["pcie_gen/max"] = "max_link_gen", ["link_widths/max"] = "max_link_width",
    };

    /// <summary>Whether the text is the report.</summary>
    public static bool Recognizes(InventoryText text) =>
        text.Contains("NVSMI LOG==") || text.Lines.Any(line => CardLine.IsMatch(line) || IsProduct(line));

    /// <summary>The line that names a card, as <c>grep</c> leaves it.</summary>
    private static bool IsProduct(string line) => line.Length < 200
        && line.TrimStart().StartsWith("Product Name  ", StringComparison.Ordinal)
        && AdapterKind.IsGpuName(LabelText.Split(line)?.Value);

    /// <summary>The lines, each card begun by its line; in an excerpt without them its name begins it.</summary>
    private static IEnumerable<string> Lines(InventoryText text) => text.Lines.Any(CardLine.IsMatch) ? text.Lines
        : text.Lines.SelectMany(line => IsProduct(line)
            ? new[] { "GPU 00000000:00:00.0", "    " + line } : new[] { "    " + line });

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var root = new XElement("nvidia_smi_log");
        var open = new Stack<(int Indent, XElement Element)>();
        open.Push((-1, root));
        foreach (var line in Lines(text).Where(line => line.Trim().Length > 0)) Add(line, open, root);
        if (root.Elements("gpu").Any() && !root.Elements("gpu").Any(gpu => gpu.Element("product_name") is not null
            || gpu.Element("fb_memory_usage") is not null))
            throw context.Damaged("no card has a name or a memory.");
        return NvidiaSmiXml.Machine(root, null, context);
    }

    private static void Add(string line, Stack<(int Indent, XElement Element)> open, XElement root)
    {
        var indent = line.Length - line.TrimStart().Length;
        if (CardLine.IsMatch(line))
        {
            while (open.Count > 1) open.Pop();
            var card = new XElement("gpu");
            root.Add(card);
            open.Push((0, card));
            return;
        }

        var colon = line.IndexOf(" : ", StringComparison.Ordinal);
        var label = (colon < 0 ? line : line.Substring(0, colon)).Trim();
        while (open.Count > 1 && open.Peek().Indent >= indent) open.Pop();
        var parent = open.Peek().Element;
        var name = Name(label, parent.Name.LocalName);
        if (name.Length == 0) return;
        if (name == "mig_device") parent = Child(parent, "mig_devices");
        var element = new XElement(name, colon < 0 ? null : line.Substring(colon + 3).Trim());
        parent.Add(element);
        if (colon < 0) open.Push((indent, element));
    }

    private static string Name(string label, string parent)
    {
        var plain = Regex.Replace(label.ToLowerInvariant(), @"[^a-z0-9]+", "_").Trim('_');
        if (plain.Length == 0 || char.IsDigit(plain[0])) return string.Empty;
        if (Elements.TryGetValue(plain, out var element)) plain = element;
        return Nested.TryGetValue($"{parent}/{plain}", out var nested) ? nested : plain;
    }

    private static XElement Child(XElement parent, string name)
    {
        if (parent.Element(name) is { } child) return child;
        child = new XElement(name);
        parent.Add(child);
        return child;
    }
}
