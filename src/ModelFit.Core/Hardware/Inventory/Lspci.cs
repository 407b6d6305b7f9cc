using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>lspci</c> with any of <c>-nn</c>, <c>-n</c>, <c>-v</c>, <c>-D</c>, <c>-mm</c>, <c>-vmm</c>.</summary>
internal static class Lspci
{
    /// <summary>A device: its slot, class, vendor, name, ids and revision as text.</summary>
    internal sealed record Device(string Slot, string Class, string Vendor, string Name, PciId? Id);

    private const string SlotPattern = @"(?:[0-9a-fA-F]{4,8}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.[0-7]";
    private const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;
    private static readonly Regex Line =
        new($@"^({SlotPattern}) ([^:""\[]+?)(?: \[([0-9a-f]{{4}})\])?: (.+)$");
    private static readonly Regex NumberLine = new(
        $@"^({SlotPattern}) (?:Class )?([0-9a-f]{{4}}): ([0-9a-f]{{4}}):([0-9a-f]{{4}})(?: \(rev ([0-9a-f]{{2}})\))?");
    private static readonly Regex MachineLine =
        new($@"^({SlotPattern}) ""([^""]*)"" ""([^""]*)"" ""([^""]*)""(.*)$");
    private static readonly Regex Ids = new(
        @" \[(?<vendor>[0-9a-f]{4}):(?<device>[0-9a-f]{4})\]|Device (?<vendor>[0-9a-f]{4}):(?<device>[0-9a-f]{4})");

    private static readonly Regex Revision = new(@" \(rev ([0-9a-f]{2})\)");
    private static readonly Regex TrailingId = new(
        @"^(.*?)\[(?:[0-9a-f]{4}:)?([0-9a-f]{4})\]$", RegexOptions.IgnoreCase);
    private static readonly Regex Number = new(@"^[0-9a-f]{4}$");
    private static readonly Regex Numbered = new(@"^Device ([0-9a-f]{4})$");

    /// <summary>NVIDIA's code of a chip: <c>GA103</c>, <c>GP107M</c>.</summary>
    private static readonly Regex Chip = new("^[A-Z]{2}[0-9]{3}[A-Z]{0,4}$");

    private static readonly Regex VendorPart = new(
        @"^(.*?(?:Corporation|Corp\.|Inc\. \[AMD(?:/ATI)?\]|Inc\.|Ltd\.?|LLC|GmbH|Technologies|\[AMD/ATI\]))"
        + @"\s+(\S.*)$");

    /// <summary>Classes of what can compute: PCI class codes 0300, 0302, 0380 and 1200 and their names.</summary>
    private static readonly string[] Classes =
    {
        "VGA compatible controller", "3D controller", "Display controller", "Processing accelerators",
        "0300", "0302", "0380", "1200",
    };

    private static readonly (string Word, string Name, string Id)[] Vendors =
    {
        ("NVIDIA", "NVIDIA", "10de"), ("AMD/ATI", "AMD", "1002"), ("Advanced Micro Devices", "AMD", "1002"),
        ("Intel", "Intel", "8086"),
    };

    private static readonly Regex Slot = new($"^{SlotPattern}$");
    private static readonly Regex SlotLine = new($@"^(Slot|Device):\s+{SlotPattern}\s*$");

    /// <summary>Whether lines are devices as lspci prints them.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Take(400).Any(line =>
        Line.IsMatch(line) || MachineLine.IsMatch(line) || NumberLine.IsMatch(line)
            || SlotLine.IsMatch(line));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var devices = Devices(text).ToList();
        var displays = WholeDevices(devices.Where(device => AdapterKind.IsNpu(device.Id, device.Name)
            || IsDisplay(device))).ToList();
        var cards = displays.Select(Card).Numbered();
        // An excerpt without a display, or of displays of the board alone, leaves open which cards there are.
        var isOpen = displays.Count == 0 || (devices.All(IsDisplay)
            && cards.All(card => AdapterKind.IsSoftware(card.Id, card.Facts.Name)));
        yield return new DetectedMachine(new MachineSpec { Source = "lspci" }, isOpen ? null : cards);
    }

    private static bool IsDisplay(Device device) =>
        Classes.Any(name => device.Class.StartsWith(name, IgnoreCase));

    /// <summary>The devices, each once: a second display of a card is a second function of its device.</summary>
    public static IEnumerable<Device> WholeDevices(IEnumerable<Device> functions) => functions
        .GroupBy(device => device.Slot.Length < 2 ? device.Name : device.Slot.Substring(0, device.Slot.Length - 2),
            StringComparer.OrdinalIgnoreCase)
        .Select(device => device.First());

    public static DetectedGpu Card(Device device)
    {
        var known = Vendors.FirstOrDefault(vendor => Fields.ContainsAny(device.Vendor, vendor.Word));
        var id = device.Id ?? PciId.Create(known.Id, Numbered.Match(device.Name).Groups[1].Value);
        var sold = Fields.ContainsAny(device.Name, "Corporation", "AMD/ATI", "Advanced Micro Devices")
            && AmdNames.Plain(device.Name) is var brand && (brand == device.Name || brand == "AMD/ATI")
            ? string.Empty : AmdNames.Plain(device.Name);
        // The code of a chip alone is of several cards, of which the catalog may have but some.
        var isChip = known.Name == "NVIDIA" && Chip.IsMatch(sold);
        if (isChip) sold = string.Empty;
        var bare = known.Name is null ? $"{device.Vendor} {sold}".Trim()
            : sold.Length == 0 ? $"{known.Name} GPU" : $"{known.Name} {sold}";
        var name = Numbered.IsMatch(device.Name) ? string.Empty : bare;
        return new DetectedGpu(new GpuSpec
        {
            Name = name.Length == 0 && id is null ? bare : name,
            PciBusId = Fields.PciAddress(device.Slot),
            Source = "lspci",
        })
        {
            Id = id,
            IsIntegrated = IsIntegrated(known.Name, device) ? true : null,
            OtherNames = isChip ? Array.Empty<string>() : AmdNames.Candidates(device.Name),
        };
    }

    /// <summary>
    /// Intel's GPU in the processor is always device 2 of bus 0 (Intel's graphics manuals, PCI chapter).
    /// </summary>
    private static bool IsIntegrated(string? vendor, Device device) => vendor == "Intel"
        ? Fields.PciAddress(device.Slot)!.StartsWith("0000:00:02.", StringComparison.Ordinal)
        : AdapterKind.IsIntegrated(vendor, AmdNames.Plain(device.Name))
            || AdapterKind.IsIntegrated(vendor, device.Name);

    private static IEnumerable<Device> Devices(InventoryText text)
    {
        if (text.Lines.Any(line => line.StartsWith("Class:", StringComparison.Ordinal))) return Records(text);
        return text.Lines.Select(Parse).Where(device => device is not null).Select(device => device!);
    }

    private static Device? Parse(string line)
    {
        if (MachineLine.Match(line) is { Success: true } machine)
            return Create(machine.Groups[1].Value, machine.Groups[2].Value, machine.Groups[3].Value,
                machine.Groups[4].Value, Regex.Match(machine.Groups[5].Value, @"-r([0-9a-f]{2})").Groups[1].Value);
        if (NumberLine.Match(line) is { Success: true } numbers)
            return new Device(
                numbers.Groups[1].Value, numbers.Groups[2].Value, string.Empty, string.Empty, PciId.Create(
                    numbers.Groups[3].Value, numbers.Groups[4].Value, revision: numbers.Groups[5].Value));
        if (Line.Match(line) is not { Success: true } match) return null;
        var rest = match.Groups[4].Value;
        var revision = Revision.Match(rest).Groups[1].Value;
        var ids = Ids.Match(rest);
        var name = (ids.Success ? rest.Substring(0, ids.Index) : Regex.Replace(rest, @" \((rev|prog-if) .*$", ""))
            .Trim();
        var id = !ids.Success ? null
            : PciId.Create(ids.Groups["vendor"].Value, ids.Groups["device"].Value, revision: revision);
        var (vendor, device) = SplitVendor(name);
        return new Device(match.Groups[1].Value, match.Groups[2].Value, vendor, device, id);
    }

    private static (string Vendor, string Device) SplitVendor(string name)
    {
        var match = VendorPart.Match(name);
        return match.Success ? (match.Groups[1].Value, match.Groups[2].Value) : (name, name);
    }

    private static IEnumerable<Device> Records(InventoryText text)
    {
        var record = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Lines.Concat(new[] { string.Empty }))
        {
            var colon = line.IndexOf(':');
            if (colon > 0 && !record.ContainsKey(line.Substring(0, colon)))
            {
                record[line.Substring(0, colon)] = line.Substring(colon + 1).Trim();
                continue;
            }

            if (line.Length > 0) continue;
            string Value(string key) => record.TryGetValue(key, out var value) ? value : string.Empty;
            var slot = Value("Slot");
            if (Slot.IsMatch(slot))
                yield return Create(slot, Value("Class"), Value("Vendor"), Value("Device"), Value("Rev"));
            record.Clear();
        }
    }

    /// <summary>A device from fields that may end with their ids in brackets.</summary>
    public static Device Create(string slot, string className, string vendor, string device, string revision)
    {
        if (Number.IsMatch(vendor) && Number.IsMatch(device)) return new Device(
            slot, className, string.Empty, string.Empty, PciId.Create(vendor, device, revision: revision));
        var (vendorMatch, deviceMatch) = (TrailingId.Match(vendor), TrailingId.Match(device));
        if (!vendorMatch.Success || !deviceMatch.Success) return new Device(slot, className, vendor, device, null);
        var id = PciId.Create(vendorMatch.Groups[2].Value, deviceMatch.Groups[2].Value, revision: revision);
        return new Device(
            slot, className, vendorMatch.Groups[1].Value.TrimEnd(), deviceMatch.Groups[1].Value.TrimEnd(), id);
    }
}
