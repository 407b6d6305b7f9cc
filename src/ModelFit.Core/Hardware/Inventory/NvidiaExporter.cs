namespace ModelFit.Hardware.Inventory;

/// <summary>Metrics of nvidia_gpu_exporter, which asks nvidia-smi: a card a UUID, a machine an instance.</summary>
internal static class NvidiaExporter
{
    private const string Prefix = "nvidia_smi_";

    /// <summary>Whether there are cards as the exporter tells them.</summary>
    public static bool Recognizes(InventoryText text) => text.Contains(Prefix + "gpu_info{") && Samples(text).Any();

    /// <summary>The machines: one an instance.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) => Samples(text)
        .GroupBy(sample => sample.Label("Hostname", "hostname", "node", "instance")?.Split(':')[0])
        .Select(host => new DetectedMachine(
            new MachineSpec { ComputerName = host.Key, Source = "nvidia_gpu_exporter" },
            host.Where(sample => sample.Name == Prefix + "gpu_info").Select((info, index) => Card(info, host, index))
                .ToList()));

    private static DetectedGpu Card(MetricSample info, IEnumerable<MetricSample> samples, int index)
    {
        var uuid = info.Label("uuid");
        long? Bytes(string name) => samples
            .Where(sample => sample.Name == Prefix + name && sample.Label("uuid") == uuid)
            .Select(sample => (long?)sample.Value).FirstOrDefault();
        return FoundCard.Create(
            info.Label("name"), "nvidia_gpu_exporter", index, Bytes("memory_total_bytes"), Bytes("memory_used_bytes"),
            Bytes("memory_free_bytes"), info.Label("driver_version"), vendor: "NVIDIA");
    }

    private static IEnumerable<MetricSample> Samples(InventoryText text) => MetricText.Exposition(text.Lines)
        .Where(sample => sample.Name.StartsWith(Prefix, StringComparison.Ordinal));
}
