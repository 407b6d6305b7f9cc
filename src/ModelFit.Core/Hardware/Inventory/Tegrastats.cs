using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// NVIDIA's Jetson boards: <c>tegrastats</c>, whose first line tells the memory, and <c>jetson_release</c>.
/// </summary>
internal static class Tegrastats
{
    private static readonly Regex Memory = new(@"\bRAM (\d{1,7})/(\d{1,7})MB\b");
    private static readonly Regex Board = new(@"^\s*(?:-\s*)?(?:Module|Model): (NVIDIA Jetson [^\n]{2,80})$");
    private static readonly Regex Size = new(@"\((\d{1,3}) ?GB", RegexOptions.IgnoreCase);

    /// <summary>Whether lines are of a Jetson.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Take(100).Any(IsStatistics)
        || (text.Contains("Jetpack") && text.Lines.Any(line => Board.IsMatch(line)));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var board = text.Lines.Select(line => Board.Match(line)).Where(match => match.Success)
            .Select(match => match.Groups[1].Value).OrderBy(name => Size.IsMatch(name) ? 0 : 1).FirstOrDefault();
        var line = text.Lines.FirstOrDefault(IsStatistics);
        var memory = Memory.Match(line ?? string.Empty);
        var total = Fields.PositiveBytes(memory.Groups[2].Value, "MiB")
            ?? Fields.PositiveBytes(Size.Match(board ?? string.Empty).Groups[1].Value, "GiB");
        yield return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = LabelText.First(text.Lines.Take(100)).Text("Hostname"),
                SystemMemoryBytes = total,
                SystemMemoryFreeBytes = total - Fields.Bytes(memory.Groups[1].Value, "MiB"),
                Source = "tegrastats",
            },
            new[]
            {
                FoundCard.Create(
                    board?.Split('(', '-')[0].Trim() ?? "NVIDIA Jetson", "tegrastats", 0, vendor: "NVIDIA",
                    isIntegrated: true),
            });
    }

    private static bool IsStatistics(string line) => Memory.IsMatch(line)
        && (line.IndexOf("GR3D", System.StringComparison.Ordinal) >= 0
            || line.IndexOf("EMC_FREQ", System.StringComparison.Ordinal) >= 0);
}
