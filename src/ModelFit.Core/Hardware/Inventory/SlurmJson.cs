using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>scontrol show node --json</c> and <c>sinfo --json</c>.</summary>
internal static class SlurmJson
{
    /// <summary>Labels of scontrol's text, and where the JSON has the same fact.</summary>
    private static readonly (string Label, string[] Paths)[] Table =
    {
        ("NodeName", new[] { "name", "hostname" }), ("OS", new[] { "operating_system" }),
        ("CoresPerSocket", new[] { "cores", "cores/maximum" }), ("Sockets", new[] { "sockets", "sockets/maximum" }),
        ("CPUTot", new[] { "cpus", "cpus/maximum" }), ("RealMemory", new[] { "real_memory", "memory/maximum" }),
        ("FreeMem", new[] { "free_mem", "free_mem/number", "free_memory" }), ("Gres", new[] { "gres", "gres/total" }),
    };

    /// <summary>Whether there are nodes or partitions of Slurm.</summary>
    public static bool Recognizes(InventoryText text) => text.Json.Any(value => Nodes(value).Any());

    /// <summary>The machines: one a node.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) =>
        SlurmNodes.Once(text.Json.SelectMany(Nodes)
            .Select(node => Machine(node.Facts, node.Name)));

    private static DetectedMachine Machine(JToken facts, System.Func<string, string?> name)
    {
        var machine = SlurmNodes.Machine(label => Value(facts, label) ?? name(label));
        return IsRow(facts) ? machine with { Gpus = null } : machine;
    }

    private static IEnumerable<(JToken Facts, System.Func<string, string?> Name)> Nodes(JToken value)
    {
        foreach (var node in Array(value, "nodes").Where(node => JsonFields.At(node, "gres") is not null
            && JsonFields.At(node, "real_memory") is not null))
            yield return (node, _ => null);
        if (IsRow(value)) yield return (value, label => Custom(value, label));
        foreach (var row in Array(value, "sinfo"))
        {
            var names = (JsonFields.At(row, "nodes/nodes") as JArray)?.Select(name => name.ToString());
            foreach (var name in names ?? System.Array.Empty<string>())
                yield return (row, label => label == "NodeName" ? name : null);
        }
    }

    /// <summary>
    /// A line of the exporter's own format of sinfo, <c>{"n": "%n", "mem": %m, "cstate": "%C", …}</c>.
    /// </summary>
    private static bool IsRow(JToken value) => JsonFields.Text(value, "n") is not null
        && JsonFields.Text(value, "mem") is not null && JsonFields.Text(value, "cstate") is not null;

    private static string? Custom(JToken value, string label) => label switch
    {
        "NodeName" => JsonFields.Text(value, "n"),
        "RealMemory" => JsonFields.Text(value, "mem"),
        "FreeMem" => JsonFields.Text(value, "fmem"),
        "CPUTot" => JsonFields.Text(value, "cstate")?.Split('/').Last(),
        _ => null,
    };

    private static IEnumerable<JToken> Array(JToken value, string key) =>
        (JsonFields.At(value, key) as JArray)?.Children() ?? Enumerable.Empty<JToken>();

    private static string? Value(JToken node, string label) =>
        Table.Where(entry => entry.Label == label).SelectMany(entry => entry.Paths)
            .Select(path => JsonFields.Text(node, path)).FirstOrDefault(value => value is not null);
}
