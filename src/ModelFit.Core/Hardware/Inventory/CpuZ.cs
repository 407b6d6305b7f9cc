namespace ModelFit.Hardware.Inventory;

/// <summary>The text report of CPU-Z: its display adapters, and the first processor.</summary>
internal static class CpuZ
{
    private const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    /// <summary>Whether there is an adapter as CPU-Z reports it.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Any(IsAdapter);

    /// <summary>The one machine of the report.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var values = Values(text.Lines);
        var cards = LabelText.Blocks(text.Lines, IsAdapter).Select(Values)
            .Where(adapter => adapter.Text("Name") is not null)
            .Select((adapter, index) => FoundCard.Create(
                adapter.Text("Name"), "CPU-Z", index, Fields.PositiveBytes(adapter.Text("Memory size"), "MiB"),
                driver: adapter.Text("Driver version")));
        yield return new DetectedMachine(
            new MachineSpec
            {
                Cpu = values.Text("Specification"),
                OperatingSystem = values.Text("Windows Version"),
                SystemMemoryBytes = Fields.PositiveBytes(values.Text("Memory Size")?.Replace("Bytes", "B")),
                Source = "CPU-Z",
            },
            cards.ToList());
    }

    private static bool IsAdapter(string line) => line.TrimStart().StartsWith("Display adapter ", IgnoreCase)
        && char.IsDigit(line.TrimEnd()[line.TrimEnd().Length - 1]);

    /// <summary>A label, then tabs, then a value.</summary>
    private static Dictionary<string, string> Values(IEnumerable<string> lines)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var isFirst = true;
        foreach (var line in lines)
        {
            if (!isFirst && IsAdapter(line)) break;
            isFirst = false;
            var cells = line.Split(new[] { '\t' }, StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length == 2 && !values.ContainsKey(cells[0].Trim())) values[cells[0].Trim()] = cells[1].Trim();
        }

        return values;
    }
}
