namespace ModelFit.Hardware.Inventory;

/// <summary>CUDA's sample <c>deviceQuery</c>.</summary>
internal static class DeviceQuery
{
    private static readonly Regex Device = new(@"^\s*Device (\d{1,3}): ""([^""]{1,100})""");
    private static readonly Regex Memory = new(@"global memory:\s+(?:[^(]{1,60}\()?(\d{1,15}) bytes\b");
    private static readonly Regex Capability = new(@"CUDA Capability[^:]{0,60}:\s+(\d\d?\.\d)");

    /// <summary>Whether there is a device as the sample prints it.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Any(line => Device.IsMatch(line));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var cards = LabelText.Blocks(text.Lines, line => Device.IsMatch(line)).Select(Card)
            .GroupBy(card => card.Facts.Index).Select(same => same.Last()).ToList();
        yield return new DetectedMachine(new MachineSpec { Source = "deviceQuery" }, cards);
    }

    private static DetectedGpu Card(List<string> block)
    {
        var start = Device.Match(block[0]);
        string First(Regex pattern) => block.Select(line => pattern.Match(line)).Where(match => match.Success)
            .Select(match => match.Groups[1].Value).FirstOrDefault() ?? string.Empty;
        var card = FoundCard.Create(
            start.Groups[2].Value, "deviceQuery", Fields.Integer(start.Groups[1].Value),
            Fields.PositiveBytes(First(Memory)), vendor: "NVIDIA");
        return card with { Facts = card.Facts with { ComputeCapability = Fields.Text(First(Capability)) } };
    }
}
