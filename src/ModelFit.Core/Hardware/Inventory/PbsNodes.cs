using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>pbsnodes -a</c> of PBS and Torque, also <c>-F json</c>: a name at the left, and what it has indented below it.
/// PBS counts GPUs and does not name them.
/// </summary>
internal static class PbsNodes
{
    private const string Source = "pbsnodes";

    private static readonly Regex SummaryRow = new(
        @"^(\S{1,64}) +\S+ +\d+ +\d+ +\d+ +\S+/(\d{1,9}[kmgt]b) +\d+/(\d{1,5}) +\d+/\d+ +\d+/(\d{1,3})(?: |$)");

    /// <summary>Whether there are nodes as PBS lists them.</summary>
    public static bool Recognizes(InventoryText text) => Nodes(text).Any() || Summary(text).Any();

    /// <summary>The machines: one a node.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var nodes = Nodes(text).Concat(Summary(text)).ToList();
        // Where PBS counts GPUs at all, a node without a count has none; elsewhere nothing is said of them.
        var isCounted = nodes.Any(node => Count(node.Values) is not null);
        foreach (var (name, values) in nodes)
        {
            context.Stop.ThrowIfCancellationRequested();
            yield return Machine(name, values, isCounted);
        }
    }

    private static int? Count(IReadOnlyDictionary<string, string> values) =>
        Fields.Integer(values.Text("resources_available.ngpus", "gpus"));

    private static DetectedMachine Machine(string name, IReadOnlyDictionary<string, string> values, bool isCounted)
    {
        var status = LabelText.First((values.Text("status") ?? string.Empty).Split(','), '=');
        var told = (values.Text("gpu_status") ?? string.Empty).Split(new[] { "gpu[" }, StringSplitOptions.None).Skip(1)
            .Select(gpu => LabelText.First(gpu.Split(';', ','), '=')).ToList();
        var count = Count(values);
        var model = values.Text(
            "resources_available.gpu_model", "resources_available.gpu_type", "resources_available.gputype");
        var cards = told.Count > 0 ? told.Select(Card)
            : Enumerable.Range(0, Math.Max(0, Math.Min(CardText.MostCards, count ?? 0)))
                .Select(index => FoundCard.Create(
                    model, Source, index, Fields.PositiveBytes(values.Text("resources_available.gpu_mem"), "B")));
        return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = values.Text("resources_available.host") ?? name,
                LogicalProcessorCount = Fields.PositiveInteger(values.Text("pcpus", "resources_available.ncpus", "np")),
                SystemMemoryBytes = Fields.PositiveBytes(
                    values.Text("resources_available.mem") ?? status.Text("physmem")),
                Source = Source,
            },
            told.Count > 0 || isCounted ? cards.ToList() : null);
    }

    private static DetectedGpu Card(Dictionary<string, string> gpu, int index) => FoundCard.Create(
        gpu.Text("gpu_product_name"), Source, index, Fields.PositiveBytes(gpu.Text("gpu_memory_total"), "MiB"),
        Fields.Bytes(gpu.Text("gpu_memory_used"), "MiB"), driver: gpu.Text("driver_ver"), bus: gpu.Text("gpu_id"));

    private static IEnumerable<(string Name, IReadOnlyDictionary<string, string> Values)> Nodes(InventoryText text)
    {
        if (text.Json.Count > 0)
            return text.Json.SelectMany(value => (JsonFields.At(value, "nodes") as JObject)?.Properties()
                    ?? Enumerable.Empty<JProperty>())
                .Where(node => JsonFields.At(node.Value, "resources_available") is not null)
                .Select(node => (node.Name, Flat(node.Value)));
        return LabelText.Blocks(text.Lines, IsName).Select(block => (
                block[0].Trim(), (IReadOnlyDictionary<string, string>)LabelText.First(block.Skip(1), '=')))
            .Where(node => node.Item2.ContainsKey("resources_available.mem")
                || node.Item2.ContainsKey("resources_available.ncpus")
                || (node.Item2.ContainsKey("np") && node.Item2.ContainsKey("status")));
    }

    /// <summary>The table of <c>pbsnodes -aSj</c>: free and total of each resource.</summary>
    private static IEnumerable<(string Name, IReadOnlyDictionary<string, string> Values)> Summary(InventoryText text)
    {
        if (text.Json.Count > 0 || !text.Lines.Any(line => line.StartsWith("vnode ", StringComparison.Ordinal)))
            return Enumerable.Empty<(string, IReadOnlyDictionary<string, string>)>();
        return text.Lines.Select(line => SummaryRow.Match(line)).Where(match => match.Success).Select(match => (
            match.Groups[1].Value, (IReadOnlyDictionary<string, string>)new Dictionary<string, string>
            {
                ["resources_available.mem"] = match.Groups[2].Value,
                ["resources_available.ncpus"] = match.Groups[3].Value,
                ["resources_available.ngpus"] = match.Groups[4].Value,
            }));
    }

    private static bool IsName(string line) =>
        line.Length > 0 && !char.IsWhiteSpace(line[0]) && line.IndexOf(' ') < 0;

    private static IReadOnlyDictionary<string, string> Flat(JToken node)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in ((JObject)node).Properties())
        {
            if (property.Value is JObject nested)
                foreach (var inner in nested.Properties())
                    values[$"{property.Name}.{inner.Name}"] = JsonFields.Scalar(inner.Value) ?? string.Empty;
            else values[property.Name] = JsonFields.Scalar(property.Value) ?? string.Empty;
        }

        return values;
    }
}
