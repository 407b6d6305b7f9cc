using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>Win32_VideoController</c> as text: <c>wmic … /value</c>, <c>Format-List</c>, or its fields joined by <c>|</c>;
/// and <c>Win32_ComputerSystem</c> or <c>Get-ComputerInfo</c> in the same forms.
/// </summary>
internal static class VideoControllerText
{
    private static readonly Regex Field = new(@"^\s*([A-Za-z_]+)\s*[=:]\s?(.*)$");

    private static readonly Regex AnyField = new(@"^([^\s:=|#*-][^:=|]{0,59}?)\s{0,60}:(?: (.*))?$");

    private static readonly Regex OwnField = new(
        @"(?:^|\|)\s*(AdapterRAM|VideoProcessor|AdapterCompatibility|PNPDeviceID|(?:Cs)?TotalPhysicalMemory|" +
        @"TotalVisibleMemorySize)\s*[=:]",
        RegexOptions.IgnoreCase);

    /// <summary>Whether lines are fields of the class.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Any(line => OwnField.IsMatch(line));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) =>
        RowReader.Read(Rows(text, Field), "Win32_VideoController", context);

    /// <summary>Whether objects of the same members come one after another, and each names its computer.</summary>
    public static bool RecognizesList(InventoryText text) => text.Json.Count == 0
        && Rows(text, AnyField).ToList() is { Count: > 1 } rows && rows.All(row => RowKinds.IsTable(row)
            && RowKinds.Tells(row) && row.Text(RowColumns.Meaning.Computer) is not null
            && row.Columns.SequenceEqual(rows[0].Columns));

    public static IEnumerable<DetectedMachine> ReadList(InventoryText text, ReadContext context) =>
        RowReader.Read(Rows(text, AnyField), "list of objects", context);

    private static IEnumerable<InventoryRow> Rows(InventoryText text, Regex field) =>
        Blocks(text, field).Select((cells, index) => new InventoryRow(cells, index + 1));

    /// <summary>A block ends where a field comes again, or at a line of fields joined by <c>|</c>.</summary>
    private static IEnumerable<Dictionary<string, object?>> Blocks(InventoryText text, Regex pattern)
    {
        var block = New();
        foreach (var line in text.Lines)
        {
            var fields = line.Split('|').Select(part => pattern.Match(part)).Where(match => match.Success).ToList();
            var repeats = fields.Any(field => block.ContainsKey(field.Groups[1].Value));
            if (repeats && block.Count > 0)
            {
                yield return block;
                block = New();
            }

            foreach (var field in fields) block[field.Groups[1].Value] = field.Groups[2].Value.Trim();
        }

        if (block.Count > 0) yield return block;
    }

    private static Dictionary<string, object?> New() => new(StringComparer.OrdinalIgnoreCase);
}
