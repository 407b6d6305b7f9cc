using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>lshw</c> or <c>lshw -class display</c>, as text, with <c>-html</c> and <c>-json</c>; ids are there with
/// <c>-numeric</c>.
/// </summary>
internal static class Lshw
{
    private const string Source = "lshw";
    private const int MaxNodes = 4096;

    private static readonly Regex Section = new(@"^(\s*)\*-(\S+)( DISABLED)?");

    private static readonly Regex Setting = new(@"\b(\w{1,30})=(\w{1,20})");

    private static readonly Regex Bus = new(@"^(?:pci|cpu|usb|scsi|virtio)@");

    private static readonly Regex Physical = new(@"^[0-9a-f.]{1,5}$");

    private static readonly Regex Amount = new(@"^\d{1,6}[KMGT]i?B$");

    private static readonly string[] Named = { "product", "vendor" };

    /// <summary>Whether there is a display as lshw describes one, or memory and a processor.</summary>
    public static bool Recognizes(InventoryText text) => Nodes(text).Take(MaxNodes).ToList() is var nodes
        && (nodes.Any(IsDisplay) || (text.Json.Count > 0 && nodes.Any(IsMemory))
            || nodes.Any(node => IsProcessor(node) && Labelled(node, "product") is not null));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var nodes = Nodes(text).ToList();
        var memory = nodes.FirstOrDefault(IsMemory);
        var processors = nodes.Where(node => IsProcessor(node) && Labelled(node, "product") is not null).ToList();
        var cards = Lspci.WholeDevices(nodes.Where(IsDisplay).Select(Device)).Select(Lspci.Card)
            .Select((card, index) => card with { Facts = card.Facts with { Index = index, Source = Source } });
        yield return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = Host(text, nodes),
                Cpu = Labelled(processors.FirstOrDefault(), "product"),
                CoreCount = Sum(processors, "cores"),
                LogicalProcessorCount = Sum(processors, "threads"),
                SystemMemoryBytes = memory is null ? Banks(nodes) : Fields.PositiveBytes(Labelled(memory, "size")),
                Source = Source,
            },
            nodes.Any(IsDisplay) || nodes.Any(node => JsonFields.Text(node, "id")?.Split(':')[0] == "pci")
                ? cards.ToList() : null);
    }

    /// <summary>A setting of all processors together; null unless each tells it.</summary>
    private static int? Sum(IReadOnlyCollection<JObject> processors, string setting)
    {
        var counts = processors.Select(node => Fields.PositiveInteger(Configured(node, setting))).ToList();
        return counts.Count > 0 && counts.All(count => count is not null) ? counts.Sum() : null;
    }

    /// <summary>The modules together, where the memory of several boards has no size as a whole.</summary>
    private static long? Banks(IEnumerable<JObject> nodes) => nodes
        .Where(node => JsonFields.Text(node, "id")?.Split(':')[0] == "bank"
            && JsonFields.Text(node, "description")?.IndexOf("flash", StringComparison.OrdinalIgnoreCase) is not >= 0)
        .Sum(node => Fields.PositiveBytes(Labelled(node, "size")) ?? 0) is > 0 and var bytes ? bytes : null;

    private static string? Configured(JObject node, string setting) => node["configuration"] is JObject settings
        ? JsonFields.Text(settings, setting)
        : Setting.Matches(JsonFields.Text(node, "configuration") ?? string.Empty).Cast<Match>()
            .Where(match => match.Groups[1].Value == setting).Select(match => match.Groups[2].Value).FirstOrDefault();

    private static bool IsProcessor(JObject node) => JsonFields.Text(node, "id")?.Split(':')[0] == "cpu"
        && JsonFields.Text(node, "description")?.EndsWith("[empty]", StringComparison.Ordinal) != true;

    private static bool IsDisplay(JObject node) => JsonFields.Text(node, "id")?.Split(':')[0] == "display"
        && (Labelled(node, "product") is not null
            || ((Labelled(node, "vendor") ?? Framebuffer(node)) is not null && Labelled(node, "businfo") is not null));

    private static bool IsMemory(JObject node) => JsonFields.Text(node, "id") is "memory"
        && Labelled(node, "size") is not null;

    /// <summary>The first line of the text, or the node that is the whole system.</summary>
    private static string? Host(InventoryText text, IReadOnlyList<JObject> nodes)
    {
        if (nodes.FirstOrDefault(node => JsonFields.Text(node, "class") == "system") is { } system)
            return JsonFields.Text(system, "id") is { } id && id is not ("computer" or "system") ? id : null;
        var first = Lines(text).TakeWhile(line => !Section.IsMatch(line))
            .LastOrDefault(line => line.Length > 0 && !char.IsWhiteSpace(line[0]));
        return first?.Trim() is { Length: > 0 } name && name.All(c => char.IsLetterOrDigit(c) || c is '-' or '.' or '_')
            ? Fields.Text(name) : null;
    }

    private static string? Labelled(JObject? node, string field) =>
        JsonFields.Text(node, field) ?? (field == "businfo" ? JsonFields.Text(node, "bus info") : null);

    /// <summary>
    /// A node with English labels: in every language a description, a product and a vendor stand before the id and the
    /// bus, and what else is needed is known by its form.
    /// </summary>
    private static JObject Plain(JObject node)
    {
        if (JsonFields.At(node, "physical id") is not null) return node;
        var values = node.Properties().Select(property => (property.Value as JValue)?.Value as string ?? "").ToList();
        var bus = values.FindIndex(value => Bus.IsMatch(value));
        if (bus >= 0) node["businfo"] = values[bus];
        for (var i = 1; i < Math.Min(bus, Named.Length + 1) && !Physical.IsMatch(values[i]); i++)
            node[Named[i - 1]] = values[i];
        if (values.Find(value => value.Length == 2 && value.All(Uri.IsHexDigit)) is { } version)
            node["version"] = version;
        if (values.Find(value => Amount.IsMatch(value)) is { } size) node["size"] = size;
        return node;
    }

    /// <summary>Who made a card of which the console's framebuffer alone is named: its driver tells.</summary>
    private static string? Framebuffer(JObject node)
    {
        var name = Labelled(node, "product") ?? JsonFields.Text(node, "description");
        if (name?.EndsWith("drmfb", StringComparison.Ordinal) != true) return null;
        return Configured(node, "driver") switch
        {
            "nvidia" or "nouveau" => "NVIDIA Corporation",
            "amdgpu" or "radeon" => "Advanced Micro Devices, Inc. [AMD/ATI]",
            "i915" or "xe" => "Intel Corporation",
            _ => null,
        };
    }

    private static Lspci.Device Device(JObject node)
    {
        var maker = Framebuffer(node);
        var slot = Fields.PciAddress(Labelled(node, "businfo")) ?? string.Empty;
        return Lspci.Create(
            slot,
            "Display controller",
            maker ?? Labelled(node, "vendor") ?? string.Empty,
            maker is null ? Labelled(node, "product") ?? string.Empty : string.Empty,
            Labelled(node, "version") ?? string.Empty);
    }

    private static IEnumerable<JObject> Nodes(InventoryText text) =>
        text.Json.Count > 0 ? text.Json.SelectMany(Tree) : Blocks(text);

    private static IEnumerable<JObject> Tree(JToken token) => token switch
    {
        JArray array => array.SelectMany(Tree),
        JObject node when node["id"] is not null && node["class"] is not null =>
            new[] { node }.Concat(
                (node["children"] ?? node["node"]) is { } parts ? Tree(parts) : Array.Empty<JObject>()),
        JObject { Count: 1 } list when list["node"] is { } nodes => Tree(nodes),
        _ => Array.Empty<JObject>(),
    };

    private static IEnumerable<JObject> Blocks(InventoryText text)
    {
        string? id = null;
        var block = new List<string>();
        foreach (var line in Lines(text).Concat(new[] { "*-end" }))
        {
            if (Section.Match(line) is not { Success: true } start)
            {
                block.Add(line.TrimStart());
                continue;
            }

            if (id is not null)
            {
                var node = OutlineText.Parse(block);
                node["id"] = id;
                yield return Plain(node);
            }

            id = start.Groups[3].Success ? null : start.Groups[2].Value.ToLowerInvariant();
            block.Clear();
        }
    }

    /// <summary>The lines; of <c>-html</c> as they would be without it: a table a node, the first the system.</summary>
    private static IEnumerable<string> Lines(InventoryText text)
    {
        if (!text.Lines.Any(IsId) || text.Lines.Any(line => Section.IsMatch(line))) return text.Lines;
        return text.Lines.SkipWhile(line => !IsId(line)).Select((line, index) => !IsId(line) ? $"  {line}"
            : index == 0 ? line.Substring(3).Trim() : $"  *-{line.Substring(3).Trim()}");
    }

    private static bool IsId(string line) => line.StartsWith("id: ", StringComparison.Ordinal);
}
