using System.Globalization;
using ModelFit.Common;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Machines of Google's and Microsoft's clouds: <c>gcloud compute instances|machine-types</c> with
/// <c>--format=json</c>, and <c>az vm list-skus</c>.
/// </summary>
internal static class CloudMachines
{
    private const string Source = "cloud";

    /// <summary>Whether there are instances or types as these clouds describe them.</summary>
    public static bool Recognizes(InventoryText text) => Objects(text).Any(item => IsGoogle(item) || IsAzure(item));

    /// <summary>The machines: one an instance or a type, named by it.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) => Objects(text)
        .Where(item => IsGoogle(item) || IsAzure(item))
        .Select(item => IsAzure(item) ? Azure(item, context) : Google(item));

    private static bool IsGoogle(JObject item) => JsonFields.Text(item, "machineType") is not null
        || JsonFields.At(item, "guestAccelerators") is JArray || JsonFields.Text(item, "guestCpus") is not null;

    private static bool IsAzure(JObject item) => JsonFields.Text(item, "name") is not null
        && Capability(item, "MemoryGB") is not null;

    private static string? Capability(JObject item, string name) =>
        (JsonFields.At(item, "capabilities") as JArray)?.Where(entry => JsonFields.Text(entry, "name") == name)
            .Select(entry => JsonFields.Text(entry, "value")).FirstOrDefault();

    private static DetectedMachine Google(JObject item)
    {
        var cards = (JsonFields.At(item, "guestAccelerators") ?? JsonFields.At(item, "accelerators")) as JArray;
        var isType = JsonFields.Text(item, "guestCpus") is not null;
        var type = CloudTypes.Find(JsonFields.Text(item, "machineType"));
        return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = JsonFields.Text(item, "name"),
                LogicalProcessorCount = Fields.PositiveInteger(JsonFields.Text(item, "guestCpus")) ?? type?.Threads,
                SystemMemoryBytes = Fields.PositiveBytes(JsonFields.Text(item, "memoryMb"), "MiB")
                    ?? type?.SystemMemoryBytes,
                Source = Source,
            },
            type is { Count: > 0 } ? Many(type.Card, type.Count.ToString(CultureInfo.InvariantCulture)).ToList()
                : cards is null && !isType && type is null ? null : (cards ?? new JArray()).SelectMany(card => Many(
                Name(JsonFields.Text(card, "acceleratorType", "guestAcceleratorType")),
                JsonFields.Text(card, "acceleratorCount", "guestAcceleratorCount"))).ToList());
    }

    private static DetectedMachine Azure(JObject item, ReadContext context)
    {
        var name = JsonFields.Text(item, "name")!;
        var card = name.Split('_').FirstOrDefault(part => part.Length > 1 && part.Any(char.IsDigit)
            && char.IsLetter(part[0]) && part.Length < 7 && context.Catalog?.IsCard(part) == true);
        return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = name,
                LogicalProcessorCount = Fields.PositiveInteger(Capability(item, "vCPUs")),
                SystemMemoryBytes = Fields.PositiveBytes(Capability(item, "MemoryGB"), "GiB"),
                Source = Source,
            },
            Many(card ?? string.Empty, Capability(item, "GPUs") ?? "0").ToList());
    }

    private static IEnumerable<DetectedGpu> Many(string name, string? count) => Enumerable.Range(
        0, Math.Max(0, Math.Min(CardText.MostCards, Fields.Integer(count) ?? 1)))
        .Select(index => FoundCard.Create(name, Source, index));

    /// <summary>From <c>…/acceleratorTypes/nvidia-tesla-t4</c>.</summary>
    private static string Name(string? type)
    {
        var words = (type ?? string.Empty).Split('/').Last().Split('-');
        var isNvidia = words.Length > 1 && words[0] == "nvidia";
        var name = string.Join(" ", isNvidia ? words.Skip(1) : words);
        return isNvidia ? "NVIDIA " + name : name;
    }

    private static IEnumerable<JObject> Objects(InventoryText text) => text.Json
        .SelectMany(value => (value as JArray ?? JsonFields.At(value, "items") as JArray
            ?? JsonFields.At(value, "value") as JArray)?.AsEnumerable() ?? new[] { value }).Until(text.Stop)
        .OfType<JObject>();
}
