namespace ModelFit.Hardware.Inventory;

/// <summary>
/// The text of <c>dxdiag /t</c>: a block a monitor, so that a card may come several times. Its labels are English in
/// every language of Windows.
/// </summary>
internal static class DxDiag
{
    private const string Source = "dxdiag";

    private static readonly Regex Field = new(@"^\s*([A-Za-z0-9/().][A-Za-z0-9 /().]*): (.*)$");

    /// <summary>How many there are and how fast, behind a processor's name.</summary>
    private static readonly Regex Processor = new(@"\s*\((\d{1,4}) CPUs\).*$|, ~[\d.]+GHz$");

    /// <summary>Whether the text has the labels of a card, or those of the system's part.</summary>
    public static bool Recognizes(InventoryText text) =>
        (text.Contains("Card name:") && (text.Contains("Dedicated Memory:") || text.Contains("Display Memory:")
            || text.Contains("DxDiag"))) || (text.Contains("DirectX Version:") && text.Contains("Machine name:"));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var machine = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var blocks = new List<Dictionary<string, string>>();
        foreach (var match in text.Lines.Select(line => Field.Match(line)).Where(match => match.Success))
        {
            var (label, value) = (match.Groups[1].Value, match.Groups[2].Value.Trim());
            if (label == "Card name") blocks.Add(new(StringComparer.OrdinalIgnoreCase));
            var fields = blocks.Count == 0 ? machine : blocks[blocks.Count - 1];
            if (!fields.ContainsKey(label)) fields[label] = value;
        }

        var facts = new MachineSpec
        {
            ComputerName = machine.Text("Machine name"),
            OperatingSystem = machine.Text("Operating System"),
            Cpu = Fields.Text(Processor.Replace(machine.Text("Processor") ?? string.Empty, string.Empty)),
            LogicalProcessorCount = Fields.PositiveInteger(
                Processor.Match(machine.Text("Processor") ?? string.Empty).Groups[1].Value),
            SystemMemoryBytes = Memory(machine, "Memory") ?? Memory(machine, "Available OS Memory"),
            Source = Source,
        };
        var cards = blocks.Where(IsCard).Select(Card)
            .GroupBy(card => (card.Facts.Name, card.Id, card.Facts.MemoryBytes)).Select(monitors => monitors.First());
        yield return new DetectedMachine(facts, blocks.Count == 0 ? null : cards.Numbered());
    }

    private static bool IsCard(Dictionary<string, string> block) =>
        block.Text("Device Type")?.StartsWith("Display-Only", StringComparison.OrdinalIgnoreCase) != true;

    private static DetectedGpu Card(Dictionary<string, string> block)
    {
        var id = PciId.FromPnp(block.Text("Device Key")) ?? PciId.FromPnp(block.Text("Device ID"))
            ?? PciId.Create(block.Text("Vendor ID"), block.Text("Device ID"),
                revision: block.Text("Revision ID"));
        var name = block.Text("Card name") ?? block.Text("Chip type") ?? string.Empty;
        var vendor = AdapterKind.Vendor(id, name);
        var dedicated = Memory(block, "Dedicated Memory");
        return new DetectedGpu(new GpuSpec
        {
            Name = name,
            Vendor = vendor,
            MemoryBytes = dedicated ?? Memory(block, "Display Memory") - (Memory(block, "Shared Memory") ?? 0),
            SharedMemoryBytes = Memory(block, "Shared Memory"),
            DriverVersion = block.Text("Driver Version") ?? block.Text("Driver File Version")?.Split(' ')[0],
            DriverModel = block.Text("Driver Model")?.Split(' ')[0],
            Source = Source,
        })
        {
            Id = id,
            IsIntegrated = AdapterKind.IsIntegrated(vendor, name) ? true : null,
        };
    }

    /// <summary>From <c>4043 MB</c> or <c>16384MB RAM</c>.</summary>
    private static long? Memory(Dictionary<string, string> fields, string label)
    {
        var match = Regex.Match(fields.Text(label) ?? string.Empty, @"^(\d+) ?(MB|GB)");
        return match.Success ? Fields.PositiveBytes(match.Groups[1].Value + match.Groups[2].Value) : null;
    }
}
