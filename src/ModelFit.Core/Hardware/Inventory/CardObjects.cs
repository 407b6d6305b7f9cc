using System.Collections;
using Meaning = ModelFit.Hardware.Inventory.RowColumns.Meaning;

namespace ModelFit.Hardware.Inventory;

/// <summary>Cards as objects in a row, <c>{"name": …, "memory_gb": …}</c>, under any of their names.</summary>
internal static class CardObjects
{
    private const int MaxDepth = 5;

    private static readonly Regex NvidiaDriver = new(@"^\d{3}\.\d{2,3}(?:\.\d{2})?$");

    private static readonly string[] Names =
    {
        "name", "model", "product", "productname", "devicename", "gpuname", "gpumodel", "cardname", "marketingname",
        "modelname", "card", "gpu", "device", "title", "chipset", "description", "type", "caption",
    };

    /// <summary>
    /// The cards of the columns of cards that hold objects; null if none does. Throws
    /// <see cref="ErrorIds.UnknownInventory"/> where objects are there and none says what it is.
    /// </summary>
    public static IReadOnlyList<DetectedGpu>? Read(InventoryRow row, string source, IGpuLookup? catalog)
    {
        var columns = row.Given.Where(cell => IsCards(cell.Key) && Objects(cell.Value).Any()).ToList();
        if (columns.Count == 0) return null;
        var cards = columns.SelectMany(column => Objects(column.Value))
            .SelectMany(card => Cards(card, row, source, catalog)).ToList();
        if (cards.Count == 0)
            cards = columns.SelectMany(column => Leaves(column.Value, 0)).Select(text => Leaf(text, row, source))
                .Where(card => card is not null).Select(card => card!).ToList();
        if (cards.Count == 0 && row.Text(Meaning.Gpu) is not null) return null;
        if (cards.Count == 0) throw new ModelFitException(
            ErrorIds.UnknownInventory,
            $"'{columns[0].Key}' holds objects without a name, a model or a memory.", columns[0].Key);
        return cards.Numbered();
    }

    /// <summary>Whether a column of cards holds objects.</summary>
    public static bool Has(InventoryRow row) =>
        row.Given.Any(cell => IsCards(cell.Key) && Objects(cell.Value).Any());

    /// <summary>Whether the objects hold switches alone: what works there, and no card.</summary>
    public static bool IsOfSwitches(InventoryRow row) =>
        row.Given.Where(cell => IsCards(cell.Key) && Objects(cell.Value).Any()).ToList() is { Count: > 0 } columns
        && columns.All(column => IsOfSwitches(column.Value, 0)) && row.Text(Meaning.Gpu) is null;

    private static bool IsOfSwitches(object? value, int depth) => value switch
    {
        null or bool => true,
        IReadOnlyDictionary<string, object?> cells => depth < MaxDepth
            && cells.Values.All(cell => IsOfSwitches(cell, depth + 1)),
        IEnumerable list and not string => depth < MaxDepth
            && list.Cast<object?>().All(item => IsOfSwitches(item, depth + 1)),
        _ => false,
    };

    private static bool IsCards(string column) =>
        RowColumns.Find(column)?.Meaning is Meaning.Gpu or Meaning.GpuCount
        || RowColumns.Normalize(column) is "videos" or "video";

    private static IEnumerable<IReadOnlyDictionary<string, object?>> Objects(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> one => new[] { one },
        IEnumerable list and not string => list.OfType<IReadOnlyDictionary<string, object?>>(),
        _ => Array.Empty<IReadOnlyDictionary<string, object?>>(),
    };

    private static IEnumerable<DetectedGpu> Cards(
        IReadOnlyDictionary<string, object?> given, InventoryRow row, string source, IGpuLookup? catalog)
    {
        var lists = given.Where(cell => IsCards(cell.Key)).SelectMany(cell => Objects(cell.Value)).ToList();
        if (lists.Count > 0) return lists.SelectMany(card => Cards(card, row, source, catalog));
        var cells = InventoryRow.Flat(given);
        var name = Text(cells, Names);
        var total = Size(cells, row, Meaning.GpuMemory);
        if (name is null && total is null) return Array.Empty<DetectedGpu>();
        var count = Text(cells, "logicalgpucount", "count", "quantity", "qty", "number") is { } text
            ? InventoryRow.Whole(text) : null;
        CardText.Check(count ?? 1, "an object of cards says", NullSink.Instance);
        if (IsSum(total, count, name, catalog)) total /= count;
        var card = new DetectedGpu(new GpuSpec
        {
            Name = name ?? string.Empty,
            Vendor = AdapterKind.Vendor(null, name) ?? AdapterKind.Vendor(null, Text(cells, "vendor", "manufacturer")),
            Uuid = Text(cells, "uuid"),
            PciBusId = Fields.PciAddress(Text(cells, "pcibusid", "busid", "pciaddress", "pcibus", "pci")),
            MemoryBytes = total,
            MemoryUsedBytes = Size(cells, row, Meaning.GpuMemoryUsed),
            MemoryFreeBytes = Size(cells, row, Meaning.GpuMemoryFree),
            DriverVersion = Text(cells, "driverversion", "driver", "driverinfo")
                ?? (Text(cells, "version") is { } version && NvidiaDriver.IsMatch(version) ? version : null),
            Source = source,
        })
        {
            MemoryIsCapped = VideoController.IsCapped(total, name ?? string.Empty, catalog),
        };
        return Enumerable.Repeat(card, (int)(count ?? 1));
    }

    /// <summary>Whether a memory is that of all cards together, as some of AWS' types have it.</summary>
    public static bool IsSum(long? total, long? count, string? name, IGpuLookup? catalog) =>
        count > 1 && name is not null
        && catalog?.FindByName(name, null, NullSink.Instance)?.MemoryBytes is { } own
        && total > own * 1.5 && Math.Abs(total.Value - own * count.Value) < own * count.Value * 0.08;

    /// <summary>A text such as <c>NVIDIA GeForce GTX 1650, 4096 MiB</c>; null if it names no card.</summary>
    private static DetectedGpu? Leaf(string text, InventoryRow row, string source)
    {
        var comma = text.LastIndexOf(',');
        var size = comma < 0 ? null : row.Style.Size(text.Substring(comma + 1), null, CellSize.Bare.Bytes);
        var name = size is null ? text : text.Substring(0, comma).Trim();
        return AdapterKind.Vendor(null, name) is { } vendor && name.Any(char.IsDigit)
            ? new DetectedGpu(new GpuSpec { Name = name, Vendor = vendor, MemoryBytes = size, Source = source }) : null;
    }

    private static IEnumerable<string> Leaves(object? value, int depth) => value switch
    {
        string text => new[] { text },
        IReadOnlyDictionary<string, object?> cells when depth < MaxDepth =>
            cells.Values.SelectMany(cell => Leaves(cell, depth + 1)),
        IEnumerable list when depth < MaxDepth => list.Cast<object?>().SelectMany(item => Leaves(item, depth + 1)),
        _ => Array.Empty<string>(),
    };

    private static string? Text(IReadOnlyDictionary<string, object?> cells, params string[] names) => names
        .SelectMany(name => cells.Where(cell => RowColumns.Normalize(cell.Key) == name))
        .Select(cell => InventoryRow.Text(cell.Value)).FirstOrDefault(text => text is not null);

    private static long? Size(IReadOnlyDictionary<string, object?> cells, InventoryRow row, Meaning meaning)
    {
        foreach (var cell in cells)
        {
            if (RowColumns.Find(cell.Key, true) is not { } column || column.Meaning != meaning) continue;
            if (InventoryRow.Text(cell.Value) is not { } text) continue;
            // What is used of a card may be any number; the figures of a card are in one unit, mostly MiB.
            var bytes = row.Style.Size(text, column.Unit, CellSize.Bare.Card)
                ?? (meaning == Meaning.GpuMemory ? null : row.Style.Size(text, "MiB", CellSize.Bare.Card));
            if (bytes >= 1 << 20) return bytes;
        }

        return null;
    }
}
