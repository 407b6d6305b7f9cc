using System.Globalization;

namespace ModelFit.Hardware.Probes;

/// <summary>
/// AMD's cards from the amdgpu driver (<c>/sys/class/drm</c>) and the compute driver's topology
/// (<c>/sys/class/kfd</c>); either may be missing, as in containers.
/// </summary>
internal static class AmdSysfs
{
    private const string Nodes = "/sys/class/kfd/kfd/topology/nodes";
    private const string Source = "amdgpu";

    /// <summary>A GPU of the compute driver.</summary>
    public sealed record KfdNode(
        int Node, string? GfxTarget, string? DeviceId, int? SimdCount, long? MemoryBytes, string? PciBusId,
        string? UniqueId);

    /// <summary>The cards.</summary>
    public static IReadOnlyList<DetectedGpu> Read(IProbeFiles files)
    {
        var nodes = Topology(files, Nodes);
        var cards = PciDisplays.DrmCards(files).Where(card => card.Id.Vendor == "1002").ToList();
        var byDriver = cards.Select(card =>
            Card(files, card, nodes.FirstOrDefault(node => node.PciBusId == card.Address)));
        var seen = new HashSet<string?>(cards.Select(card => card.Address));
        var byCompute = nodes.Where(node => node.PciBusId is null || !seen.Contains(node.PciBusId)).Select(Card);
        return byDriver.Concat(byCompute).Numbered();
    }

    /// <summary>The nodes of the topology that are GPUs, in order.</summary>
    public static IReadOnlyList<KfdNode> Topology(IProbeFiles files, string folder) => files.Names(folder)
        .Select(name => Node(files, folder, name)).Where(node => node is not null).Select(node => node!).ToList();

    /// <summary>
    /// The target of a version number: <c>90010</c> is <c>gfx90a</c> (decimal major, minor, stepping).
    /// </summary>
    public static string? Target(long? version) => version is > 0 and var v
        ? string.Format(CultureInfo.InvariantCulture, "gfx{0}{1:x}{2:x}", v / 10000, v / 100 % 100, v % 100)
        : null;

    private static DetectedGpu Card(IProbeFiles files, PciDisplays.Device card, KfdNode? node)
    {
        string? Value(string name) => files.Text($"{card.Folder}/{name}");
        long? Bytes(string name) => Fields.Bytes(Value(name));
        var (vram, used) = (Fields.PositiveBytes(Value("mem_info_vram_total")), Bytes("mem_info_vram_used"));
        var (gtt, gttUsed) = (Fields.PositiveBytes(Value("mem_info_gtt_total")), Bytes("mem_info_gtt_used"));
        var integrated = node?.GfxTarget is { } target ? AdapterKind.IsProcessorTarget(target) : (bool?)null;
        var sensors = $"hwmon/{files.Names($"{card.Folder}/hwmon").FirstOrDefault()}";
        return new DetectedGpu(new GpuSpec
        {
            Name = Fields.Text(Value("product_name")) ?? string.Empty,
            Vendor = "AMD",
            Uuid = Fields.Text(Value("unique_id")) ?? node?.UniqueId,
            PciBusId = card.Address,
            GfxTarget = node?.GfxTarget,
            MemoryBytes = vram ?? node?.MemoryBytes,
            MemoryUsedBytes = used,
            MemoryFreeBytes = vram - used + (integrated == true ? gtt - (gttUsed ?? 0) ?? 0 : 0),
            SharedMemoryBytes = gtt,
            Temperature = Fields.Integer(Value($"{sensors}/temp1_input")) / 1000,
            UtilizationPercent = Fields.Integer(Value("gpu_busy_percent")),
            PowerLimitWatts = Fields.Number(Value($"{sensors}/power1_cap")) / 1e6,
            PcieGeneration = PciDisplays.Generation(Value("max_link_speed")),
            PcieLanes = Fields.PositiveInteger(Value("max_link_width")),
            Source = Source,
        })
        {
            Id = card.Id,
            IsIntegrated = integrated == true ? true : null,
        };
    }

    private static DetectedGpu Card(KfdNode node) => new(new GpuSpec
    {
        Name = node.GfxTarget is null ? string.Empty : $"AMD GPU {node.GfxTarget}",
        Vendor = "AMD",
        Uuid = node.UniqueId,
        PciBusId = node.PciBusId,
        GfxTarget = node.GfxTarget,
        MemoryBytes = node.MemoryBytes,
        Source = "kfd",
    })
    {
        Id = PciId.Create("1002", node.DeviceId),
        IsIntegrated = AdapterKind.IsProcessorTarget(node.GfxTarget) ? true : null,
    };

    private static KfdNode? Node(IProbeFiles files, string folder, string name)
    {
        var values = Properties(files.Text($"{folder}/{name}/properties"));
        if (Value(values, "simd_count") is not > 0 || Value(values, "gfx_target_version") is not > 0) return null;
        var banks = files.Names($"{folder}/{name}/mem_banks")
            .Select(bank => Properties(files.Text($"{folder}/{name}/mem_banks/{bank}/properties")))
            .Where(bank => Value(bank, "heap_type") is 1 or 2)
            .Select(bank => Value(bank, "size_in_bytes") ?? 0).ToList();
        var (device, location, unique) =
            (Value(values, "device_id"), Value(values, "location_id"), Value(values, "unique_id"));
        return new KfdNode(
            Fields.Integer(name) ?? 0,
            Target(Value(values, "gfx_target_version")),
            device?.ToString("x4", CultureInfo.InvariantCulture),
            (int?)Value(values, "simd_count"),
            banks.Sum() is > 0 and var bytes ? bytes : null,
            location is null ? null : Address(Value(values, "domain") ?? 0, location.Value),
            unique is null or 0 ? null : unique.Value.ToString("x", CultureInfo.InvariantCulture));
    }

    private static string Address(long domain, long location) => string.Format(
        CultureInfo.InvariantCulture, "{0:x4}:{1:x2}:{2:x2}.{3:x}", domain, location >> 8 & 255, location >> 3 & 31,
        location & 7);

    private static Dictionary<string, long> Properties(string? text)
    {
        var values = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var parts in (text ?? string.Empty).Split('\n').Select(line => line.Trim().Split(' ')))
        {
            const NumberStyles style = NumberStyles.None;
            if (parts.Length == 2 && ulong.TryParse(parts[1], style, CultureInfo.InvariantCulture, out var value))
                values[parts[0]] = unchecked((long)value);
        }

        return values;
    }

    private static long? Value(Dictionary<string, long> values, string key) =>
        values.TryGetValue(key, out var value) ? value : null;
}
