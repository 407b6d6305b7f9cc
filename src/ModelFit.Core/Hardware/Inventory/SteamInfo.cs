namespace ModelFit.Hardware.Inventory;

/// <summary>Steam's system information: <c>Processor Information:</c>, <c>Video Card:</c>, <c>Memory:</c>.</summary>
internal static class SteamInfo
{
    private const string Source = "Steam";

    private static readonly Regex Version = new(@"\d+\.[\d.]+\s*$");
    private static readonly Regex Logical = new(@"^\s+(\d{1,4}) logical processors");
    private static readonly Regex Physical = new(@"^\s+(\d{1,4}) physical processors");

    /// <summary>Whether there is a video card with its ids, as Steam writes them.</summary>
    public static bool Recognizes(InventoryText text) => text.Contains("Video Card:") && text.Contains("VendorID:")
        && text.Contains("DeviceID:");

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var outline = OutlineText.Parse(text.Lines);
        string? Value(string path) => Fields.Text(JsonFields.Text(outline, path));
        int? Count(Regex line) => text.Lines.Select(told => line.Match(told)).Where(match => match.Success)
            .Select(match => Fields.PositiveInteger(match.Groups[1].Value)).FirstOrDefault();
        var version = Version.Match(Value("Video Card/Driver Version") ?? string.Empty);
        var card = FoundCard.Create(
            Value("Video Card/Driver")?.Split('/')[0].Replace("NVIDIA Corporation ", string.Empty), Source, 0,
            Fields.PositiveBytes(Value("Video Card/Primary VRAM")),
            driver: version.Success ? version.Value.Trim() : null,
            id: PciId.Create(Value("Video Card/VendorID"), Value("Video Card/DeviceID")));
        yield return new DetectedMachine(
            new MachineSpec
            {
                Cpu = Value("Processor Information/CPU Brand"),
                CoreCount = Count(Physical),
                LogicalProcessorCount = Count(Logical),
                SystemMemoryBytes = Fields.PositiveBytes(Value("Memory/RAM")),
                Source = Source,
            },
            new[] { card });
    }
}
