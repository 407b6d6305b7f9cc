using System.IO;
using System.Xml;
using System.Xml.Linq;
using ModelFit.Common;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>nvidia-smi -q -x</c>. A truncated text gives the cards that it still tells of, and a warning.</summary>
internal static class NvidiaSmiXml
{
    private const int MaxDepth = 32;

    /// <summary>Whether the text is nvidia-smi's XML.</summary>
    public static bool Recognizes(InventoryText text) => text.Contains("<nvidia_smi_log");

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var (root, error) = Parse(new StoppableReader(text.Text, text.Stop, Math.Max(0, Start(text.Text))));
        return Machine(root, error, context);
    }

    /// <summary>The machine of a report in the form of the XML.</summary>
    /// <param name="root">The report, as far as it could be read.</param>
    /// <param name="error">What ended it early; null if it is whole.</param>
    /// <param name="context">Where this is said.</param>
    public static IEnumerable<DetectedMachine> Machine(XElement root, string? error, ReadContext context)
    {
        var elements = root.Elements("gpu").Where(gpu => gpu.Element("product_name") is not null
                || gpu.Element("fb_memory_usage") is not null)
            .GroupBy(Identity).SelectMany(same => same.Key is null ? same : same.Skip(same.Count() - 1)).ToList();
        if (error is not null)
        {
            var message = $"the XML of nvidia-smi ends early or is damaged ({error})";
            if (elements.Count == 0) throw context.Damaged(message + " and has no card.");
            context.Messages.Warning($"{context.Origin ?? "The text"}: {message}; {elements.Count} card(s) were read.");
        }

        var attached = Fields.Integer(Value(root, "attached_gpus"));
        if (attached is not null && attached != elements.Count) context.Messages.Warning(
            $"{context.Origin ?? "The text"}: nvidia-smi counts {attached} attached GPUs " +
            $"and describes {elements.Count}.");
        var cards = elements.SelectMany((element, index) => Cards(element, index, root, context)).ToList();
        var isCut = cards.Count == 0 && attached > 0;
        return new[] { new DetectedMachine(new MachineSpec { Source = NvidiaFacts.Source }, isCut ? null : cards) };
    }

    /// <summary>
    /// What tells a card of a text from the others; null where it does not say. The last report of a card counts.
    /// </summary>
    private static string? Identity(XElement gpu) => Fields.Text(Value(gpu, "pci/pci_bus_id")) is { } bus
        ? $"{bus} {Value(gpu, "uuid")} {Value(gpu, "serial")}" : null;

    private static int Start(string text)
    {
        var declaration = text.IndexOf("<?xml", StringComparison.Ordinal);
        return declaration >= 0 ? declaration : text.IndexOf("<nvidia_smi_log", StringComparison.Ordinal);
    }

    /// <summary>Reads as far as the text is well formed. The DOCTYPE is skipped and nothing is resolved.</summary>
    private static (XElement Root, string? Error) Parse(TextReader text)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null };
        var root = new XElement("nvidia_smi_log");
        var open = new Stack<XElement>();
        try
        {
            using var reader = XmlReader.Create(text, settings);
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element) Open(reader, root, open);
                else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                    open.Peek().Add(new XText(reader.Value));
                else if (reader.NodeType == XmlNodeType.EndElement) open.Pop();
                if (reader.NodeType == XmlNodeType.EndElement && open.Count == 0) break;
            }
        }
        catch (XmlException error)
        {
            return (root, error.Message);
        }

        return (root, null);
    }

    private static void Open(XmlReader reader, XElement root, Stack<XElement> open)
    {
        if (open.Count >= MaxDepth) throw new XmlException("elements are nested too deeply");
        var element = open.Count == 0 ? root : new XElement(XmlConvert.EncodeLocalName(reader.LocalName));
        if (open.Count > 0) open.Peek().Add(element);
        if (!reader.IsEmptyElement) open.Push(element);
    }

    private static IEnumerable<DetectedGpu> Cards(XElement gpu, int index, XElement root, ReadContext context)
    {
        var card = NvidiaFacts.Card(path => Value(gpu, path), index, context) with
        {
            Id = PciId.FromNvidia(Value(gpu, "pci/pci_device_id")),
        };
        var whole = card.Facts with
        {
            DriverVersion = Version(root, "driver_version", "kmd_version"),
            CudaVersion = Version(root, "cuda_version", "cuda_umd_version"),
            Processes = Processes(gpu),
        };
        var instances = gpu.Element("mig_devices")?.Elements("mig_device").ToList() ?? new List<XElement>();
        if (Fields.Text(Value(gpu, "mig_mode/current_mig")) != "Enabled" || instances.Count == 0)
            return new[] { card with { Facts = whole } };
        return instances.Select(instance => NvidiaFacts.MigInstance(
            card with { Facts = whole }, null, null, NvidiaFacts.Memory(path => Value(instance, path))));
    }

    /// <summary>
    /// The first of the elements that is a version: since driver 610 the old ones say that they are deprecated.
    /// </summary>
    private static string? Version(XElement root, params string[] names) => names
        .SelectMany(name => root.Elements(name))
        .Select(element => Fields.Text(element.Value)?.Split(' ')[0])
        .FirstOrDefault(text => text?.Length > 0 && char.IsDigit(text[0]));

    private static string? Processes(XElement gpu)
    {
        var lines = (gpu.Element("processes")?.Elements("process_info") ?? Enumerable.Empty<XElement>())
            .Select(process => string.Join(" ", new[] { "pid", "process_name", "used_memory" }
                .Select(name => Fields.Text(Value(process, name))).Where(value => value is not null)));
        var text = string.Join("; ", lines.Where(line => line.Length > 0));
        return text.Length == 0 ? null : text;
    }

    private static string? Value(XElement element, string path) =>
        path.Split('/').Aggregate((XElement?)element, (at, name) => at?.Element(name))?.Value;
}
