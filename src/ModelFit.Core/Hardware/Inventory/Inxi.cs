namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>inxi</c>: sections that begin at the left, with keys that end with a colon. Its cards are <c>Device-1</c>, or
/// <c>Card-1</c> before 3.0; cameras are in the same section.
/// </summary>
internal static class Inxi
{
    private const string Source = "inxi";
    private const StringComparison Plain = StringComparison.Ordinal;

    private static readonly string[] Titles =
    {
        "System", "Machine", "CPU", "Graphics", "Info", "Memory", "Audio", "Network", "Drives", "Partition", "Battery",
        "Sensors", "Kernel", "Storage", "Swap", "RAID", "Processes",
    };

    private static readonly Regex CoreWords = new(@"(?:\b(\d{1,2})x )?\b(\w{1,8})[- ][Cc]ores?\b");

    /// <summary>How inxi names counts, from one on.</summary>
    private static readonly string[] Words =
        { "single", "dual", "triple", "quad", "penta", "hexa", "hepta", "octa", "ennea", "deca" };

    /// <summary>Whether there are sections as inxi prints them.</summary>
    public static bool Recognizes(InventoryText text) => Sections(text) is var sections
        && (text.Contains("inxi:") || text.Json.Count > 0
            || (sections.TryGetValue("Graphics", out var graphics)
                && (sections.ContainsKey("Info") || graphics.IndexOf("Device-1: ", Plain) >= 0))
            || (sections.TryGetValue("Machine", out var machine) && machine.IndexOf("Mobo: ", Plain) >= 0))
        && (sections.ContainsKey("CPU") || sections.ContainsKey("Graphics"))
        || (sections.TryGetValue("Memory", out var memory) && memory.IndexOf("RAM: total: ", Plain) >= 0);

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var sections = Sections(text);
        string Section(string title) => sections.TryGetValue(title, out var found) ? found : string.Empty;
        var (total, used) = Memory(sections.Values);
        yield return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = Fields.Text(Value(Section("System"), "Host")),
                OperatingSystem = Fields.Text(Value(Section("System"), "Distro")),
                Cpu = Processor(Section("CPU")),
                CoreCount = Cores(Section("CPU")),
                SystemMemoryBytes = total,
                SystemMemoryFreeBytes = total - used,
                Source = Source,
            },
            sections.ContainsKey("Graphics") ? Cards(Section("Graphics")).ToList() : null);
    }

    /// <summary>The text of a key: until the next word that a colon and a blank end.</summary>
    public static string? Value(string section, string key)
    {
        var at = (" " + section).IndexOf($" {key}: ", Plain);
        if (at < 0) return null;
        var rest = section.Substring(Math.Min(section.Length, at + key.Length + 2));
        var colon = rest.IndexOf(": ", Plain);
        var end = colon < 0 ? rest.Length : rest.LastIndexOf(' ', colon);
        return end <= 0 ? string.Empty : rest.Substring(0, end).Trim();
    }

    private static Dictionary<string, string> Sections(InventoryText text)
    {
        var sections = InxiJson.Sections(text);
        if (sections.Count > 0) return sections;
        string? title = null;
        foreach (var line in text.Lines)
        {
            var colon = line.IndexOf(':');
            var name = colon > 0 && !char.IsWhiteSpace(line[0]) ? line.Substring(0, colon).Trim() : null;
            if (name is not null && Titles.Contains(name)) title = name;
            else if (line.Length > 0 && !char.IsWhiteSpace(line[0])) title = null;
            if (title is null) continue;
            var more = name == title ? line.Substring(colon + 1).Trim() : line.Trim();
            sections[title] = sections.TryGetValue(title, out var before) ? before + " " + more : more;
        }

        return sections;
    }

    /// <summary>
    /// Total and used: <c>1666.3/7755.8 MiB</c>, <c>62.7 GiB used: 1.84 GiB</c>, <c>total: 64 GiB … used: 8 GiB</c>.
    /// </summary>
    private static (long? Total, long? Used) Memory(IEnumerable<string> sections)
    {
        foreach (var section in sections)
        {
            var text = Value(section, "Memory") ?? Value(section, "Mem");
            var isRam = section.TrimStart() is var told
                && (told.StartsWith("System RAM:", Plain) || told.StartsWith("RAM:", Plain));
            if (text is { Length: 0 } || (text is null && isRam))
                text = Value(section, "total");
            if (text is null) continue;
            var slash = text.IndexOf('/');
            var unit = new string(text.Reverse().SkipWhile(c => !char.IsLetter(c)).TakeWhile(char.IsLetter).Reverse()
                .ToArray());
            if (slash > 0)
                return (Size(text.Substring(slash + 1), unit), Size(text.Substring(0, slash), unit));
            if (Size(text, unit) is { } total) return (total, Size(Value(section, "used") ?? string.Empty, "GiB"));
        }

        return (null, null);
    }

    private static long? Size(string text, string unit) =>
        NumberStyle.Invariant.Size(text.Split('(')[0], unit, CellSize.Bare.Bytes);

    /// <summary>The cores of one processor, <c>8-core</c> or <c>Quad core</c>, times the processors.</summary>
    private static int? Cores(string section)
    {
        var told = CoreWords.Match(section);
        var count = told.Groups[2].Value.ToLowerInvariant();
        var cores = Fields.PositiveInteger(count) ?? Array.IndexOf(Words, count) + 1;
        return cores > 0 ? cores * (Fields.PositiveInteger(told.Groups[1].Value) ?? 1) : null;
    }

    private static string? Processor(string section)
    {
        var text = Value(section, "model") ?? section;
        text = text.Split('(', '[')[0].Trim();
        var core = text.IndexOf("core", StringComparison.OrdinalIgnoreCase);
        var count = core > 0 && core < 12 ? text.Substring(core + 4).TrimStart(' ', 's') : text;
        return Fields.Text(count.StartsWith("cpu ", Plain) ? null : count.Split(':')[0]);
    }

    private static IEnumerable<DetectedGpu> Cards(string section)
    {
        var starts = Starts(section).OrderBy(start => start.At).ToList();
        for (var i = 0; i < starts.Count; i++)
        {
            var end = i + 1 < starts.Count ? starts[i + 1].At : section.Length;
            var part = section.Substring(starts[i].At, end - starts[i].At);
            var name = Value(part, starts[i].Key);
            var driver = Value(part, "driver") ?? string.Empty;
            if (string.IsNullOrEmpty(name) || Value(part, "type") == "USB" || driver.IndexOf("uvc", Plain) >= 0)
                continue;
            var ids = Value(part, "chip-ID")?.Split(':');
            var sold = AmdNames.Plain(name);
            var vendor = AdapterKind.Vendor(null, name);
            var card = FoundCard.Create(
                sold == name || vendor is null ? name : $"{vendor} {sold}", Source, i,
                driver: vendor == "NVIDIA" && driver == "nvidia" ? Fields.Text(Value(part, "v")) : null,
                bus: Value(part, "bus-ID"), vendor: vendor,
                id: ids?.Length == 2 ? PciId.Create(ids[0], ids[1]) : null);
            yield return card with { OtherNames = AmdNames.Candidates(name) };
        }
    }

    private static IEnumerable<(int At, string Key)> Starts(string section)
    {
        foreach (var kind in new[] { "Device", "Card" })
        {
            var found = false;
            foreach (var key in Enumerable.Range(1, 32).Select(number => $"{kind}-{number}").Prepend(kind))
            {
                var at = (" " + section).IndexOf($" {key}: ", Plain);
                if (at < 0) continue;
                found = true;
                yield return (at, key);
            }

            if (found) yield break;
        }
    }
}
