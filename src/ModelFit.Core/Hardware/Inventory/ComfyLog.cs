namespace ModelFit.Hardware.Inventory;

/// <summary>
/// ComfyUI's start: <c>Total VRAM 24564 MB, total RAM 32694 MB</c> and <c>Device: cuda:0 … : native</c>, the card that
/// it takes.
/// </summary>
internal static class ComfyLog
{
    private const string Source = "ComfyUI";

    private static readonly Regex Totals = new(@"Total VRAM (\d{1,8}) MB, total RAM (\d{1,8}) MB");

    private static readonly Regex Device = new(@"Device: (?:cuda|xpu):(\d{1,3}) ([^:\n]{2,80}) : ");

    /// <summary>Whether both are told.</summary>
    public static bool Recognizes(InventoryText text) => text.Contains("Total VRAM ")
        && text.Lines.Any(line => Totals.IsMatch(line)) && text.Lines.Any(line => Device.IsMatch(line));

    /// <summary>The one machine of the log.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var totals = text.Lines.Select(line => Totals.Match(line)).First(match => match.Success);
        var device = text.Lines.Select(line => Device.Match(line)).First(match => match.Success);
        yield return new DetectedMachine(
            new MachineSpec
            {
                SystemMemoryBytes = Fields.PositiveBytes(totals.Groups[2].Value, "MiB"),
                Source = Source,
            },
            new[]
            {
                FoundCard.Create(
                    device.Groups[2].Value, Source, Fields.Integer(device.Groups[1].Value),
                    Fields.PositiveBytes(totals.Groups[1].Value, "MiB")),
            });
    }
}
