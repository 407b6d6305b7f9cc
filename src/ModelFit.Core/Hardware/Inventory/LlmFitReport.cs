using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>llmfit system</c>, as text and with <c>--json</c>. Its sizes are GiB; of a card that it counts several times,
/// each has the size.
/// </summary>
internal static class LlmFitReport
{
    private const string Source = "llmfit";
    private const int MaxCards = 64;
    private static readonly Regex Ram = new(@"^(Total|Available) RAM: ([\d.]+) GB");
    private static readonly Regex Cpu = new(@"^CPU: (.*?\S)\s*\((\d+) cores\)");
    private static readonly Regex Gpu = new(
        @"^GPU(?: \d+)?: (.+?)(?: x(\d+))? \((?:([\d.]+) GB VRAM|VRAM unknown|unified memory, ([\d.]+) GB shared)");

    /// <summary>Whether the text is its report.</summary>
    public static bool Recognizes(InventoryText text) => text.Json.Any(value => System(value) is not null)
        || (text.Contains("=== System Specifications ===") && text.Contains("Total RAM:"));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        yield return text.Json.Select(System).FirstOrDefault(system => system is not null) is { } system
            ? Machine(system) : Machine(text.Lines);
    }

    private static DetectedMachine Machine(JToken system) => new(
        new MachineSpec
        {
            Cpu = JsonFields.Text(system, "cpu_name"),
            LogicalProcessorCount = Fields.PositiveInteger(JsonFields.Text(system, "cpu_cores", "total_cpu_cores")),
            SystemMemoryBytes = Bytes(JsonFields.Text(system, "total_ram_gb")),
            SystemMemoryFreeBytes = Bytes(JsonFields.Text(system, "available_ram_gb")),
            Source = Source,
        },
        ((JsonFields.At(system, "gpus") as JArray)?.Children() ?? Enumerable.Empty<JToken>()).SelectMany(gpu => Cards(
            JsonFields.Text(gpu, "name"), JsonFields.Text(gpu, "count"), JsonFields.Text(gpu, "vram_gb"),
            JsonFields.Text(gpu, "unified_memory") == "True")).ToList());

    private static DetectedMachine Machine(IReadOnlyList<string> lines)
    {
        Match[] Matches(Regex pattern) => lines.Select(line => pattern.Match(line)).Where(match => match.Success)
            .ToArray();
        string? Memory(string kind) => Matches(Ram).Where(match => match.Groups[1].Value == kind)
            .Select(match => match.Groups[2].Value).FirstOrDefault();
        var processor = Matches(Cpu).FirstOrDefault();
        return new DetectedMachine(
            new MachineSpec
            {
                Cpu = processor?.Groups[1].Value,
                LogicalProcessorCount = Fields.PositiveInteger(processor?.Groups[2].Value),
                SystemMemoryBytes = Bytes(Memory("Total")),
                SystemMemoryFreeBytes = Bytes(Memory("Available")),
                Source = Source,
            },
            Matches(Gpu).SelectMany(match => Cards(
                match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value + match.Groups[4].Value,
                match.Groups[4].Success)).ToList());
    }

    private static IEnumerable<DetectedGpu> Cards(string? name, string? count, string? size, bool isUnified)
    {
        if (name?.StartsWith("Apple", StringComparison.Ordinal) == true)
            return new[] { Apple.Card(name, null, Bytes(size), null, Source) };
        var device = Regex.Match(name ?? string.Empty, @"\[([0-9a-f]{4}):([0-9a-f]{4})\]");
        var card = new DetectedGpu(new GpuSpec
        {
            Name = device.Success ? string.Empty : name ?? string.Empty,
            Vendor = AdapterKind.Vendor(null, name),
            MemoryBytes = isUnified ? null : Bytes(size),
            Source = Source,
        })
        {
            Id = device.Success ? PciId.Create(device.Groups[1].Value, device.Groups[2].Value) : null,
            IsIntegrated = isUnified ? true : null,
            OtherNames = AmdNames.Candidates(name),
        };
        return Enumerable.Repeat(card, Math.Max(1, Math.Min(MaxCards, Fields.Integer(count) ?? 1))).Numbered();
    }

    private static long? Bytes(string? gib) => Fields.Number(gib) is > 0 and < 1e6 and var size
        ? (long)(size * (1L << 30)) : null;

    private static JToken? System(JToken value) => JsonFields.At(value, "system") is JObject system
        && JsonFields.At(system, "total_ram_gb") is not null ? system : null;
}
