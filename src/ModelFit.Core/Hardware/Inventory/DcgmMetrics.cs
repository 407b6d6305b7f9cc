using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Metrics of NVIDIA's DCGM exporter, from the exporter itself or from Prometheus; with the node exporter's beside
/// them, the memory of the machine too.
/// </summary>
internal static class DcgmMetrics
{
    /// <summary>One query that brings every card of a fleet.</summary>
    public const string Query =
        "{__name__=~\"DCGM_FI_DEV_(FB_FREE|FB_USED|FB_RESERVED|FB_TOTAL|GPU_TEMP|GPU_UTIL)" +
        "|node_memory_(MemTotal|MemAvailable)_bytes\"}";

    private const string Prefix = "DCGM_FI_";
    private const string Source = "DCGM exporter";

    private static readonly string[] HostLabels =
    {
        "Hostname", "hostname", "exported_Hostname", "node", "kubernetes_node", "nodename", "instance",
    };

    /// <summary>Whether there are metrics of DCGM.</summary>
    public static bool Recognizes(InventoryText text) => text.Json.Any(IsAnswer)
        || (text.Contains(Prefix)
            && Samples(text).Any(sample => sample.Name.StartsWith(Prefix, StringComparison.Ordinal)));

    /// <summary>The machines: one a host.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        if (!text.Contains(Prefix)) throw context.Damaged(
            "Prometheus answered, but has no metrics of the DCGM exporter (DCGM_FI_DEV_FB_FREE, …).");
        var hosts = Samples(text).GroupBy(Host, StringComparer.OrdinalIgnoreCase);
        foreach (var host in hosts)
        {
            var cards = Cards(host.Where(sample => sample.Name.StartsWith(Prefix, StringComparison.Ordinal)).ToList());
            if (cards.Count == 0) continue;
            yield return new DetectedMachine(
                new MachineSpec
                {
                    ComputerName = host.Key.Length == 0 ? null : host.Key,
                    SystemMemoryBytes = (long?)Value(host, "node_memory_MemTotal_bytes"),
                    SystemMemoryFreeBytes = (long?)Value(host, "node_memory_MemAvailable_bytes"),
                    Source = Source,
                },
                cards);
        }
    }

    private static bool IsAnswer(JToken value) => JsonFields.At(value, "data/resultType") is not null;

    private static IEnumerable<MetricSample> Samples(InventoryText text) => text.Json.Count > 0
        ? text.Json.SelectMany(MetricText.Answer)
        : MetricText.Exposition(text.Lines);

    /// <summary>The host without a port, so that several exporters of a machine meet.</summary>
    private static string Host(MetricSample sample)
    {
        var host = sample.Label(HostLabels) ?? string.Empty;
        var colon = host.LastIndexOf(':');
        return colon > 0 && host.IndexOf(':') == colon ? host.Substring(0, colon) : host;
    }

    private static List<DetectedGpu> Cards(IReadOnlyList<MetricSample> samples)
    {
        var devices = samples.Where(sample => sample.Label("gpu", "UUID") is not null)
            .GroupBy(sample => (Gpu: sample.Label("gpu"), Uuid: sample.Label("UUID"), Part: sample.Label("GPU_I_ID")))
            .ToList();
        var divided = new HashSet<string?>(devices.Where(device => device.Key.Part is not null)
            .Select(device => device.Key.Uuid ?? device.Key.Gpu));
        return devices.Where(device => device.Key.Part is not null
                || !divided.Contains(device.Key.Uuid ?? device.Key.Gpu))
            .OrderBy(device => Fields.Integer(device.Key.Gpu) ?? int.MaxValue)
            .Select(device => Card(device.ToList())).ToList();
    }

    private static DetectedGpu Card(IReadOnlyList<MetricSample> samples)
    {
        var first = samples[0];
        long? Mib(string metric) => (long?)(Value(samples, metric) * (1 << 20));
        var (free, used, reserved) =
            (Mib("DCGM_FI_DEV_FB_FREE"), Mib("DCGM_FI_DEV_FB_USED"), Mib("DCGM_FI_DEV_FB_RESERVED"));
        var total = Mib("DCGM_FI_DEV_FB_TOTAL") ?? (free + used + (reserved ?? 0));
        var name = first.Label("modelName", "model_name", "name") ?? string.Empty;
        var card = new DetectedGpu(new GpuSpec
        {
            Name = name,
            Vendor = "NVIDIA",
            Index = Fields.Integer(first.Label("gpu")),
            Uuid = first.Label("UUID"),
            PciBusId = Fields.PciAddress(first.Label("pci_bus_id")),
            MemoryBytes = total,
            MemoryFreeBytes = free,
            MemoryUsedBytes = used,
            MemoryReservedBytes = reserved,
            DriverVersion = first.Label("DCGM_FI_DRIVER_VERSION"),
            Temperature = (int?)Value(samples, "DCGM_FI_DEV_GPU_TEMP"),
            UtilizationPercent = (int?)Value(samples, "DCGM_FI_DEV_GPU_UTIL"),
            Source = Source,
        })
        {
            OtherNames = NvidiaFacts.WholeCards(name),
        };
        return first.Label("GPU_I_ID") is null ? card : NvidiaFacts.MigInstance(
            card, first.Label("GPU_I_PROFILE"), null, new NvidiaFacts.MemoryFacts(total, reserved, used, free));
    }

    private static double? Value(IEnumerable<MetricSample> samples, string metric) =>
        samples.FirstOrDefault(sample => sample.Name == metric)?.Value;
}
