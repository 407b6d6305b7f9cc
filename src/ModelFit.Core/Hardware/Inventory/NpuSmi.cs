using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>Huawei's <c>npu-smi info</c>: two rows a chip, the last pair its memory.</summary>
internal static class NpuSmi
{
    private static readonly Regex Pair = new(@"(\d{1,9}) */ *(\d{1,9})");
    private static readonly Regex Name = new(@"^\s*(\d{1,4})\s+([0-9A-Za-z][0-9A-Za-z_.-]{1,30})\s*$");

    /// <summary>The first row of a chip, and the second one: they tell the table where its head is cut off.</summary>
    private static readonly Regex Top = new(
        @"^\|\s{0,9}\d{1,4}\s{1,9}(?:Ascend|[39]10)\w{0,20}(?:-\d)?\s{0,30}" +
        @"\|\s{0,9}(?:OK|Warning|Alarm|Critical)\s{0,30}\|");

    private static readonly Regex Below = new(
        @"^\|\s{0,9}\d{1,4}(?:\s{1,9}\d{1,4})?\s{0,30}\|\s{0,9}[0-9A-Fa-f]{4}:[0-9A-Fa-fx]{2}:");

    /// <summary>Whether the text is its table, or rows of it.</summary>
    public static bool Recognizes(InventoryText text) =>
        (text.Contains("Memory-Usage(MB)") && text.Contains("| NPU"))
        || (text.Lines.Any(line => Top.IsMatch(line)) && text.Lines.Any(line => Below.IsMatch(line)));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var cards = new List<DetectedGpu>();
        string? name = null;
        foreach (var cells in text.Lines.Select(line => line.Trim().Trim('|').Split('|')).Where(row => row.Length == 3))
        {
            if (name is null && Name.Match(cells[0]) is { Success: true } named) name = named.Groups[2].Value;
            else if (name is not null && Pair.Matches(cells[2]).Cast<Match>().LastOrDefault() is { } memory)
            {
                cards.Add(FoundCard.Create(
                    name.StartsWith("Ascend", StringComparison.Ordinal) ? name : "Ascend " + name,
                    "npu-smi", cards.Count, Fields.PositiveBytes(memory.Groups[2].Value, "MiB"),
                    Fields.Bytes(memory.Groups[1].Value, "MiB"), bus: cells[1], vendor: "Huawei", isIntegrated: false));
                name = null;
            }
        }

        if (cards.Count == 0) throw context.Damaged("the table of npu-smi has no row of a chip.");
        yield return new DetectedMachine(new MachineSpec { Source = "npu-smi" }, cards);
    }
}
