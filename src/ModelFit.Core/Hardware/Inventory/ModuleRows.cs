namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Rows that are memory modules, as <c>Win32_PhysicalMemory</c> and people's scripts list them: a slot and a size each.
/// </summary>
internal static class ModuleRows
{
    private static readonly string[] Sizes = { "capacity", "size", "capacitygb", "sizegb", "capacitymb", "sizemb" };

    private static readonly string[] Slots =
        { "slot", "devicelocator", "banklabel", "locator", "banklocator", "dimm", "memoryslot" };

    private static readonly string[] Modules = { "memorymodule", "rammodule", "dimm", "memorydevice", "memoryslot" };

    /// <summary>Whether the row is a module.</summary>
    public static bool IsRow(InventoryRow row) => Column(row, Sizes) is not null && Column(row, Slots) is not null
        && !row.Has(RowColumns.Meaning.Gpu) && !row.Has(RowColumns.Meaning.SystemMemory);

    /// <summary>Bytes of the module; null if the slot is empty.</summary>
    public static long? Bytes(InventoryRow row)
    {
        var column = Column(row, Sizes)!;
        var unit = RowColumns.Normalize(column).EndsWith("gb", System.StringComparison.Ordinal) ? "GiB"
            : RowColumns.Normalize(column).EndsWith("mb", System.StringComparison.Ordinal) ? "MiB" : null;
        return row.Named(column) is { } text ? row.Style.Size(text, unit, CellSize.Bare.System) : null;
    }

    /// <summary>Bytes of the modules among the rows; null if there are none.</summary>
    public static long? Sum(IEnumerable<InventoryRow> rows)
    {
        var sizes = rows.SelectMany(row => IsRow(row) ? new[] { row } : Nested(row)).Select(Bytes)
            .Where(bytes => bytes > 0).ToList();
        return sizes.Count == 0 ? null : sizes.Sum();
    }

    /// <summary>
    /// The modules that a column of the row holds as objects, <c>memory: [{Capacity, DeviceLocator}]</c>; a column that
    /// says so (<c>memoryModules</c>) needs no slots.
    /// </summary>
    private static IEnumerable<InventoryRow> Nested(InventoryRow row) => row.Listed
        .Select((item, index) => (item.Column, Row: new InventoryRow(item.Cells, index + 1, row.Style)))
        .Where(item => IsRow(item.Row) || (Column(item.Row, Sizes) is not null
            && (RowColumns.Find(item.Column)?.Meaning == RowColumns.Meaning.SystemMemory
                || Fields.ContainsAny(RowColumns.Normalize(item.Column), Modules))))
        .Select(item => item.Row);

    private static string? Column(InventoryRow row, string[] names) =>
        row.Columns.FirstOrDefault(column => names.Contains(RowColumns.Normalize(column)));
}
