using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelFit.Hardware;

/// <summary>A PCI device: vendor and device, and where they are known subsystem and revision; upper-case hex.</summary>
internal sealed record PciId(string Vendor, string Device, string? Subsystem = null, string? Revision = null)
{
    private static readonly Regex PnpPattern = new(
        @"VEN_([0-9A-F]{4})&DEV_([0-9A-F]{4})(?:&SUBSYS_([0-9A-F]{8}))?(?:&REV_([0-9A-F]{2}))?",
        RegexOptions.IgnoreCase);

    private static readonly Regex Unnamed = new("^Device ([0-9a-f]{4})$", RegexOptions.IgnoreCase);

    /// <summary>Vendor and device as <c>10DE:2204</c>.</summary>
    public override string ToString() => $"{Vendor}:{Device}";

    /// <summary>From hex numbers with or without <c>0x</c>; null unless vendor and device are given.</summary>
    public static PciId? Create(string? vendor, string? device, string? subsystem = null, string? revision = null)
    {
        var (vendorHex, deviceHex) = (Hex(vendor, 4), Hex(device, 4));
        return vendorHex is null || deviceHex is null or "0000"
            ? null
            : new PciId(vendorHex, deviceHex, Hex(subsystem, 4), Hex(revision, 2));
    }

    /// <summary>From a Windows device id, <c>PCI\VEN_10DE&amp;DEV_2204&amp;SUBSYS_40001458&amp;REV_A1</c>.</summary>
    public static PciId? FromPnp(string? text)
    {
        var match = PnpPattern.Match(text ?? string.Empty);
        if (!match.Success) return null;
        var subsystem = match.Groups[3].Success ? match.Groups[3].Value : null;
        return Create(match.Groups[1].Value, match.Groups[2].Value, subsystem, match.Groups[4].Value);
    }

    /// <summary>From the name of a device that <c>pci.ids</c> has not, <c>Device 744c</c>, and its vendor.</summary>
    public static PciId? FromUnnamed(string? vendor, string? name) =>
        Unnamed.Match(name ?? string.Empty) is { Success: true } device
            ? Create(AdapterKind.VendorId(vendor), device.Groups[1].Value) : null;

    /// <summary>From NVIDIA's way to write it, device before vendor: <c>0x220410DE</c>.</summary>
    public static PciId? FromNvidia(string? text)
    {
        var hex = Hex(text, 8);
        return hex is null || hex.Length != 8 ? null : Create(hex.Substring(4), hex.Substring(0, 4));
    }

    private static string? Hex(string? text, int digits)
    {
        var trimmed = text?.Trim() ?? string.Empty;
        if (trimmed.StartsWith("0x", System.StringComparison.OrdinalIgnoreCase)) trimmed = trimmed.Substring(2);
        const NumberStyles style = NumberStyles.AllowHexSpecifier;
        if (!uint.TryParse(trimmed, style, CultureInfo.InvariantCulture, out var value)) return null;
        return value.ToString("X" + digits, CultureInfo.InvariantCulture);
    }
}
