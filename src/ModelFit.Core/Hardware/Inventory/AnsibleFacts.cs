using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Facts that Ansible gathered: <c>ansible -m setup</c>, its cache, or a playbook's <c>ansible_facts</c>. They tell of
/// processor and memory, not of cards.
/// </summary>
internal static class AnsibleFacts
{
    private const string Source = "ansible";

    private static readonly Regex Host = new(
        @"(?m)^(?:ok: \[)?([^\s\]]+)(?: \| (?:SUCCESS|CHANGED|success)|\]) (?:=>|>>) (?=\{)");

    /// <summary>Whether there are facts.</summary>
    public static bool Recognizes(InventoryText text) => Facts(text).Any();

    /// <summary>The machines: one a host.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) =>
        Facts(text).Select(host => Machine(host.Name, host.Facts));

    private static DetectedMachine Machine(string? host, JToken facts)
    {
        string? Value(string name) => JsonFields.Text(facts, "ansible_" + name) ?? JsonFields.Text(facts, name);
        var memory = JsonFields.At(facts, "ansible_memory_mb") ?? JsonFields.At(facts, "memory_mb");
        var processor = (JsonFields.At(facts, "ansible_processor") ?? JsonFields.At(facts, "processor")) as JArray;
        var system = string.Join(" ", new[] { Value("distribution") ?? Value("os_name"), Value("distribution_version") }
            .Where(part => part is not null));
        return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = Value("fqdn") ?? Value("hostname") ?? Value("nodename") ?? host,
                OperatingSystem = system.Length == 0 ? null : system,
                Cpu = processor?.Select(part => part.ToString()).FirstOrDefault(part => part.Trim().IndexOf(' ') > 0),
                CoreCount =
                    Fields.PositiveInteger(Value("processor_cores")) * Fields.PositiveInteger(Value("processor_count")),
                LogicalProcessorCount = Fields.PositiveInteger(Value("processor_vcpus")),
                SystemMemoryBytes = Fields.PositiveBytes(Value("memtotal_mb"), "MiB"),
                SystemMemoryFreeBytes = Fields.Bytes(
                    JsonFields.Text(memory, "nocache/free") ?? Value("memfree_mb"), "MiB"),
                Virtualization = Value("virtualization_role") == "guest" ? Value("virtualization_type") : null,
                Source = Source,
            },
            null);
    }

    private static IEnumerable<(string? Name, JToken Facts)> Facts(InventoryText text)
    {
        var starts = text.Contains("memtotal_mb") ? Host.Matches(text.Text).Cast<Match>().ToList() : new List<Match>();
        var ends = starts.Skip(1).Select(next => next.Index).Concat(new[] { text.Text.Length });
        var hosts = starts.Count == 0
            ? text.Json.Select(value => (Name: (string?)null, Facts: Of(value)))
            : starts.Zip(ends, (start, end) =>
                (Name: (string?)start.Groups[1].Value, Facts: Of(First(text, start, end))));
        return hosts.Where(host => host.Facts is not null).Select(host => (host.Name, host.Facts!));
    }

    private static JToken? First(InventoryText text, Match start, int end)
    {
        var from = start.Index + start.Length;
        return new InventoryText(text.Text.Substring(from, end - from), text.Stop).Json.FirstOrDefault();
    }

    private static JToken? Of(JToken? value)
    {
        var facts = JsonFields.At(value, "ansible_facts") ?? JsonFields.At(value, "msg") ?? value;
        var isPlain = JsonFields.At(facts, "memtotal_mb") is not null
            && (facts != value || JsonFields.At(facts, "nodename") is not null);
        return isPlain || JsonFields.At(facts, "ansible_memtotal_mb") is not null ? facts : null;
    }
}
