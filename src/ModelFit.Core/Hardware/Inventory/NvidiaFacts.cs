using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>What nvidia-smi's reports share: the fields of a card under the names of its XML.</summary>
internal static class NvidiaFacts
{
    /// <summary>The source of facts from nvidia-smi.</summary>
    public const string Source = "nvidia-smi";

    private static readonly Regex VgpuProfile = new(
        @"^(?:GRID|NVIDIA)\s+((?:RTX\s?)?[A-Z]{0,2}\d+[A-Z]{0,2})-\d+[ABCQ]$");

    /// <summary>The memory of a card in bytes.</summary>
    public sealed record MemoryFacts(long? Total, long? Reserved, long? Used, long? Free);

    /// <summary>The memory fields under <c>fb_memory_usage</c>.</summary>
    public static MemoryFacts Memory(Func<string, string?> field) => new(
        Fields.PositiveBytes(field("fb_memory_usage/total"), "MiB"),
        Fields.Bytes(field("fb_memory_usage/reserved"), "MiB"),
        Fields.Bytes(field("fb_memory_usage/used"), "MiB"),
        Fields.Bytes(field("fb_memory_usage/free"), "MiB"));

    /// <summary>A card from its fields, named by their path in the XML.</summary>
    public static DetectedGpu Card(Func<string, string?> field, int index, ReadContext context)
    {
        var name = Fields.Text(field("product_name")) ?? string.Empty;
        var memory = Memory(field);
        var total = field("fb_memory_usage/total");
        var lost = total is not null && Fields.ContainsAny(total, "lost", "Unknown Error", "ERR!");
        if (lost) context.Messages.Warning(
            $"{context.Origin ?? "The machine"}: GPU {index} ({name}) does not answer the driver: '{total!.Trim()}'.");
        var facts = new GpuSpec
        {
            Name = name,
            Vendor = "NVIDIA",
            Architecture = Fields.Text(field("product_architecture")),
            Index = index,
            Uuid = Fields.Text(field("uuid")),
            PciBusId = Fields.PciAddress(field("pci/pci_bus_id")),
            MemoryBytes = memory.Total,
            MemoryReservedBytes = memory.Reserved,
            MemoryUsedBytes = memory.Used,
            MemoryFreeBytes = memory.Free,
            PcieGeneration = Fields.PositiveInteger(
                field("pci/pci_gpu_link_info/pcie_gen/max_link_gen")),
            PcieLanes = Fields.PositiveInteger(field("pci/pci_gpu_link_info/link_widths/max_link_width")),
            EccMode = Mode(field("ecc_mode/current_ecc")),
            VirtualizationMode = Virtualization(field("gpu_virtualization_mode/virtualization_mode"), name),
            DriverModel = Fields.Text(field("driver_model/current_dm")),
            DisplayActive = Flag(field("display_attached")) ?? Flag(field("display_active")),
            PowerLimitWatts = new[]
            {
                "gpu_power_readings/current_power_limit", "gpu_power_readings/power_limit",
                "power_readings/power_limit", "power_readings/enforced_power_limit",
            }.Select(path => Fields.Number(field(path))).FirstOrDefault(watts => watts is not null),
            Temperature = Fields.Integer(field("temperature/gpu_temp")),
            UtilizationPercent = Fields.Integer(field("utilization/gpu_util")),
            Source = Source,
        };
        return new DetectedGpu(facts) { HasFailed = lost, OtherNames = WholeCards(name) };
    }

    /// <summary>An instance of a card in MIG mode: the card's facts with the instance's memory.</summary>
    public static DetectedGpu MigInstance(DetectedGpu card, string? profile, string? uuid, MemoryFacts memory) =>
        card with
        {
            WholeCardName = card.Facts.Name,
            Facts = card.Facts with
            {
                Name = $"{card.Facts.Name} MIG {profile}".TrimEnd(),
                MigProfile = profile ?? "MIG",
                Uuid = uuid ?? card.Facts.Uuid,
                MemoryBytes = memory.Total,
                MemoryReservedBytes = memory.Reserved,
                MemoryUsedBytes = memory.Used,
                MemoryFreeBytes = memory.Free,
                Processes = null,
            },
        };

    /// <summary>
    /// An instance of which only the profile is known: its memory is what the profile's name says, rounded.
    /// </summary>
    public static DetectedGpu MigInstance(DetectedGpu card, string profile, string? uuid) =>
        MigInstance(card, profile, uuid, new MemoryFacts(ProfileBytes(profile), null, null, null)) with
        {
            MemoryIsRounded = ProfileBytes(profile) is not null,
        };

    /// <summary>
    /// Memory of a MIG profile such as <c>1g.5gb</c> from its name, which rounds up: the nearest that is known without
    /// the driver. Null if the text is no profile.
    /// </summary>
    private static long? ProfileBytes(string profile)
    {
        var match = Regex.Match(profile, @"^(?:\d+c\.)?\d+g\.(\d+)gb", RegexOptions.IgnoreCase);
        return match.Success ? Fields.PositiveBytes(match.Groups[1].Value, "GiB") : null;
    }

    /// <summary>Whether a yes-or-no field says yes.</summary>
    public static bool? Flag(string? value) => Fields.Text(value) switch
    {
        "Yes" or "Enabled" => true,
        "No" or "Disabled" => false,
        _ => null,
    };

    /// <summary><c>Enabled</c> or <c>Disabled</c>.</summary>
    public static string? Mode(string? value) => Fields.Text(value) is "Enabled" or "Disabled" ? value!.Trim() : null;

    private static string? Virtualization(string? value, string name) =>
        VgpuProfile.IsMatch(name) ? "VGPU" : Fields.Text(value);

    /// <summary>The whole card of a vGPU profile such as <c>GRID P4-1Q</c> or <c>NVIDIA A40-48Q</c>.</summary>
    public static string[] WholeCards(string name)
    {
        var match = VgpuProfile.Match(name);
        if (!match.Success) return Array.Empty<string>();
        var card = match.Groups[1].Value;
        return new[] { $"NVIDIA {card}", $"Tesla {card}", card };
    }
}
