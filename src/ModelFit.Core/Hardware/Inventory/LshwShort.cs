namespace ModelFit.Hardware.Inventory;

/// <summary><c>lshw -short</c> and <c>-businfo</c>: a path or a bus, a class and a description a line.</summary>
internal static class LshwShort
{
    private static readonly Regex Row = new(
        @"^(/\S*|\w+@\S+)?\s+(?:\S{1,16}\s+)?(display|memory|processor|system)\s{2,}(\S(?:.*\S)?)\s*$");

    private static readonly Regex Size = new(@"^(\d{1,5}[KMGT]iB) System Memory$");

    /// <summary>Whether there is its header and a row of a card, or of memory and a processor.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Any(IsHeader) && Rows(text).Any(row =>
        row.Class is "display" or "processor" || Size.IsMatch(row.Text));

    /// <summary>The one machine of the table.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var rows = Rows(text).ToList();
        var size = rows.Select(row => Size.Match(row.Text)).FirstOrDefault(match => match.Success);
        var cards = rows.Where(row => row.Class == "display").Select((row, index) => Card(row.Slot, row.Text, index));
        yield return new DetectedMachine(
            new MachineSpec
            {
                Cpu = rows.Where(row => row.Class == "processor").Select(row => row.Text).FirstOrDefault(),
                SystemMemoryBytes = Fields.PositiveBytes(size?.Groups[1].Value),
                Source = "lshw",
            },
            rows.Any(row => row.Class == "display") ? cards.ToList() : null);
    }

    private static DetectedGpu Card(string? slot, string text, int index)
    {
        var card = Lspci.Card(new Lspci.Device(
            Fields.PciAddress(slot) is { } address ? address : "0000:ff:00.0", "Display controller",
            Fields.ContainsAny(text, "Corporation", "Advanced Micro Devices") ? text : string.Empty, text, null));
        return card with
        {
            Facts = card.Facts with { Index = index, Source = "lshw", PciBusId = Fields.PciAddress(slot) },
        };
    }

    private static bool IsHeader(string line) => line.IndexOf("Description", StringComparison.Ordinal) > 0
        && (line.StartsWith("H/W path", StringComparison.Ordinal)
            || line.StartsWith("Bus info", StringComparison.Ordinal));

    private static IEnumerable<(string? Slot, string Class, string Text)> Rows(InventoryText text) => text.Lines
        .SkipWhile(line => !IsHeader(line)).Skip(1).Select(line => Row.Match(line)).Where(match => match.Success)
        .Select(match => (Fields.Text(match.Groups[1].Value), match.Groups[2].Value, match.Groups[3].Value));
}
