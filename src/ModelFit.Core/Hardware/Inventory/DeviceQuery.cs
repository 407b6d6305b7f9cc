using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>CUDA's sample <c>deviceQuery</c>, and programs after it that print the same properties.</summary>
internal static class DeviceQuery
{
    private static readonly Regex Device = new(
        @"^\s*(?:CUDA )?Device #?(\d{1,3})(?:: ""([^""]{1,100})""|:?\s*$)");

    private static readonly Regex Name = new(@"^\s*(?:device )?name:\s+(\S.{1,99})$", RegexOptions.IgnoreCase);

    private static readonly Regex Memory = new(
        @"global ?mem(?:ory)?:\s+(?:[^(]{1,60}\()?(\d{7,15}) ?(?:B\b|bytes\b|$)", RegexOptions.IgnoreCase);

    private static readonly Regex Capability = new(@"CUDA Capability[^:]{0,60}:\s+(\d\d?\.\d)");

    /// <summary>Whether there is a device as the sample prints it, or as its properties are called.</summary>
    public static bool Recognizes(InventoryText text) => Blocks(text).Any(IsCard);

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var cards = Blocks(text).Where(IsCard).Select(Card)
            .GroupBy(card => card.Facts.Index).Select(same => same.Last()).ToList();
        yield return new DetectedMachine(new MachineSpec { Source = "deviceQuery" }, cards);
    }

    /// <summary>What is told of each device; of one alone that no line announces, from its name on.</summary>
    private static IEnumerable<List<string>> Blocks(InventoryText text) =>
        LabelText.Blocks(text.Lines, line => Device.IsMatch(line)).DefaultIfNone(() =>
            text.Contains("totalGlobalMem") ? LabelText.Blocks(text.Lines, line => Name.IsMatch(line))
                : Enumerable.Empty<List<string>>());

    private static bool IsCard(List<string> block) => Device.Match(block[0]).Groups[2].Success
        || (First(block, Name).Length > 0 && First(block, Memory).Length > 0);

    private static string First(List<string> block, Regex pattern) => block.Select(line => pattern.Match(line))
        .Where(match => match.Success).Select(match => match.Groups[1].Value).FirstOrDefault() ?? string.Empty;

    private static DetectedGpu Card(List<string> block)
    {
        var start = Device.Match(block[0]);
        var card = FoundCard.Create(
            start.Groups[2].Success ? start.Groups[2].Value : First(block, Name).TrimEnd(), "deviceQuery",
            Fields.Integer(start.Groups[1].Value), Fields.PositiveBytes(First(block, Memory)), vendor: "NVIDIA");
        return card with { Facts = card.Facts with { ComputeCapability = Fields.Text(First(block, Capability)) } };
    }
}
