using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>amdgpu_top -J</c> or <c>--json</c> dumps, whose devices later reports keep under <c>gpu_details</c>.
/// </summary>
internal static class AmdGpuTop
{
    private const string Source = "amdgpu_top";

    /// <summary>Whether there is a device of the amdgpu driver.</summary>
    public static bool Recognizes(InventoryText text) => text.Json.Any(value => Devices(value).Any());

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var report = text.Json.First(value => Devices(value).Any());
        yield return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = JsonFields.Text(report, "hostname"),
                Cpu = JsonFields.Text(report, "cpu"),
                OperatingSystem = JsonFields.Text(report, "os"),
                Source = Source,
            },
            Devices(report).Select(Card).ToList());
    }

    private static DetectedGpu Card(JToken device, int index)
    {
        string? Value(params string[] paths) => JsonFields.Text(device, paths);
        var name = Value("DeviceName", "device_name", "Info/DeviceName") ?? string.Empty;
        var total = Fields.PositiveBytes(Value("VRAM/Total VRAM"), "MiB");
        var used = Fields.Bytes(Value("VRAM/Total VRAM Usage"), "MiB");
        var isIntegrated = Value("gpu_type", "GPU Type", "Info/GPU Type") == "APU";
        return new DetectedGpu(new GpuSpec
        {
            Name = name,
            Vendor = "AMD",
            Index = index,
            PciBusId = Fields.PciAddress(Value("PCI", "Info/PCI")),
            MemoryBytes = total,
            MemoryUsedBytes = used,
            MemoryFreeBytes = isIntegrated ? null : total - used,
            SharedMemoryBytes = isIntegrated ? Fields.PositiveBytes(Value("VRAM/Total GTT"), "MiB") : null,
            Source = Source,
        })
        {
            IsIntegrated = isIntegrated ? true : null,
            OtherNames = AmdNames.Candidates(name),
        };
    }

    private static IEnumerable<JToken> Devices(JToken value)
    {
        var devices = (JsonFields.At(value, "devices") as JArray)?.Children() ?? Enumerable.Empty<JToken>();
        var details = JsonFields.At(value, "gpu_details");
        return (details is null ? devices : devices.Concat(new[] { details })).Where(device =>
            JsonFields.Text(device, "DeviceName", "device_name", "Info/DeviceName") is not null
            && JsonFields.Text(device, "gpu_type", "GPU Type", "Info/GPU Type", "Info/ASIC Name") is not null);
    }
}
