using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>amd-smi monitor</c>: a row a GPU, whose last column is used and whole memory.</summary>
internal static class AmdSmiMonitor
{
    private static readonly Regex Row = new(
        @"^\s*(\d{1,3})\s.*?\s(\d{1,7}(?:\.\d)?)/\s?(\d{1,7}(?:\.\d)?) (MB|GB)\s*$");

    /// <summary>Whether there is its header with the column of memory.</summary>
    public static bool Recognizes(InventoryText text) =>
        text.Lines.Any(IsHeader) && text.Lines.Any(line => Row.IsMatch(line));

    /// <summary>The one machine of the table: the last row of each GPU, for it repeats with <c>-w</c>.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var cards = text.Lines.Select(line => Row.Match(line)).Where(match => match.Success)
            .GroupBy(match => match.Groups[1].Value).Select(same => same.Last())
            .Select(match => FoundCard.Create(
                null, "amd-smi", Fields.Integer(match.Groups[1].Value), Size(match, 3), Size(match, 2), vendor: "AMD"));
        yield return new DetectedMachine(new MachineSpec { Source = "amd-smi" }, cards.ToList());
    }

    private static bool IsHeader(string line) => line.TrimStart().StartsWith("GPU ", StringComparison.Ordinal)
        && line.TrimEnd().EndsWith("VRAM_USAGE", StringComparison.Ordinal);

    private static long? Size(Match row, int group) => Fields.Bytes(row.Groups[group].Value + row.Groups[4].Value);
}
