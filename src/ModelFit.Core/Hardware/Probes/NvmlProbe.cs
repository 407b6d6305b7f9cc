using System.Globalization;
using ModelFit.Hardware.Inventory;

namespace ModelFit.Hardware.Probes;

/// <summary>NVIDIA's cards by NVML.</summary>
internal static class NvmlProbe
{
    private const string Source = "NVML";
    private const uint MaxLinks = 18;

    /// <summary>The library's names on Linux and Windows.</summary>
    public static readonly string[] Libraries = { "libnvidia-ml.so.1", "nvml.dll" };

    private static readonly string[] VirtualizationModes = { "None", "Pass-Through", "VGPU", "Host VGPU", "Host VSGA" };
    private static readonly string[] DriverModels = { "WDDM", "TCC", "MCDM" };

    /// <summary>The cards; null if there is no library.</summary>
    public static IReadOnlyList<DetectedGpu>? Run(IMessageSink messages, params string[] libraries)
    {
        if (Nvml.Open(libraries) is not { } nvml) return null;
        try
        {
            var driver = nvml.SystemText("nvmlSystemGetDriverVersion");
            var cuda = Cuda(nvml.SystemNumber("nvmlSystemGetCudaDriverVersion_v2")
                ?? nvml.SystemNumber("nvmlSystemGetCudaDriverVersion"));
            return Enumerable.Range(0, (int)Math.Min(nvml.Count, 256))
                .SelectMany(index => Cards(nvml, (uint)index, driver, cuda, messages)).ToList();
        }
        finally
        {
            nvml.Close();
        }
    }

    private static IEnumerable<DetectedGpu> Cards(
        Nvml nvml, uint index, string? driver, string? cuda, IMessageSink messages)
    {
        var (device, result) = nvml.Device(index);
        if (result != 0)
        {
            messages.Warning($"NVML: GPU {index} does not answer: {Nvml.Reason(result)}.");
            return new[] { new DetectedGpu(new GpuSpec { Vendor = "NVIDIA", Index = (int)index, Source = Source })
            {
                HasFailed = true,
            } };
        }

        var card = Card(nvml, device, (int)index);
        card = card with { Facts = card.Facts with { DriverVersion = driver, CudaVersion = cuda } };
        var isDivided = nvml.Pair(device, "nvmlDeviceGetMigMode")?.First == 1;
        var instances = isDivided ? Instances(nvml, device, card).ToList() : new List<DetectedGpu>();
        return instances.Count > 0 ? instances : new List<DetectedGpu> { card };
    }

    private static DetectedGpu Card(Nvml nvml, IntPtr device, int index)
    {
        var name = nvml.Text(device, "nvmlDeviceGetName") ?? string.Empty;
        var pci = nvml.Pci(device);
        var memory = nvml.Memory(device);
        var capability = nvml.Pair(device, "nvmlDeviceGetCudaComputeCapability");
        var virtualization = nvml.Number(device, "nvmlDeviceGetVirtualizationMode");
        var links = Enumerable.Range(0, (int)MaxLinks)
            .Count(link => nvml.Number(device, "nvmlDeviceGetNvLinkState", (uint)link) == 1);
        var ecc = nvml.Pair(device, "nvmlDeviceGetEccMode")?.First;
        var facts = new GpuSpec
        {
            Name = name,
            Vendor = "NVIDIA",
            Index = index,
            Uuid = nvml.Text(device, "nvmlDeviceGetUUID"),
            PciBusId = pci?.Address,
            MemoryBytes = memory?.Total is > 0 and var total ? total : null,
            MemoryReservedBytes = memory?.Reserved,
            MemoryUsedBytes = memory?.Used,
            MemoryFreeBytes = memory?.Total > 0 ? memory?.Free : null,
            ComputeCapability = capability is { } cc
                ? string.Format(CultureInfo.InvariantCulture, "{0}.{1}", cc.First, cc.Second) : null,
            PcieGeneration = (int?)nvml.Number(device, "nvmlDeviceGetMaxPcieLinkGeneration"),
            PcieLanes = (int?)nvml.Number(device, "nvmlDeviceGetMaxPcieLinkWidth"),
            NvLinkCount = links == 0 ? null : links,
            EccMode = ecc is null ? null : ecc == 1 ? "Enabled" : "Disabled",
            VirtualizationMode = virtualization is > 0 and < 5 ? VirtualizationModes[virtualization.Value] : null,
            DriverModel = nvml.Pair(device, "nvmlDeviceGetDriverModel")?.First is < 3 and var model
                ? DriverModels[model] : null,
            DisplayActive = (nvml.Number(device, "nvmlDeviceGetDisplayMode")
                ?? nvml.Number(device, "nvmlDeviceGetDisplayActive")) is { } shown ? shown == 1 : null,
            PowerLimitWatts = nvml.Number(device, "nvmlDeviceGetPowerManagementLimit") / 1000.0,
            Temperature = (int?)nvml.Number(device, "nvmlDeviceGetTemperature", 0),
            UtilizationPercent = (int?)nvml.Pair(device, "nvmlDeviceGetUtilizationRates")?.First,
            Processes = Processes(nvml, device),
            Source = Source,
        };
        return new DetectedGpu(facts)
        {
            Id = PciId.FromNvidia(pci?.DeviceId.ToString("X8", CultureInfo.InvariantCulture)),
            OtherNames = NvidiaFacts.WholeCards(name),
        };
    }

    private static IEnumerable<DetectedGpu> Instances(Nvml nvml, IntPtr device, DetectedGpu card)
    {
        var most = Math.Min(nvml.Number(device, "nvmlDeviceGetMaxMigDeviceCount") ?? 0, 64);
        for (uint i = 0; i < most; i++)
        {
            if (nvml.MigDevice(device, i) is not { } part) continue;
            var memory = nvml.Memory(part);
            var name = nvml.Text(part, "nvmlDeviceGetName") ?? string.Empty;
            var profile = name.IndexOf(" MIG ", StringComparison.Ordinal) is >= 0 and var at
                ? name.Substring(at + 5)
                : null;
            yield return NvidiaFacts.MigInstance(
                card,
                profile,
                nvml.Text(part, "nvmlDeviceGetUUID"),
                new NvidiaFacts.MemoryFacts(memory?.Total, memory?.Reserved, memory?.Used, memory?.Free));
        }
    }

    private static string? Processes(Nvml nvml, IntPtr device)
    {
        var texts = new[] { "Compute", "Graphics" }
            .SelectMany(kind => nvml.Processes(device, $"nvmlDeviceGet{kind}RunningProcesses_v3")).Distinct()
            .Select(process => string.Join(" ", new[]
            {
                process.Pid.ToString(CultureInfo.InvariantCulture),
                nvml.ProcessName(process.Pid),
                process.Bytes is { } bytes ? FormattableString.Invariant($"{bytes >> 20} MiB") : null,
            }.Where(part => part is not null)));
        var text = string.Join("; ", texts);
        return text.Length == 0 ? null : text;
    }

    private static string? Cuda(uint? version) => version is > 0 and var v
        ? string.Format(CultureInfo.InvariantCulture, "{0}.{1}", v / 1000, v % 1000 / 10) : null;
}
