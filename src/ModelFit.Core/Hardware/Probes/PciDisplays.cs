using System.Globalization;

namespace ModelFit.Hardware.Probes;

/// <summary>Display and compute devices as Linux lists them, whatever their driver.</summary>
internal static class PciDisplays
{
    private const string Drm = "/sys/class/drm";
    private const string Pci = "/sys/bus/pci/devices";

    /// <summary>A device.</summary>
    /// <param name="Folder">Its folder in sysfs.</param>
    /// <param name="Address">Its PCI address; null for what is not on PCI.</param>
    /// <param name="Id">Its ids.</param>
    public sealed record Device(string Folder, string? Address, PciId Id);

    /// <summary>The cards that a graphics driver has taken, <c>card0</c> first.</summary>
    public static IEnumerable<Device> DrmCards(IProbeFiles files) => files.Names(Drm)
        .Where(name => Regex.IsMatch(name, @"^card\d+$"))
        .Select(name => Read(files, $"{Drm}/{name}/device"))
        .Where(device => device is not null).Select(device => device!);

    /// <summary>
    /// Devices of the classes 0300, 0302, 0380 and 1200, whether a driver took them or not, and AMD's neural
    /// processors, whose class is 1180.
    /// </summary>
    public static IReadOnlyList<DetectedGpu> Read(IProbeFiles files) => files.Names(Pci)
        .Select(name => (Address: name, Class: files.Text($"{Pci}/{name}/class")))
        .Where(entry => IsDisplay(entry.Class) || IsSignalProcessor(entry.Class))
        .Select(entry => (entry.Address, entry.Class, Device: Read(files, $"{Pci}/{entry.Address}")))
        .Where(entry => entry.Device is not null
            && (IsDisplay(entry.Class) || AdapterKind.IsNpu(entry.Device.Id, null)))
        .GroupBy(entry => entry.Address.Substring(0, Math.Max(0, entry.Address.LastIndexOf('.'))))
        .Select(functions => functions.First())
        .Select(entry => Card(files, entry.Address, entry.Device!)).ToList();

    /// <summary>
    /// The generation of a link speed such as <c>16.0 GT/s PCIe</c> (PCI-SIG: 2.5, 5, 8, 16, 32, 64).
    /// </summary>
    public static int? Generation(string? speed)
    {
        var rate = Fields.Number(Regex.Match(speed ?? string.Empty, @"^[\d.]+").Value);
        var generation = Array.IndexOf(new[] { 2.5, 5, 8, 16, 32, 64 }, rate ?? 0);
        return generation < 0 ? null : generation + 1;
    }

    private static DetectedGpu Card(IProbeFiles files, string address, Device device)
    {
        var vendor = AdapterKind.Vendor(device.Id, null);
        return new DetectedGpu(new GpuSpec
        {
            Vendor = vendor,
            PciBusId = address,
            MemoryBytes = vendor == "Intel" ? IntelMemory(files, device) : null,
            PcieGeneration = Generation(files.Text($"{device.Folder}/max_link_speed")),
            PcieLanes = Fields.PositiveInteger(files.Text($"{device.Folder}/max_link_width")) is { } lanes and <= 16
                ? lanes : null,
            Source = "PCI",
        })
        {
            Id = device.Id,
            IsIntegrated = vendor == "Intel" && address.Contains(":00:02.") ? true : null,
        };
    }

    /// <summary>
    /// Local memory of an Intel card: xe's <c>physical_vram_size_bytes</c>, i915's <c>lmem_total_bytes</c>, or the size
    /// of its second BAR where that shows all of it.
    /// </summary>
    private static long? IntelMemory(IProbeFiles files, Device device)
    {
        var drm = files.Names($"{device.Folder}/drm")
            .FirstOrDefault(name => name.StartsWith("card", StringComparison.Ordinal));
        var tiles = files.Names(device.Folder).Where(name => name.StartsWith("tile", StringComparison.Ordinal))
            .Select(tile => Fields.PositiveBytes(files.Text($"{device.Folder}/{tile}/physical_vram_size_bytes")))
            .Where(bytes => bytes is not null).Sum();
        if (tiles is > 0) return tiles;
        return Fields.PositiveBytes(files.Text($"{device.Folder}/drm/{drm}/lmem_total_bytes"))
            ?? Bar(files.Text($"{device.Folder}/resource"), 2);
    }

    private static long? Bar(string? resource, int index)
    {
        var line = (resource ?? string.Empty).Split('\n').Skip(index).FirstOrDefault()?.Split(' ');
        if (line is not { Length: 3 } || Hex(line[0]) is not { } start || Hex(line[1]) is not { } end) return null;
        var size = (long)(end - start + 1);
        return size >= 2L << 30 ? size : null;
    }

    private static ulong? Hex(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal) && ulong.TryParse(
            text.Substring(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private static bool IsDisplay(string? className) => className?.Trim() is { Length: >= 6 } text
        && text.Substring(2, 4) is "0300" or "0302" or "0380" or "1200";

    private static bool IsSignalProcessor(string? className) =>
        className?.Trim().StartsWith("0x1180", StringComparison.Ordinal) == true;

    private static Device? Read(IProbeFiles files, string folder)
    {
        var id = PciId.Create(
            files.Text($"{folder}/vendor") ?? (files.Text($"{folder}/mem_info_vram_total") is null ? null : "1002"),
            files.Text($"{folder}/device"),
            files.Text($"{folder}/subsystem_device"),
            files.Text($"{folder}/revision"));
        var slot = Regex.Match(files.Text($"{folder}/uevent") ?? string.Empty, @"(?m)^PCI_SLOT_NAME=(\S+)");
        return id is null ? null : new Device(folder, slot.Success ? slot.Groups[1].Value : null, id);
    }
}
