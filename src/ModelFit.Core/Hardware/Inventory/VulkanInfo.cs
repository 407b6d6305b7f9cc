using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>vulkaninfo --summary</c>, and the list <c>GPU id = 0 (name)</c> of the whole report. It tells no memory; a card
/// that two drivers show is one card.
/// </summary>
internal static class VulkanInfo
{
    private const string Source = "vulkaninfo";
    private static readonly Regex Start = new(@"^\s*GPU(\d+):\s*$");
    private static readonly Regex Field = new(@"^\s*(\w+)\s*=\s*(\S(?:.*\S)?)\s*$");
    private static readonly Regex ListLine = new(@"^\s*GPU id\s*[=:]\s*(\d+) \((.+)\)\s*(?::\s*)?$");
    private static readonly Regex DriverSuffix = new(@"\s*\([^()]*\)$");

    /// <summary>Whether there is a device of Vulkan.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Any(line => ListLine.IsMatch(line))
        || (text.Contains("PHYSICAL_DEVICE_TYPE_") && text.Lines.Any(line => Start.IsMatch(line)));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        static string? Value(ILookup<string, string> device, string field) => device[field].FirstOrDefault();
        var listed = Devices(text)
            .Where(device => Value(device, "deviceType")?.EndsWith("_CPU", StringComparison.Ordinal) != true).ToList();
        // Of each vendor the cards of its first driver count: another driver shows the same ones.
        var devices = listed.Where(device => Value(device, "driverID") == Value(
            listed.Find(other => Value(other, "vendorID") == Value(device, "vendorID")), "driverID"))
            .Select(Card).ToList();
        if (devices.Count == 0) devices = text.Lines.Select(line => ListLine.Match(line)).Where(match => match.Success)
            .GroupBy(match => match.Groups[1].Value).Select(same => Card(same.First().Groups[2].Value, null, null))
            .ToList();
        var cards = devices.GroupBy(card => (card.Id, card.Facts.Uuid, Name: card.Id is null ? card.Facts.Name : null))
            .SelectMany(same => same.Key.Uuid is null ? same : same.Take(1));
        yield return new DetectedMachine(new MachineSpec { Source = Source }, cards.Numbered());
    }

    private static DetectedGpu Card(ILookup<string, string> fields)
    {
        var card = Card(
            fields["deviceName"].FirstOrDefault() ?? string.Empty,
            PciId.Create(fields["vendorID"].FirstOrDefault(), fields["deviceID"].FirstOrDefault()),
            fields["deviceUUID"].FirstOrDefault());
        var isIntegrated = fields["deviceType"].FirstOrDefault()?.Contains("INTEGRATED") == true;
        var driver = card.Facts.Vendor == "NVIDIA" ? Fields.Text(fields["driverInfo"].FirstOrDefault()) : null;
        return card with
        {
            Facts = card.Facts with { DriverVersion = driver },
            IsIntegrated = isIntegrated ? true : card.IsIntegrated,
        };
    }

    /// <summary>Mesa writes its driver and the chip behind the name: <c>(RADV NAVI31)</c>.</summary>
    private static DetectedGpu Card(string name, PciId? id, string? uuid)
    {
        var plain = DriverSuffix.Replace(name, string.Empty);
        var vendor = AdapterKind.Vendor(id, plain);
        return new DetectedGpu(new GpuSpec { Name = plain, Vendor = vendor, Uuid = uuid, Source = Source })
        {
            Id = id,
            IsIntegrated = AdapterKind.IsIntegrated(vendor, plain) ? true : null,
            OtherNames = new[] { name },
        };
    }

    private static IEnumerable<ILookup<string, string>> Devices(InventoryText text)
    {
        List<Match>? fields = null;
        foreach (var line in text.Lines)
        {
            if (Start.IsMatch(line))
            {
                if (fields is not null) yield return Lookup(fields);
                fields = new List<Match>();
            }
            else if (Field.Match(line) is { Success: true } field)
            {
                fields?.Add(field);
            }
        }

        if (fields is not null) yield return Lookup(fields);
    }

    private static ILookup<string, string> Lookup(IEnumerable<Match> fields) =>
        fields.ToLookup(field => field.Groups[1].Value, field => field.Groups[2].Value);
}
