using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// The table that a bare <c>nvidia-smi</c> prints, and its complaints. Long names are cut off there, so a card may stay
/// without facts of the catalog.
/// </summary>
internal static class NvidiaSmiTable
{
    private static readonly Regex NameRow = new(
        @"^\|\s+(\d+)\s+(\S(?:.*?\S)?)\s+(?:On|Off|N/A|WDDM|TCC|MCDM|ERR!)\s*\|\s*([0-9A-Fa-f]{4,8}:[0-9A-Fa-f:.]+)");

    /// <summary>A row of <c>nvidia-smi vgpu</c>: the card that virtual ones run on.</summary>
    private static readonly Regex HostRow = new(
        @"^\|\s+(\d{1,3})\s+([^|\s](?:[^|]*[^|\s])?)\s*\|\s*([0-9A-Fa-f]{4,8}:[0-9A-Fa-f:.]+)\s*\|" +
        @"\s*(?:\d+ ?%|N/A)\s*\|");

    private static readonly Regex MemoryRow = new(@"^\|.*\|\s*(\d+|N/A)\s*(?:MiB\s*)?/\s*(\d+|N/A)\s*(?:MiB\s*)?\|");

    private static readonly Regex InstanceRow = new(
        @"^\|\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\|\s*(\d+)\s*MiB\s*/\s*(\d+)\s*MiB");

    private static readonly Regex Driver = new(@"(?:Driver|KMD) Version: ?(\d[\d.]{1,20})");

    private static readonly string[] Complaints =
    {
        "NVIDIA-SMI has failed", "Failed to initialize NVML", "Driver/library version mismatch",
        "NVIDIA-SMI couldn't", "Unable to determine the device handle",
    };

    /// <summary>Whether the text is nvidia-smi's table or complaint.</summary>
    public static bool Recognizes(InventoryText text) => text.Contains("NVIDIA-SMI") && text.Contains("|")
        || text.Contains("No devices were found") || Complaints.Any(text.Contains)
        // The top of the table is often left out.
        || text.Lines.Any(line => NameRow.IsMatch(line))
        || (text.Contains("MIG devices:") && text.Lines.Any(line => InstanceRow.IsMatch(line)));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var cards = new List<DetectedGpu>();
        var instances = new List<(int Card, DetectedGpu Instance)>();
        foreach (var line in text.Lines)
        {
            if (NameRow.Match(line) is { Success: true } name) cards.Add(Card(name));
            else if (HostRow.Match(line) is { Success: true } host) cards.Add(Card(host));
            else if (cards.Count > 0 && instances.Count == 0 && MemoryRow.Match(line) is { Success: true } memory
                && cards[cards.Count - 1].Facts.MemoryBytes is null)
                cards[cards.Count - 1] = WithMemory(cards[cards.Count - 1], memory);
            else if (InstanceRow.Match(line) is { Success: true } instance) Add(instances, cards, instance);
        }

        if (cards.Count == 0 && text.Lines.FirstOrDefault(IsComplaint) is { } complaint)
            throw context.Damaged($"nvidia-smi failed there: {complaint.Trim()}");
        if (cards.Count + instances.Count == 0 && !text.Contains("No devices were found"))
            throw context.Damaged("nvidia-smi's table has no row of a card.");
        var whole = cards.Where(card => instances.All(instance => instance.Card != card.Facts.Index));
        var driver = Fields.Text(Driver.Match(text.Text).Groups[1].Value);
        var gpus = whole.Concat(instances.Select(instance => instance.Instance))
            .Select(card => card with { Facts = card.Facts with { DriverVersion = driver } });
        yield return new DetectedMachine(new MachineSpec { Source = NvidiaFacts.Source }, gpus.ToList());
    }

    private static bool IsComplaint(string line) => Fields.ContainsAny(line, Complaints);

    private static DetectedGpu Card(Match row) => new(new GpuSpec
    {
        Name = row.Groups[2].Value.Trim(),
        Vendor = "NVIDIA",
        Index = Fields.Integer(row.Groups[1].Value),
        PciBusId = Fields.PciAddress(row.Groups[3].Value),
        Source = NvidiaFacts.Source,
    });

    private static DetectedGpu WithMemory(DetectedGpu card, Match row)
    {
        var (used, total) = (Fields.Bytes(row.Groups[1].Value, "MiB"),
            Fields.PositiveBytes(row.Groups[2].Value, "MiB"));
        return card with
        {
            Facts = card.Facts with { MemoryBytes = total, MemoryUsedBytes = used, MemoryFreeBytes = total - used },
        };
    }

    private static void Add(List<(int Card, DetectedGpu Instance)> instances, List<DetectedGpu> cards, Match row)
    {
        var index = Fields.Integer(row.Groups[1].Value);
        var card = cards.FirstOrDefault(known => known.Facts.Index == index);
        if (card is null && cards.Count > 0) return;
        card ??= new DetectedGpu(new GpuSpec
        {
            Name = "NVIDIA GPU", Vendor = "NVIDIA", Index = index, Source = NvidiaFacts.Source,
        });
        var (used, total) = (Fields.Bytes(row.Groups[5].Value, "MiB"),
            Fields.PositiveBytes(row.Groups[6].Value, "MiB"));
        var memory = new NvidiaFacts.MemoryFacts(total, null, used, total - used);
        instances.Add((index ?? 0, NvidiaFacts.MigInstance(card, null, null, memory)));
    }
}
