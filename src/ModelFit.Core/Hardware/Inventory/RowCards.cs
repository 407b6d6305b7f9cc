using Meaning = ModelFit.Hardware.Inventory.RowColumns.Meaning;

namespace ModelFit.Hardware.Inventory;

/// <summary>The cards of one row of a spreadsheet; a card without a name is known by its memory.</summary>
internal static class RowCards
{
    /// <summary>The cards in the order in which the row names them.</summary>
    public static IEnumerable<DetectedGpu> Of(InventoryRow row, string source, ReadContext context)
    {
        if (IsSilent(row, context))
        {
            context.Messages.Verbose($"Row {row.Number}: its column of cards names none, so its GPUs are unknown.");
            return Array.Empty<DetectedGpu>();
        }

        if (CardObjects.Read(row, source, context.Catalog) is { } objects) return objects;
        if (row.CardColumn is not null) return new[] { CardRows.Card(row, source, context.Catalog) };
        var cells = row.Cells(Meaning.Gpu).Select(cell => cell.Text).ToList();
        var names = cells.Where(text => InventoryRow.Whole(text) is null).ToList();
        var text = names.Count == 0 ? CardRows.NameIn(row) : names.Count > 1 && IsNumbered(row)
            ? string.Join(" + ", names) : string.Join(" + ", OfVendors(names));
        var memory = IsVirtual(row) ? null : row.Size(Meaning.GpuMemory, CellSize.Bare.Card);
        var count = row.Count(Meaning.GpuCount, context.Messages)
            ?? (int?)cells.Select(InventoryRow.Whole).FirstOrDefault(number => number is not null);
        if (text is null && memory is null && count is not > 0) return Array.Empty<DetectedGpu>();
        if (count is { } wanted) CardText.Check(wanted, "the column of counts says", context.Messages);
        var named = context.Cards(text ?? string.Empty).DefaultIfEmpty((Name: string.Empty, Count: 1)).ToList();
        var total = named.Sum(card => card.Count);
        if (count is { } given && given != total)
        {
            if (named.Count != 1 || named[0].Count != 1) throw new ModelFitException(
                ErrorIds.GpuCountMismatch, $"the column of counts says {given} and '{text}' names {total} cards.",
                text);
            named[0] = (named[0].Name, given);
        }

        var (used, free) = (Part(row, Meaning.GpuMemoryUsed), Part(row, Meaning.GpuMemoryFree));
        return named.SelectMany(card => Enumerable.Repeat(card.Name, card.Count)).Select((name, index) =>
            new DetectedGpu(new GpuSpec
            {
                Name = name,
                MemoryBytes = named.Count > 1 && !MayHave(name, memory, context) ? null : memory,
                MemoryUsedBytes = used,
                MemoryFreeBytes = free,
                DriverVersion = row.Driver,
                Index = index,
                Source = source,
            })
            {
                MemoryIsCapped = VideoController.IsCapped(memory, name, context.Catalog),
            }).ToList();
    }

    /// <summary>Whether a text is no name of a card: no vendor and no number in it.</summary>
    public static bool IsVague(string text) =>
        AdapterKind.Vendor(null, text) is null && !text.Any(char.IsDigit);

    /// <summary>
    /// Whether the columns of cards say something that names no card: <c>Onboard</c>, or which backends work.
    /// </summary>
    public static bool IsSilent(InventoryRow row, ReadContext context) => row.CardColumn is null
        && !row.Has(Meaning.GpuMemory)
        && !row.Has(Meaning.GpuCount) && (CardObjects.IsOfSwitches(row)
            || (row.Cells(Meaning.Gpu).Any() && row.Cells(Meaning.Gpu).All(cell =>
                IsVague(cell.Text) && context.Catalog?.IsCard(cell.Text) != true)));

    /// <summary>Whether a column of cards holds objects.</summary>
    public static bool HasObjects(InventoryRow row) => row.Given.Any(cell => cell.Value is not (null or string)
        && RowColumns.Normalize(cell.Key) is "videos" or "video");

    /// <summary>
    /// Whether the row is a virtual machine or a host of them, whose video memory is that of pictures, or the sum of
    /// its guests' memory.
    /// </summary>
    public static bool IsVirtual(InventoryRow row) => !row.Has(Meaning.Gpu)
        && row.HasAny("powerstate", "template", "vms", "vmstotal", "vmstate", "vmtools", "connectionstate",
            "vinfopowerstate", "vinfotemplate", "vhostvms", "vhostvmstotal");

    /// <summary>Whether one size beside several cards can be this one's.</summary>
    private static bool MayHave(string name, long? memory, ReadContext context) => !IsIntegrated(name)
        && (context.Catalog?.FindByName(name, null, NullSink.Instance)?.MemoryBytes is not { } own
            || context.Catalog.FindByName(name, memory, NullSink.Instance)?.MemoryBytes is { } found
            && Math.Abs(own - found) <= own / 10);

    private static bool IsIntegrated(string name) => AdapterKind.IsIntegrated(AdapterKind.Vendor(null, name), name);

    /// <summary>
    /// The first name, and with it that of a card by another vendor: several columns mostly name one card, in other
    /// words.
    /// </summary>
    private static IEnumerable<string> OfVendors(IReadOnlyList<string> names) => names
        .Where(name => name == names[0] || (AdapterKind.IsGpuName(name) && AdapterKind.IsGpuName(names[0])))
        .GroupBy(name => AdapterKind.Vendor(null, name)).Select(same => same.First());

    private static bool IsNumbered(InventoryRow row) =>
        row.Cells(Meaning.Gpu).Any(cell => cell.Column.TrimEnd() is { Length: > 0 } name
            && char.IsDigit(name[name.Length - 1]));

    private static long? Part(InventoryRow row, Meaning meaning) => row.Cells(meaning)
        .Select(cell => row.Style.Size(cell.Text, cell.Unit, CellSize.Bare.Card)).FirstOrDefault();
}
