namespace ModelFit.Hardware.Inventory;

/// <summary>
/// A row of WMI's <c>Win32_VideoController</c>, whose <c>AdapterRAM</c> is a 32-bit number (at 4 GiB it is a lower
/// limit), or of the registry's display class, whose memory is 64 bits wide.
/// </summary>
internal static class VideoController
{
    private const long Cap = 4293918720;
    private const long MostOfCap = 1L << 32;

    /// <summary>Less than any card has had since 2005: drivers that do not tell write such figures.</summary>
    private const long LeastOfCard = 32L << 20;

    /// <summary>
    /// Whether a figure is what 32 bits leave of a larger one: 4095 MiB, or 4 GiB less one byte, which no card has.
    /// </summary>
    public static bool IsCapped(long? bytes) => bytes is >= Cap and < MostOfCap;

    /// <summary>
    /// Whether a figure that a table may have rounded is such a rest: also 4 GiB, where the name stands for a card with
    /// more, whatever memory it is asked for with.
    /// </summary>
    public static bool IsCapped(long? bytes, string name, IGpuLookup? catalog) => IsCapped(bytes)
        || (bytes == MostOfCap
            && catalog?.FindByName(name, null, NullSink.Instance) is { MemoryBytes: > MostOfCap } card
            && catalog.FindByName(name, bytes, NullSink.Instance)?.Name == card.Name);

    /// <summary>Whether the row is an adapter of Windows.</summary>
    public static bool IsRow(InventoryRow row) =>
        row.Columns.Any(column => RowColumns.Normalize(column).TrimEnd('0') is "adapterram" or "videoprocessor"
            or "adaptercompatibility" or "hardwareinformationqwmemorysize" or "videomodedescription"
            or "adapterdactype");

    /// <summary>The card of the row; none where it has neither name nor memory.</summary>
    public static IEnumerable<DetectedGpu> Cards(InventoryRow row)
    {
        var named = new[] { "Name", "Caption", "Description", "DriverDesc" }.Select(row.Named)
            .FirstOrDefault(value => value is not null);
        var processor = row.Named("VideoProcessor");
        var name = row.Named("AdapterRAM") is not null && IsComputer(row)
            ? row.Text(RowColumns.Meaning.Gpu) ?? named : named ?? row.Text(RowColumns.Meaning.Gpu);
        var whole = Whole(row.Named("HardwareInformation.qwMemorySize"));
        var ram = whole ?? Whole(row.Named("AdapterRAM"));
        if (name is null && ram is null) yield break;
        var id = PciId.FromPnp(row.Named("PNPDeviceID")) ?? PciId.FromPnp(row.Named("MatchingDeviceId"))
            ?? FromProcessor(processor);
        var vendor = AdapterKind.Vendor(id, row.Named("AdapterCompatibility")) ?? AdapterKind.Vendor(id, name);
        var isIntegrated = AdapterKind.IsIntegrated(vendor, name);
        yield return new DetectedGpu(new GpuSpec
        {
            Name = name ?? string.Empty,
            Vendor = vendor,
            MemoryBytes = ram,
            DriverVersion = row.Named("DriverVersion"),
            Source = "Win32_VideoController",
        })
        {
            Id = id,
            MemoryIsCapped = whole is null && IsUnsure(ram, isIntegrated),
            IsIntegrated = isIntegrated ? true : null,
        };
    }

    /// <summary>Whether a figure of AdapterRAM may be any: at its limit, or as small as no card's.</summary>
    public static bool IsUnsure(long? bytes, bool isIntegrated) =>
        bytes is >= Cap and <= MostOfCap || (!isIntegrated && bytes <= LeastOfCard);

    /// <summary>Where rows are a computer each, their Name is its name and another column has the card's.</summary>
    public static bool IsComputer(InventoryRow row) => row.Has(RowColumns.Meaning.SystemMemory)
        || row.Columns.Any(column => RowColumns.Normalize(column) is "graphicscard" or "videocard" or "gpu");

    /// <summary>Bytes, also where a signed number was printed of an unsigned one.</summary>
    private static long? Whole(string? text)
    {
        if (text is not null && InventoryRow.Whole(text) is { } number and < 0) return number + MostOfCap;
        return Fields.PositiveBytes(text?.Trim('(', ')').Replace(",", string.Empty));
    }

    /// <summary>
    /// AMD's driver names the processor by its device id, <c>AMD Radeon Graphics Processor (0x1636)</c>.
    /// </summary>
    private static PciId? FromProcessor(string? processor)
    {
        if (processor is null || processor.Length > 200) return null;
        var match = Regex.Match(processor, @"^(?:AMD|ATI) [^(]*\(0x([0-9A-Fa-f]{4})\)");
        return match.Success ? PciId.Create("1002", match.Groups[1].Value) : null;
    }
}
