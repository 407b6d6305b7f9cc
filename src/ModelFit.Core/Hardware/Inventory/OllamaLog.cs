using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Ollama's log: <c>msg="inference compute"</c> tells each card at every start, <c>msg="system memory"</c> the rest.
/// Lines may have been wrapped on their way.
/// </summary>
internal static class OllamaLog
{
    private const string Mark = "\"inference compute\"";
    private const string Memory = "\"system memory\"";

    /// <summary>What a log of debugging says before each model that is loaded.</summary>
    private const string Update = "\"updating cuda memory data\"";
    private const string SystemUpdate = "\"updating system memory data\"";
    private const int MaxEntry = 2000;

    private static readonly Regex Pair = new("([a-z_]{1,20})=(?:\"([^\"]*)\"|([^\\s\"]\\S*))");
    private static readonly Regex Ids = new("^([0-9a-f]{4}):([0-9a-f]{4})$");

    /// <summary>Whether it tells of a device.</summary>
    public static bool Recognizes(InventoryText text) => text.Contains(Mark) || text.Contains(Update);

    /// <summary>The one machine of the log: what its last start saw.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var devices = Entries(text, Mark).DefaultIfNone(() => Entries(text, Update));
        var system = Entries(text, Memory).LastOrDefault() ?? devices.LastOrDefault(IsProcessor)
            ?? Entries(text, SystemUpdate).LastOrDefault();
        var cards = devices.Where(device => !IsProcessor(device))
            .GroupBy(device => (device.Text("id", "gpu"), device.Text("pci_id"), device.Text("library")))
            .Select(same => Card(same.Last())).Numbered();
        yield return new DetectedMachine(
            new MachineSpec
            {
                SystemMemoryBytes = Size(system?.Text("total")),
                SystemMemoryFreeBytes = Size(system?.Text("free", "available")),
                Source = "Ollama",
            },
            cards);
    }

    private static bool IsProcessor(Dictionary<string, string> device) =>
        device.Text("library")?.Equals("cpu", StringComparison.OrdinalIgnoreCase) == true;

    private static DetectedGpu Card(Dictionary<string, string> device)
    {
        var name = device.Text("description") ?? device.Text("name") ?? string.Empty;
        var ids = Ids.Match(name);
        var library = device.Text("library")?.ToUpperInvariant();
        var compute = device.Text("compute");
        var vendor = library switch
        {
            "CUDA" => "NVIDIA",
            "ROCM" => "AMD",
            "ONEAPI" => "Intel",
            "METAL" => "Apple",
            _ => null,
        };
        var card = FoundCard.Create(
            ids.Success ? string.Empty : name, "Ollama", null, Size(device.Text("total")),
            free: Size(device.Text("available", "free")), bus: device.Text("pci_id"), vendor: vendor,
            driver: library == "CUDA" || device.Text("driver") == "0.0" ? null : device.Text("driver"),
            id: ids.Success ? PciId.Create(ids.Groups[1].Value, ids.Groups[2].Value) : null,
            isIntegrated: device.Text("type") == "iGPU" ? true : null);
        var isTarget = compute?.StartsWith("gfx", StringComparison.Ordinal) == true;
        return card with
        {
            Facts = card.Facts with
            {
                GfxTarget = isTarget ? compute : null,
                ComputeCapability = library == "CUDA" && !isTarget ? compute : null,
                CudaVersion = library == "CUDA" ? device.Text("driver") : null,
            },
        };
    }

    private static long? Size(string? text) =>
        text is null ? null : NumberStyle.Invariant.Size(text, null, CellSize.Bare.Bytes);

    /// <summary>The fields behind each mark, up to the next entry.</summary>
    private static IEnumerable<Dictionary<string, string>> Entries(InventoryText inventory, string mark)
    {
        var text = inventory.Text;
        for (var at = text.IndexOf(mark, StringComparison.Ordinal); at >= 0;
            at = text.IndexOf(mark, at + mark.Length, StringComparison.Ordinal))
        {
            inventory.Stop.ThrowIfCancellationRequested();
            var entry = text.Substring(at + mark.Length, Math.Min(MaxEntry, text.Length - at - mark.Length));
            var end = entry.IndexOf("time=", StringComparison.Ordinal);
            if (end >= 0) entry = entry.Substring(0, end);
            var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (Match pair in Pair.Matches(entry))
            {
                if (!fields.ContainsKey(pair.Groups[1].Value))
                    fields[pair.Groups[1].Value] = pair.Groups[2].Value + pair.Groups[3].Value;
            }

            yield return fields;
        }
    }
}
