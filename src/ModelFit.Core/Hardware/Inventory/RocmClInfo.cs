namespace ModelFit.Hardware.Inventory;

/// <summary>The <c>clinfo</c> that comes with AMD's driver: a label and a colon a line.</summary>
internal static class RocmClInfo
{
    private const string Source = "clinfo";
    private const StringComparison Plain = StringComparison.Ordinal;

    /// <summary>Whether there is a device by its type.</summary>
    public static bool Recognizes(InventoryText text) => text.Contains("Global memory size:")
        && text.Lines.Any(IsDevice);

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var devices = LabelText.Blocks(text.Lines, IsDevice)
            .Where(block => block[0].IndexOf("GPU", Plain) >= 0).Select(Card).ToList();
        yield return new DetectedMachine(new MachineSpec { Source = Source }, devices.Count > 0 ? devices : null);
    }

    private static bool IsDevice(string line) => line.TrimStart().StartsWith("Device Type:", Plain)
        && line.IndexOf("CL_DEVICE_TYPE", Plain) > 0;

    private static DetectedGpu Card(List<string> block, int index)
    {
        var values = LabelText.First(block);
        var target = values.Text("Name")?.Split(':')[0];
        var isTarget = target?.StartsWith("gfx", Plain) == true;
        var board = values.Text("Board name") ?? (isTarget ? null : target);
        var card = FoundCard.Create(
            board, Source, index, Fields.PositiveBytes(values.Text("Global memory size")),
            driver: values.Text("Driver version"), vendor: AdapterKind.Vendor(null, board) ?? "AMD");
        return card with
        {
            Facts = card.Facts with { GfxTarget = isTarget ? target : null },
            OtherNames = AmdNames.Candidates(board),
        };
    }
}
