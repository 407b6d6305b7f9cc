using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>neofetch</c>, <c>fastfetch</c>, <c>screenfetch</c>: facts to the right of a picture; and fastfetch's JSON.
/// </summary>
internal static class FetchText
{
    private const string Source = "fastfetch";

    private static readonly Regex Fact = new(
        @"(?:^|\s)(OS|CPU|GPU|Memory|RAM|Kernel|Uptime|Shell|Host)(?: ?\d| \([^)]{1,80}\))?: ?(\S[^\n]*)$");

    /// <summary>What fastfetch says behind a card; people write their remarks behind it.</summary>
    private static readonly Regex Kind = new(@" \[(?:Integrated|Discrete)\](?: \([^()]{1,80}\))?$");

    /// <summary>A card's memory, and what of it is used: <c>(7.97 MiB / 16.00 GiB, 0%)</c>.</summary>
    private static readonly Regex Sized = new(
        @" \((?:(\d[\d.]{0,8} [KMGT]iB) / )?(\d[\d.]{0,8} [KMGT]iB)(?:, \d{1,3}%)?\)");

    /// <summary>A card's memory as fastfetch measures it; what a module adds comes behind it.</summary>
    private static readonly Regex Measured = new(@" \((\d{1,4}\.\d\d [GM]iB)\)");

    /// <summary>A card that fastfetch has no name for: its vendor, and the id of the device.</summary>
    private static readonly Regex Unknown = new(
        @"^(NVIDIA|AMD|Intel)?\s?(?:Unknown|Device)(?: \(?(?:0x)?([0-9A-Fa-f]{4})\)?)?(?: \([A-Za-z ]{1,30}\))?$");

    private static readonly Regex Title = new(@"(?:^|\s)[A-Za-z0-9_.-]{1,64}@([A-Za-z0-9_.-]{1,64})\s*$");

    /// <summary>Whether lines are such facts, used and total memory among them.</summary>
    public static bool Recognizes(InventoryText text) => Results(text).Any()
        || (text.Json.Count == 0 && Facts(text) is var facts && facts["CPU"].Distinct().Count() < 2
            && ((Memory(facts) is not null && (facts.Count >= 3 || facts["GPU"].Any(AdapterKind.IsGpuName)))
                || facts["GPU"].Any(value => Kind.IsMatch(value)
                    || (Measured.IsMatch(value) && AdapterKind.IsGpuName(value)))));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        if (Results(text).ToList() is { Count: > 0 } results) return new[] { Machine(results) };
        var facts = Facts(text);
        var memory = Memory(facts)?.Split('/');
        var (used, total) = memory is not null ? (Size(memory[0]), Size(memory[1]))
            : (null, facts["Memory"].Concat(facts["RAM"]).Select(Size).FirstOrDefault(size => size >= 1 << 20));
        return new[]
        {
            new DetectedMachine(
                new MachineSpec
                {
                    ComputerName = text.Lines.Select(line => Title.Match(line)).Where(match => match.Success)
                        .Select(match => match.Groups[1].Value).FirstOrDefault(),
                    OperatingSystem = Fields.Text(facts["OS"].FirstOrDefault()),
                    Cpu = Processor(facts["CPU"].FirstOrDefault()),
                    SystemMemoryBytes = total,
                    SystemMemoryFreeBytes = total - used,
                    Source = Source,
                },
                facts["GPU"].Any() ? facts["GPU"].Select(Card).ToList() : null),
        };
    }

    private static ILookup<string, string> Facts(InventoryText text) => text.Lines
        .Where(line => line.Length < 400).Select(line => Fact.Match(line)).Where(match => match.Success)
        .SelectMany(match => Values(match.Groups[1].Value, match.Groups[2].Value))
        .ToLookup(fact => fact.Label, fact => fact.Value);

    /// <summary>The values of a line, where its label comes again in it.</summary>
    private static IEnumerable<(string Label, string Value)> Values(string label, string value) =>
        value.Split(new[] { $" {label}: " }, StringSplitOptions.RemoveEmptyEntries)
            .Select(part => (label, part.Trim()));

    private static string? Memory(ILookup<string, string> facts) =>
        facts["Memory"].Concat(facts["RAM"]).FirstOrDefault(value => value.IndexOf('/') > 0);

    private static long? Size(string text) =>
        NumberStyle.Invariant.Size(text.Split('(')[0], null, CellSize.Bare.Bytes);

    /// <summary>The name before <c>(2) @ 2.16 GHz</c>.</summary>
    private static string? Processor(string? text)
    {
        if (text is null) return null;
        var at = text.IndexOf(" @", StringComparison.Ordinal);
        var name = at < 0 ? text : text.Substring(0, at);
        return Fields.Text(Regex.Replace(name, @"^\(\d{1,4}\) (?:x64|x86|arm64) | \(\d{1,4}\)$", string.Empty));
    }

    /// <summary>A card from <c>NVIDIA GeForce RTX 4090 @ 2.52 GHz (23.99 GiB) [Discrete]</c>.</summary>
    private static DetectedGpu Card(string text, int index)
    {
        var kind = Kind.Match(text);
        if (kind.Success) text = text.Substring(0, kind.Index);
        if (Measured.Match(text) is { Success: true } measured)
            text = text.Substring(0, measured.Index + measured.Length);
        var (sized, cores) = (Sized.Match(text), Regex.Match(text, @" \(\d{1,5}\)(?= @ )"));
        var (used, size) = (sized.Groups[1].Value, sized.Groups[2].Value);
        var name = Regex.Replace(Sized.Replace(text, string.Empty), @" @ \S+ [GM]Hz", string.Empty);
        if (cores.Success) name = name.Replace(cores.Value, string.Empty);
        return Card(
            name, index, NumberStyle.Invariant.Size(size, null, CellSize.Bare.Bytes),
            NumberStyle.Invariant.Size(used, null, CellSize.Bare.Bytes),
            kind.Value.StartsWith(" [Integrated]", StringComparison.Ordinal));
    }

    private static DetectedGpu Card(string name, int index, long? total, long? used, bool isIntegrated)
    {
        var unknown = Unknown.Match(name);
        return FoundCard.Create(
            unknown.Success ? null : name, Source, index, total, used,
            vendor: unknown.Success ? AdapterKind.Vendor(null, name) : null,
            id: PciId.Create(AdapterKind.VendorId(unknown.Groups[1].Value), unknown.Groups[2].Value),
            isIntegrated: isIntegrated ? true : null);
    }

    /// <summary>The modules of fastfetch's JSON.</summary>
    private static IEnumerable<JObject> Results(InventoryText text) => text.Json.OfType<JArray>()
        .SelectMany(array => array.OfType<JObject>())
        .Where(item => item["type"] is JValue && item["result"] is not null);

    private static DetectedMachine Machine(IReadOnlyList<JObject> results)
    {
        JToken? Result(string type) =>
            results.FirstOrDefault(item => JsonFields.Text(item, "type") == type)?["result"];
        var memory = Result("Memory");
        var cards = (Result("GPU") as JArray)?.Select((gpu, index) => Card(
            JsonFields.Text(gpu, "name") ?? string.Empty, index,
            Fields.PositiveBytes(JsonFields.Text(gpu, "memory/dedicated/total")),
            Fields.Bytes(JsonFields.Text(gpu, "memory/dedicated/used")),
            JsonFields.Text(gpu, "type") == "Integrated")).ToList();
        var total = Fields.PositiveBytes(JsonFields.Text(memory, "total"));
        return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = JsonFields.Text(Result("Title"), "hostName"),
                OperatingSystem = JsonFields.Text(Result("OS"), "prettyName", "name"),
                Cpu = JsonFields.Text(Result("CPU"), "cpu"),
                CoreCount = Fields.PositiveInteger(JsonFields.Text(Result("CPU"), "cores/physical")),
                LogicalProcessorCount = Fields.PositiveInteger(JsonFields.Text(Result("CPU"), "cores/logical")),
                SystemMemoryBytes = total,
                SystemMemoryFreeBytes = total - Fields.Bytes(JsonFields.Text(memory, "used")),
                Source = Source,
            },
            cards);
    }
}
