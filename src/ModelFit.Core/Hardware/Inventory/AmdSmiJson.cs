using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>amd-smi list|static|metric --json</c>, one or several of them after another: an array of cards, since ROCm 7
/// under <c>gpu_data</c>.
/// </summary>
internal static class AmdSmiJson
{
    private const string Source = "amd-smi";
    private static readonly string[] Sections =
        { "asic", "bus", "vram", "mem_usage", "board", "driver", "bdf", "hip_id" };

    /// <summary>Whether the JSON has cards as amd-smi numbers them.</summary>
    public static bool Recognizes(InventoryText text) => Cards(text).Any();

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) => Machine(Cards(text));

    /// <summary>The machine of reports, several of which may be of one card.</summary>
    public static IEnumerable<DetectedMachine> Machine(IEnumerable<JObject> reports)
    {
        var cards = reports.GroupBy(card => JsonFields.Text(card, "gpu"))
            .Select(same => Card(Fields.Integer(same.Key), same.ToList()));
        return new[] { new DetectedMachine(new MachineSpec { Source = Source }, cards.ToList()) };
    }

    private static DetectedGpu Card(int? index, List<JObject> reports)
    {
        string? Value(params string[] paths) => reports.Select(report => JsonFields.Text(report, paths))
            .FirstOrDefault(value => value is not null);
        var market = Value("asic/market_name");
        var name = market is null || IsGeneric(market) ? Value("board/product_name") ?? market : market;
        var total = Fields.PositiveBytes(
            Value("mem_usage/total_vram", "vram/size", "vram/vram_size", "vram/size_mb"), "MB");
        var used = Fields.Bytes(Value("mem_usage/used_vram"), "MB");
        var facts = new GpuSpec
        {
            Name = AmdNames.Plain(name),
            Vendor = "AMD",
            Index = index,
            Uuid = Value("uuid", "asic/asic_serial"),
            PciBusId = Fields.PciAddress(Value("bus/bdf", "bdf")),
            GfxTarget = Value("asic/target_graphics_version", "asic/target_gfx_version"),
            MemoryBytes = total,
            MemoryType = Value("vram/type"),
            MemoryBusBits = Fields.PositiveInteger(Value("vram/bit_width")),
            MemoryUsedBytes = used,
            MemoryFreeBytes = Fields.Bytes(Value("mem_usage/free_vram"), "MB") ?? total - used,
            SharedMemoryBytes = Fields.PositiveBytes(Value("mem_usage/total_gtt"), "MB"),
            PcieGeneration = Fields.PositiveInteger(Value("bus/pcie_interface_version")?.Replace("Gen", string.Empty)),
            PcieLanes = Fields.PositiveInteger(Value("bus/max_pcie_width")),
            DriverVersion = Version(Value("driver/version", "driver/driver_version")),
            PowerLimitWatts = Fields.Number(Value("limit/socket_power", "limit/max_power")),
            Source = Source,
        };
        return new DetectedGpu(facts)
        {
            Id = PciId.Create(
                Value("asic/vendor_id") ?? "1002", Value("asic/device_id"), Value("asic/subsystem_id"),
                Value("asic/rev_id")),
            IsIntegrated = AdapterKind.IsIntegrated("AMD", name) ? true : null,
            OtherNames = AmdNames.Candidates(name),
        };
    }

    /// <summary>The number in what may be the kernel's whole banner.</summary>
    private static string? Version(string? text) =>
        Regex.Match(text ?? string.Empty, @"\d+(\.\d+)+(?:[-\p{L}_][-\w]*)?") is { Success: true } match
            ? match.Value : text;

    /// <summary>A name of a driver that does not know the card, such as <c>AMD Radeon Graphics</c>.</summary>
    private static bool IsGeneric(string name) => name.StartsWith("0x", System.StringComparison.Ordinal);

    private static IEnumerable<JObject> Cards(InventoryText text) => text.Json
        .SelectMany(value => value is JObject whole
            ? JsonFields.At(whole, "gpu_data") as JArray ?? new JArray(whole)
            : value)
        .OfType<JObject>()
        .Where(card => JsonFields.At(card, "gpu") is JValue
            && Sections.Any(key => JsonFields.At(card, key) is not null));
}
