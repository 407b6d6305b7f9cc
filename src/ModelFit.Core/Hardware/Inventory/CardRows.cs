using Meaning = ModelFit.Hardware.Inventory.RowColumns.Meaning;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Rows that are a card each and not a computer: osquery's <c>video_info</c> and <c>pci_devices</c>, the devices of a
/// hypervisor, <c>Get-PnpDevice</c>. No column is called after a card, and one that is called after anything names
/// cards.
/// </summary>
internal static class CardRows
{
    private const int Sample = 50;

    /// <summary>Columns that may hold a card's name, the surest first.</summary>
    private static readonly string[] Names =
    {
        "model", "product", "productname", "devicename", "friendlyname", "name", "series", "chipset", "caption",
        "description", "device", "modelname", "title",
    };

    /// <summary>Words in a column of classes that are a display's, or of a unit that computes.</summary>
    private static readonly string[] Displays =
        { "display", "vga", "3d", "video", "accelerator", "gpu", "graphics", "0x03", "0300", "0302", "0380" };

    /// <summary>Figures that cards have and computers do not.</summary>
    private static readonly string[] Figures =
        { "cudacore", "cudacores", "streamprocessors", "shaders", "shadingunits", "tensorcores" };

    /// <summary>The rows, those that are cards as such; all of them where they are not.</summary>
    public static IReadOnlyList<InventoryRow> Mark(IReadOnlyList<InventoryRow> rows)
    {
        if (Column(rows.Take(Sample)) is not { } column) return rows;
        return rows.Where(row => IsOther(row) || IsCard(row, column))
            .Select(row => IsOther(row) ? row : row.AsCard(column)).ToList();
    }

    /// <summary>The card that a row names under another column than one of cards; null if it names none.</summary>
    public static string? NameIn(InventoryRow row) => Names.Concat(row.Columns).Select(row.Named)
        .FirstOrDefault(text => AdapterKind.IsGpuName(text));

    /// <summary>
    /// Whether a row that is a card tells more of it than its name, or nothing else: other columns are of what was
    /// done with it.
    /// </summary>
    public static bool IsOfCard(InventoryRow row) => row.Columns.Count() == 1 || Id(row) is not null
        || row.Columns.Any(column => IsClass(column)
            || RowColumns.Find(column, true)?.Meaning is not (null or Meaning.Gpu))
        || row.HasAny(Figures);

    /// <summary>Whether a row alone is a card.</summary>
    public static bool IsRow(InventoryRow row) => Column(new[] { row }) is not null;

    /// <summary>Whether the row is a card by its ids: its name is the card's.</summary>
    public static bool IsDevice(InventoryRow row) => row.CardColumn is not null && row.HasAny("vendorid", "deviceid")
        && Id(row) is not null;

    public static DetectedGpu Card(InventoryRow row, string source, IGpuLookup? catalog)
    {
        var name = row.Named(row.CardColumn!) ?? string.Empty;
        // A number whose unit nothing tells costs the memory, not the card that is named.
        var isUnsure = (AdapterKind.IsGpuName(name) || Id(row) is not null) && row.Cells(Meaning.GpuMemory)
            .All(cell => cell.Unit is null && InventoryRow.Whole(cell.Text) < 512);
        var memory = isUnsure ? null : row.Size(Meaning.GpuMemory, CellSize.Bare.Card);
        var card = FoundCard.Create(
            AmdNames.Plain(name) is { Length: > 0 } sold ? sold : name, source, null, memory,
            row.Size(Meaning.GpuMemoryUsed, CellSize.Bare.Card), row.Size(Meaning.GpuMemoryFree, CellSize.Bare.Card),
            row.Driver, row.Named("PCI ID") ?? row.Named("pci_slot"), Id(row));
        return card with
        {
            MemoryIsCapped = VideoController.IsCapped(memory, name, catalog),
            OtherNames = AmdNames.Candidates(name),
        };
    }

    private static string? Column(IEnumerable<InventoryRow> sample)
    {
        var rows = sample.Where(row => !IsOther(row)).ToList();
        if (rows.SelectMany(row => row.Cells(Meaning.Gpu)).Any(cell =>
            AdapterKind.IsGpuName(cell.Text) || InventoryRow.Whole(cell.Text) is not null)) return null;
        return Names.SelectMany(name => rows.SelectMany(row => row.Columns).Distinct(StringComparer.OrdinalIgnoreCase)
                .Where(column => RowColumns.Normalize(column).TrimEnd('0') == name))
            .FirstOrDefault(column => rows.Any(row => IsCard(row, column)));
    }

    /// <summary>
    /// Whether the row is known to be another thing: an adapter of Windows, a module, a processor or what has one.
    /// </summary>
    private static bool IsOther(InventoryRow row) => VideoController.IsRow(row) || RowProcessors.IsRow(row)
        || ModuleRows.IsRow(row) || row.Has(Meaning.Cpu);

    private static bool IsCard(InventoryRow row, string column) => row.Named(column) is { } name && IsDisplay(row)
        && (AdapterKind.IsGpuName(name) || AdapterKind.IsNpu(Id(row), name) || row.HasAny(Figures)
            || (row.Has(Meaning.GpuMemory) && PciId.FromUnnamed(row.Named("vendor"), name) is not null));

    /// <summary>Whether the class of the device, where one is told, is that of a display.</summary>
    private static bool IsDisplay(InventoryRow row) => row.Columns
        .Where(IsClass).Select(row.Named).FirstOrDefault(text => text is not null) is not { } text
            || Fields.ContainsAny(text, Displays);

    private static bool IsClass(string column) =>
        RowColumns.Normalize(column) is "class" or "pciclass" or "pnpclass" or "classname";

    private static PciId? Id(InventoryRow row) => row.Given.Values.OfType<string>().Select(PciId.FromPnp)
            .FirstOrDefault(id => id is not null)
        ?? PciId.Create(
            row.Named("vendor_id") ?? row.Named("vendorId"),
            row.Named("model_id") ?? row.Named("device_id") ?? row.Named("deviceId"))
        ?? PciId.FromUnnamed(row.Named("vendor"), row.Named("model"));
}
