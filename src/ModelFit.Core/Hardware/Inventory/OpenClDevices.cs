using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// OpenCL's devices as people's own programs list them: a name, then a type and a memory below it, under labels that
/// are OpenCL's words in any order. Of each vendor the devices of its first platform count.
/// </summary>
internal static class OpenClDevices
{
    private const string Source = "OpenCL";
    private const RegexOptions Options = RegexOptions.IgnoreCase;

    private static readonly Regex Name = new(
        @"^[ \t*•-]{0,40}(?:device )?name[ \t]*:[ \t]*(\S.{0,200}?)\s*$", Options);

    private static readonly Regex Platform = new(
        @"^\s{0,20}platform (?:#?\d+(?:/\d+)?|name:.{0,200})\s{0,20}$", Options);

    private static readonly Regex Kind = new(
        @"^\s{0,60}(?:device )?types?[ \t]*:[ \t]*(\S.{0,60}?)?\s{0,20}$", Options);

    private static readonly Regex Memory = new(
        @"^\s{0,60}(?:device )?global mem(?:ory)?(?: size)?[ \t]*:[ \t]*" +
        @"(\d{1,15}(?:\.\d{1,3})?)[ \t]?([KMGT]i?B|bytes?)?\b",
        Options);

    private static readonly Regex Target = new(@"^gfx[0-9a-f]{3,4}\b", Options);

    /// <summary>What PoCL writes before a processor's name: for which one it was built.</summary>
    private static readonly Regex Built = new("^(?:cpu|pthread)-[a-z0-9_]{2,20}-");

    /// <summary>Whether a GPU or a processor is listed so.</summary>
    public static bool Recognizes(InventoryText text) => text.Json.Count == 0
        && text.Lines.Any(line => Platform.IsMatch(line))
        && Devices(text.Lines).Any(device => device.IsGpu || AdapterKind.IsProcessorName(device.Name));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var devices = Devices(text.Lines).ToList();
        var cards = devices.Where(device => device.IsGpu).Select(device => (device.Platform, Card(device)))
            .OfOnePlatform();
        var first = devices.FirstOrDefault(device => !device.IsGpu)?.Name ?? string.Empty;
        var processor = Built.Replace(first, string.Empty);
        yield return new DetectedMachine(
            new MachineSpec { Cpu = AdapterKind.IsProcessorName(processor) ? processor : null, Source = Source },
            cards.Count > 0 ? cards : null);
    }

    private static DetectedGpu Card(Device device)
    {
        var target = Target.Match(device.Name) is { Success: true } match ? match.Value.ToLowerInvariant() : null;
        var card = FoundCard.Create(
            target is null ? device.Name : string.Empty, Source, null, device.Memory,
            vendor: target is null ? null : "AMD", isIntegrated: AdapterKind.IsProcessorTarget(target) ? true : null);
        return card with { Facts = card.Facts with { GfxTarget = target } };
    }

    private static IEnumerable<Device> Devices(IReadOnlyList<string> lines)
    {
        var platform = 0;
        Device? device = null;
        for (var i = 0; i < lines.Count; i++)
        {
            if (Platform.IsMatch(lines[i])) platform = i;
            else if (Name.Match(lines[i]) is { Success: true } name)
            {
                if (device is { Kind: not null }) yield return device;
                device = new Device(name.Groups[1].Value, platform);
            }
            else if (device is { Kind: null } && Kind.Match(lines[i]) is { Success: true } kind)
            {
                var below = i + 1 < lines.Count ? lines[i + 1].Trim() : string.Empty;
                device = device with { Kind = kind.Groups[1].Success ? kind.Groups[1].Value : below };
            }
            else if (device is { Memory: null } && Memory.Match(lines[i]) is { Success: true } memory)
            {
                device = device with { Memory = Bytes(memory) };
            }
        }

        if (device is { Kind: not null }) yield return device;
    }

    /// <summary>Bytes; a bare number that no card has so few bytes of is in MiB.</summary>
    private static long? Bytes(Match memory) => NumberStyle.Invariant.Size(
        memory.Groups[1].Value, memory.Groups[2].Success ? memory.Groups[2].Value : null, CellSize.Bare.Card);

    private sealed record Device(string Name, int Platform)
    {
        public string? Kind { get; init; }

        public long? Memory { get; init; }

        /// <summary>Whether its type is GPU, by name or as the bit of <c>CL_DEVICE_TYPE_GPU</c>.</summary>
        public bool IsGpu => Kind == "4" || Kind?.IndexOf("gpu", StringComparison.OrdinalIgnoreCase) >= 0;
    }
}
