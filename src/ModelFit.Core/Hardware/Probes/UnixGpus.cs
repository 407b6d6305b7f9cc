namespace ModelFit.Hardware.Probes;

/// <summary>The cards of a Linux machine: what the vendors' drivers tell, and what else is on PCI.</summary>
internal static class UnixGpus
{
    /// <summary>
    /// All cards. One that is on PCI but that no driver tells of is listed by its PCI id, and for NVIDIA's, whose
    /// driver should have answered, a warning says so.
    /// </summary>
    /// <param name="files">The machine's files.</param>
    /// <param name="nvidia">What NVIDIA's driver told; null if it did not answer.</param>
    /// <param name="amd">What AMD's tools told; null if there is none.</param>
    /// <param name="messages">Where a missing driver is said.</param>
    public static IReadOnlyList<DetectedGpu> Read(
        IProbeFiles files,
        IReadOnlyList<DetectedGpu>? nvidia,
        IReadOnlyList<DetectedGpu>? amd,
        IMessageSink messages)
    {
        var told = (nvidia ?? Array.Empty<DetectedGpu>())
            .Concat(AmdTools.Merge(AmdSysfs.Read(files), amd)).ToList();
        if (told.Count == 0 && UnixFacts.Jetson(files) is { } jetson) told.Add(jetson);
        var addresses = new HashSet<string?>(told.Select(card => card.Facts.PciBusId),
            StringComparer.OrdinalIgnoreCase);
        foreach (var card in PciDisplays.Read(files).Where(card => !addresses.Contains(card.Facts.PciBusId)))
        {
            if (AdapterKind.Vendor(card.Id, null) is null) continue;
            if (card.Facts.Vendor == "NVIDIA") messages.Warning(
                $"NVIDIA's driver does not report the card at {card.Facts.PciBusId} ({card.Id}): neither NVML nor " +
                "nvidia-smi answered for it. Its facts come from the catalog.");
            told.Add(card);
        }

        return told;
    }
}
