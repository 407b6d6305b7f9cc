using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// The facts of Puppet's <c>facter</c>, structured or flat, as JSON or as <c>name => value</c>, and of Chef's
/// <c>ohai</c>.
/// </summary>
internal static class FacterFacts
{
    private const string Source = "facter";
    private const int MaxDepth = 16;

    private static readonly string[] Totals = { "memory/system/total_bytes", "memory/system/total", "memorysize" };

    /// <summary>Whether there are facts of memory or processors under their names.</summary>
    public static bool Recognizes(InventoryText text) => Facts(text).Any(IsFacts);

    /// <summary>The machines: one a set of facts.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) =>
        Facts(text).Where(IsFacts).Select(Machine);

    private static bool IsFacts(JObject facts) =>
        JsonFields.Text(facts, Totals) is not null || JsonFields.Text(facts, "memorysize_mb") is not null
        || JsonFields.At(facts, "processors/models") is JArray
        || (JsonFields.Text(facts, "memory/total")?.EndsWith("kB", StringComparison.OrdinalIgnoreCase) == true);

    private static DetectedMachine Machine(JObject facts) => new(
        new MachineSpec
        {
            ComputerName = JsonFields.Text(
                facts, "networking/hostname", "hostname", "machinename", "networking/fqdn", "fqdn"),
            OperatingSystem = Joined(facts, "os/name", "os/release/full")
                ?? Joined(facts, "platform", "platform_version")
                ?? JsonFields.Text(facts, "operatingsystem"),
            Cpu = JsonFields.Scalar((JsonFields.At(facts, "processors/models") as JArray)?.FirstOrDefault())
                ?? JsonFields.Text(facts, "processor0", "cpu/0/model_name", "cpu/model_name"),
            CoreCount = Fields.PositiveInteger(JsonFields.Text(facts, "cpu/cores")),
            LogicalProcessorCount = Fields.PositiveInteger(
                JsonFields.Text(facts, "processors/count", "processorcount", "cpu/total")),
            SystemMemoryBytes = Fields.PositiveBytes(JsonFields.Text(facts, Totals))
                ?? Fields.PositiveBytes(JsonFields.Text(facts, "memorysize_mb"), "MiB")
                ?? Fields.PositiveBytes(JsonFields.Text(facts, "memory/total")),
            SystemMemoryFreeBytes = Fields.Bytes(
                    JsonFields.Text(facts, "memory/system/available_bytes", "memory/available", "memory/free"))
                ?? Fields.Bytes(JsonFields.Text(facts, "memoryfree_mb"), "MiB"),
            Source = Source,
        },
        PciObjects.Cards(JsonFields.At(facts, "pci")?.Children<JProperty>().Select(device => device.Value), Source));

    private static string? Joined(JObject facts, params string[] paths) =>
        Fields.Text(string.Join(" ", paths.Select(path => JsonFields.Text(facts, path))));

    private static IEnumerable<JObject> Facts(InventoryText text)
    {
        if (text.Json.Count > 0) return text.Json.SelectMany(value => value is JObject { Count: 1 } one
            && one.Properties().First().Value is JObject inner ? new[] { one, inner } : Enumerable.Repeat(value, 1))
            .OfType<JObject>();
        return text.Lines.Take(50).Count(line => line.Contains(" => ")) > 2
            ? new[] { Arrows(text.Lines) } : Array.Empty<JObject>();
    }

    /// <summary>Lines of <c>name => value</c>; braces and brackets open and close what belongs to a name.</summary>
    private static JObject Arrows(IEnumerable<string> lines)
    {
        var root = new JObject();
        var open = new Stack<JObject>();
        open.Push(root);
        foreach (var line in lines)
        {
            var text = line.Trim().TrimEnd(',');
            var arrow = text.IndexOf(" => ", StringComparison.Ordinal);
            if (text is "}" or "]" && open.Count > 1) open.Pop();
            if (arrow <= 0) continue;
            var (name, value) = (text.Substring(0, arrow).Trim('"'), text.Substring(arrow + 4).Trim());
            if (value is not ("{" or "["))
            {
                open.Peek()[name] = value.Trim('"');
                continue;
            }

            var child = new JObject();
            open.Peek()[name] = child;
            if (open.Count < MaxDepth) open.Push(child);
        }

        return root;
    }
}
