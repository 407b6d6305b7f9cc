using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// A row of WMI's <c>Win32_VideoController</c>, whose <c>AdapterRAM</c> is a 32-bit number (at 4 GiB it is a lower
/// limit), or of the registry's display class, whose memory is 64 bits wide.
/// </summary>
internal static class VideoController
{
    private const long Cap = 4293918720;

    /// <summary>Whether the row is an adapter of Windows.</summary>
    public static bool IsRow(InventoryRow row) =>
        row.Columns.Any(column => RowColumns.Normalize(column) is "adapterram" or "videoprocessor"
            or "adaptercompatibility" or "hardwareinformationqwmemorysize");

    /// <summary>The card of the row; none where it has no name.</summary>
    public static IEnumerable<DetectedGpu> Cards(InventoryRow row)
    {
        var name = new[] { "Name", "Caption", "Description", "DriverDesc" }.Select(row.Named)
            .FirstOrDefault(value => value is not null);
        if (name is null) yield break;
        var processor = row.Named("VideoProcessor");
        var whole = Fields.PositiveBytes(row.Named("HardwareInformation.qwMemorySize"));
        var ram = whole ?? Fields.PositiveBytes(row.Named("AdapterRAM"));
        var id = PciId.FromPnp(row.Named("PNPDeviceID")) ?? PciId.FromPnp(row.Named("MatchingDeviceId"))
            ?? FromProcessor(processor);
        var vendor = AdapterKind.Vendor(id, row.Named("AdapterCompatibility")) ?? AdapterKind.Vendor(id, name);
        yield return new DetectedGpu(new GpuSpec
        {
            Name = name,
            Vendor = vendor,
            MemoryBytes = ram,
            DriverVersion = row.Named("DriverVersion"),
            Source = "Win32_VideoController",
        })
        {
            Id = id,
            MemoryIsCapped = whole is null && ram >= Cap,
            IsIntegrated = AdapterKind.IsIntegrated(vendor, name) ? true : null,
        };
    }

    /// <summary>
    /// AMD's driver names the processor by its device id, <c>AMD Radeon Graphics Processor (0x1636)</c>.
    /// </summary>
    private static PciId? FromProcessor(string? processor)
    {
        var match = Regex.Match(processor ?? string.Empty, @"^(?:AMD|ATI) .*\(0x([0-9A-Fa-f]{4})\)");
        return match.Success ? PciId.Create("1002", match.Groups[1].Value) : null;
    }
}
