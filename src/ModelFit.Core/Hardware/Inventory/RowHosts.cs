using Meaning = ModelFit.Hardware.Inventory.RowColumns.Meaning;

namespace ModelFit.Hardware.Inventory;

/// <summary>Which column of an inventory names the computers: by meaning, and by what stands in it.</summary>
internal static class RowHosts
{
    private const int Sample = 200;
    private const int MostAsked = 10;
    private const int LongestName = 128;

    private static readonly string[] Computers = { "computer", "host", "machine" };

    /// <summary>What stands where the name would be in the last row of a table that somebody summed up.</summary>
    private static readonly HashSet<string> Totals = new(StringComparer.OrdinalIgnoreCase)
    {
        "total", "totals", "grand total", "sum", "count", "summe", "gesamt", "anzahl", "somme", "total général",
        "suma", "totale", "somma", "totaal", "итого", "всего", "合计", "总计", "合計", "합계",
    };

    /// <summary>Whether a row counts the rows above it: no computer, whatever sums it has.</summary>
    public static bool IsTotal(InventoryRow row, string column) =>
        row.Named(column)?.TrimEnd(':', ' ') is { } name && Totals.Contains(name)
        && !row.Cells(Meaning.Gpu).Any(cell => cell.Text.Any(char.IsLetter)) && !row.Cells(Meaning.Cpu).Any();

    /// <summary>The column; null if none names them.</summary>
    public static string? Column(IReadOnlyList<InventoryRow> rows, ReadContext context)
    {
        var sample = rows.Take(Sample).ToList();
        var found = Best(sample, Meaning.Computer, context);
        var label = sample.Any(row => RowProcessors.IsRow(row)
                || (VideoController.IsRow(row) && !VideoController.IsComputer(row)) || CardRows.IsDevice(row)) ? null
            : Best(sample, Meaning.Label, context);
        if (label is null || found is null) return found ?? label ?? Prefixed(sample);
        // Of virtual machines the host comes again and again, and the name differs in every row.
        return sample.Count > 1 && Distinct(sample, found) < sample.Count && Distinct(sample, label) == sample.Count
            ? label : found;
    }

    public static bool NamesCards(IReadOnlyList<InventoryRow> rows, string column, ReadContext context) =>
        rows.Select(row => row.Named(column)).Where(text => text is not null).Take(MostAsked).ToList() is var names
            && names.Count(name => name!.IndexOf(' ') > 0 && (AdapterKind.IsGpuName(name) || IsModel(name, context)))
                * 2 > names.Count;

    /// <summary>Whether a name that any thing may have is a card's: <c>PC1</c> is a computer.</summary>
    private static bool IsModel(string name, ReadContext context) =>
        name.Any(char.IsDigit) && context.Catalog?.IsCard(name) == true;

    private static string? Best(IReadOnlyList<InventoryRow> rows, Meaning meaning, ReadContext context) => rows
        .SelectMany(row => row.Columns).Distinct(StringComparer.OrdinalIgnoreCase)
        .Where(column => RowColumns.Find(column)?.Meaning == meaning)
        .OrderBy(RowColumns.Rank).ThenBy(column => RowColumns.Normalize(column) == "id")
        .ThenBy(column => RowColumns.Normalize(column).IndexOf("name", StringComparison.Ordinal) < 0)
        .FirstOrDefault(column => rows.Any(row => IsName(row.Named(column)))
            && (SaysComputer(column) || !NamesCards(rows, column, context))
            && !rows.Any(row => row.CardColumn == column));

    /// <summary>
    /// Whether a column is said to name computers, whatever their names are like (<c>PC RTX 3090</c>).
    /// </summary>
    private static bool SaysComputer(string column) => RowColumns.Normalize(column) is var name
        && Computers.Any(word => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);

    /// <summary>Whether a cell may be a name: not a yes or no, not a word for none.</summary>
    private static bool IsName(string? text) => Fields.Text(text) is { } name && !bool.TryParse(name, out _)
        && name.Length < LongestName && name[0] != '<' && !name.EndsWith(".", StringComparison.Ordinal)
        && !name.Equals("not specified", StringComparison.OrdinalIgnoreCase) && !RowProcessors.IsArchitecture(name);

    /// <summary>
    /// A column whose name ends with one for computers, as reports put the table before it
    /// (<c>Details_Table0_Netbios_Name0</c>), and that differs in the rows.
    /// </summary>
    private static string? Prefixed(IReadOnlyList<InventoryRow> rows) => rows.SelectMany(row => row.Columns).Distinct()
        .FirstOrDefault(column => column.Split('_', '.') is var parts && Enumerable.Range(1, parts.Length - 1)
                .Any(skipped => RowColumns.Find(string.Join("_", parts.Skip(skipped)))?.Meaning == Meaning.Computer)
            && Distinct(rows, column) == rows.Count);

    private static int Distinct(IReadOnlyList<InventoryRow> rows, string column) =>
        rows.Select(row => row.Named(column)).Distinct(StringComparer.OrdinalIgnoreCase).Count();
}
