using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>rocm-smi</c> as <c>GPU[0] : VRAM Total Memory (B): …</c> lines, as the concise table of a bare call (whose ids
/// tell the cards since ROCm 6), and as <c>--csv</c>.
/// </summary>
internal static class RocmSmiText
{
    private static readonly Regex Line = new(@"^GPU\[(\d+)\]\s*: ([^:]+?):\s*(\S(?:.*\S)?)\s*$");

    private static readonly Regex TableRow = new(
        @"^(\d+)\s+(?:(?:\[[^\]]*\]|\d+)\s+)?(?:(0x[0-9a-f]+),\s*\S+\s+)?\S.*\s\d+%\s+\d+%\s*$");

    /// <summary>The header of the table before ROCm 6, and of <c>--showhw</c>.</summary>
    private static readonly Regex OldHeader = new(@"^\s?GPU\s+(?:DID|Temp)\s.*(?:GPU%|ECC|BUS|OverDrive|VRAM%)");

    /// <summary>Whether lines are facts of cards, or rows of the table.</summary>
    public static bool RecognizesText(InventoryText text) => text.Lines.Any(line => Line.IsMatch(line))
        || IsTable(text);

    /// <summary>Whether the first line names rocm-smi's columns.</summary>
    public static bool RecognizesCsv(InventoryText text) =>
        text.Lines.Any(line => line.StartsWith("device,", StringComparison.OrdinalIgnoreCase))
            && Regex.IsMatch(text.Text, @"(?m)^card\d+,");

    /// <summary>The one machine of the lines.</summary>
    public static IEnumerable<DetectedMachine> ReadText(InventoryText text, ReadContext context)
    {
        var facts = text.Lines.Select(line => Line.Match(line)).Where(match => match.Success)
            .GroupBy(match => match.Groups[1].Value,
                match => (Key: match.Groups[2].Value, Value: match.Groups[3].Value));
        return Machine(facts.Select(card => Card(Fields.Integer(card.Key), card.ToLookup(
            fact => fact.Key, fact => fact.Value, StringComparer.OrdinalIgnoreCase)))
            .DefaultIfNone(() => Rows(text)));
    }

    private static bool IsTable(InventoryText text) => Rows(text).Any();

    /// <summary>The rows below the header: of ROCm 6 with its ids, before with a column of them or none.</summary>
    private static IEnumerable<DetectedGpu> Rows(InventoryText text)
    {
        var found = text.Contains("Concise Info") && text.Contains("VRAM%")
            ? text.Lines.Select(line => TableRow.Match(line)).Where(row => row.Success).ToList() : new List<Match>();
        if (found.Count > 0) return found.Select(row => Card(row.Groups[1].Value, row.Groups[2].Value)).ToList();
        if (text.Lines.FirstOrDefault(line => OldHeader.IsMatch(line)) is not { } header)
            return Array.Empty<DetectedGpu>();
        var columns = Words(header);
        var (id, heat) = (Array.IndexOf(columns, "DID"), Array.IndexOf(columns, "Temp"));
        var rows = text.Lines.SkipWhile(line => line != header).Skip(1).Select(Words)
            .Where(row => row.Length >= 4 && row[0].All(char.IsDigit)).ToList();
        // Before ROCm 4 the cards of other vendors were listed too, without a temperature.
        var own = rows.Where(row => heat < 0 || row[heat] != "N/A").ToList();
        return (own.Count > 0 ? own : rows)
            .Select(row => Card(row[0], id < 0 ? string.Empty : "0x" + row[id])).ToList();
    }

    private static string[] Words(string line) =>
        line.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries);

    private static DetectedGpu Card(string index, string id) => RocmSmiJson.Card(
        Fields.Integer(index), key => key == "Device ID" ? Fields.Text(id) : null, null);

    /// <summary>The one machine of the rows.</summary>
    public static IEnumerable<DetectedMachine> ReadCsv(InventoryText text, ReadContext context)
    {
        var columns = Array.Empty<string>();
        var cells = new List<(string Card, string Column, string Value)>();
        foreach (var row in CsvText.Records(text.Text, ','))
        {
            if (row[0].Trim().Equals("device", StringComparison.OrdinalIgnoreCase)) columns = row;
            else if (Regex.IsMatch(row[0], @"^card\d+$"))
                cells.AddRange(columns.Zip(row, (column, value) => (row[0], column.Trim(), value)));
        }

        return Machine(cells.GroupBy(cell => cell.Card).Select(card => Card(
            Fields.Integer(card.Key.Substring(4)),
            card.ToLookup(cell => cell.Column, cell => cell.Value, StringComparer.OrdinalIgnoreCase))));
    }

    private static DetectedGpu Card(int? index, ILookup<string, string> values) =>
        RocmSmiJson.Card(index, key => Fields.Text(values[key].FirstOrDefault()), null);

    private static IEnumerable<DetectedMachine> Machine(IEnumerable<DetectedGpu> cards) =>
        new[] { new DetectedMachine(new MachineSpec { Source = "rocm-smi" }, cards.ToList()) };
}
