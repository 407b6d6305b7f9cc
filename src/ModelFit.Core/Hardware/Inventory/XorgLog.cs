using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// The log of the X server: it lists the display devices of the PCI bus, and its drivers tell names and memory.
/// </summary>
internal static class XorgLog
{
    private const string Source = "Xorg";
    /// <summary><c>PCI:*(1@0:0:0) 10de:1b81:…</c>: bus, domain, device, function; before 1.20 domain first.</summary>
    private static readonly Regex Device = new(
        @"\(--\) PCI:\s?\*?\((\d{1,4})([@:])(\d{1,4}):(\d{1,3}):(\d)\) ([0-9a-f]{4}):([0-9a-f]{4})");

    private static readonly Regex Nvidia = new(
        @"NVIDIA\((?:GPU-)?\d+\): NVIDIA GPU (.{3,80}?)(?: \([A-Z0-9-]{3,12}\))? at PCI:(\d{1,3}):(\d{1,2}):(\d)");

    private static readonly Regex NvidiaMemory = new(@"NVIDIA\((?:GPU-)?\d+\): Memory: (\d{4,12}) kBytes");
    private static readonly Regex NvidiaDriver = new(@"NVIDIA dlloader X Driver\s+(\d[\d.]{2,15})");

    private static readonly Regex Chip = new(
        @"(?:AMDGPU|RADEON)\(\d+\): Chipset: ""([^""]{3,80})"" \(ChipID = 0x([0-9a-f]{4})\)");

    private static readonly Regex Memory = new(@"vram size: s:([0-9a-f]{6,12}) ");
    private static readonly Regex System = new(@"Current Operating System: Linux ([\w.-]{1,64}) ");

    /// <summary>Whether the server lists its devices.</summary>
    public static bool Recognizes(InventoryText text) => text.Contains("X.Org X Server")
        || text.Lines.Any(line => Device.IsMatch(line) || Nvidia.IsMatch(line));

    /// <summary>The one machine of the log.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var cards = Listed(text).GroupBy(card => card.Facts.PciBusId!.Substring(0, 10)).Select(same => same.First())
            .ToList();
        var last = -1;
        foreach (var line in text.Lines)
        {
            if (Nvidia.Match(line) is { Success: true } nvidia) last = Name(cards, nvidia);
            else if (last >= 0 && NvidiaMemory.Match(line) is { Success: true } kilobytes)
                Size(cards, last, Fields.PositiveBytes(kilobytes.Groups[1].Value, "KiB"));
            else if (Chip.Match(line) is { Success: true } chip)
                last = Name(cards, chip.Groups[2].Value, chip.Groups[1].Value);
            else if (last >= 0 && Memory.Match(line) is { Success: true } bytes)
                Size(cards, last, Convert.ToInt64(bytes.Groups[1].Value, 16));
        }

        var driver = Fields.Text(NvidiaDriver.Match(text.Text).Groups[1].Value);
        var told = cards.Select((card, index) => card with
        {
            Facts = card.Facts with
            {
                Index = index,
                DriverVersion = card.Facts.Vendor == "NVIDIA" ? driver : null,
            },
        }).ToList();
        yield return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = Fields.Text(System.Match(text.Text).Groups[1].Value),
                Source = Source,
            },
            told.Count > 0 ? told : null);
    }

    private static IEnumerable<DetectedGpu> Listed(InventoryText text)
    {
        foreach (var match in text.Lines.Select(line => Device.Match(line)).Where(match => match.Success))
        {
            var bus = match.Groups[match.Groups[2].Value == "@" ? 1 : 3].Value;
            yield return FoundCard.Create(
                null, Source, bus: Address(bus, match.Groups[4].Value, match.Groups[5].Value),
                id: PciId.Create(match.Groups[6].Value, match.Groups[7].Value));
        }
    }

    private static string Address(string bus, string device, string function) => string.Format(
        CultureInfo.InvariantCulture, "0000:{0:x2}:{1:x2}.{2}", Fields.Integer(bus), Fields.Integer(device), function);

    private static int Name(List<DetectedGpu> cards, Match line)
    {
        var address = Address(line.Groups[2].Value, line.Groups[3].Value, line.Groups[4].Value);
        var at = cards.FindIndex(card => card.Facts.PciBusId == address);
        if (at < 0)
        {
            cards.Add(FoundCard.Create(null, Source, bus: address, vendor: "NVIDIA"));
            at = cards.Count - 1;
        }

        cards[at] = cards[at] with { Facts = cards[at].Facts with { Name = line.Groups[1].Value.Trim() } };
        return at;
    }

    private static int Name(List<DetectedGpu> cards, string device, string name)
    {
        var at = cards.FindIndex(card => string.Equals(card.Id?.Device, device, StringComparison.OrdinalIgnoreCase));
        if (at >= 0 && AdapterKind.Vendor(null, name) is not null)
            cards[at] = cards[at] with { Facts = cards[at].Facts with { Name = name } };
        return at;
    }

    private static void Size(List<DetectedGpu> cards, int at, long? bytes) => cards[at] = cards[at] with
    {
        Facts = cards[at].Facts with { MemoryBytes = cards[at].Facts.MemoryBytes ?? bytes },
    };
}
