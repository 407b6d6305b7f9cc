using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Machines that are rented, by their type: <c>aws ec2 describe-instances</c> and the identity document of an instance,
/// <c>az vm list</c>, <c>az vm list-sizes</c> and Azure's instance metadata.
/// </summary>
internal static class CloudRented
{
    private const string Source = "cloud";
    private const int MaxDepth = 4;

    /// <summary>Whether there is a machine with its type.</summary>
    public static bool Recognizes(InventoryText text) => Machines(text).Any();

    /// <summary>The machines: one an instance or a size.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        foreach (var (item, type) in Machines(text))
        {
            if (CloudTypes.Find(type) is null && Size(item) is null)
                context.Failed(context.Damaged(
                    $"instance type '{type}' is not known, so its hardware is not known.", type));
            else yield return Machine(item, type);
        }
    }

    private static DetectedMachine Machine(JObject item, string type)
    {
        var known = CloudTypes.Find(type);
        var tag = (JsonFields.At(item, "Tags") as JArray)?
            .Where(entry => JsonFields.Text(entry, "Key") == "Name").Select(entry => JsonFields.Text(entry, "Value"))
            .FirstOrDefault();
        return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = JsonFields.Text(item, "osProfile/computerName") ?? tag
                    ?? JsonFields.Text(item, "name", "InstanceId") ?? type,
                CoreCount = Fields.PositiveInteger(JsonFields.Text(item, "CpuOptions/CoreCount")),
                LogicalProcessorCount =
                    Fields.PositiveInteger(JsonFields.Text(item, "numberOfCores")) ?? known?.Threads,
                OperatingSystem = JsonFields.Text(item, "osType"),
                SystemMemoryBytes = Size(item) ?? known?.SystemMemoryBytes,
                Source = Source,
            },
            known is null ? null : Enumerable.Range(0, known.Count)
                .Select(index => FoundCard.Create(known.Card, Source, index)).ToList());
    }

    private static long? Size(JObject item) => Fields.PositiveBytes(JsonFields.Text(item, "memoryInMB"), "MiB");

    private static IEnumerable<(JObject Item, string Type)> Machines(InventoryText text) => text.Json
        .SelectMany(value => Objects(value, 0)).Select(item => (item, Type: TypeOf(item)))
        .Where(pair => pair.Type is not null).Select(pair => (pair.item, pair.Type!));

    private static string? TypeOf(JObject item) => JsonFields.Text(item, "hardwareProfile/vmSize")
        ?? (item["vmId"] is not null || item["azEnvironment"] is not null || item["osType"] is not null
            ? JsonFields.Text(item, "vmSize") : null)
        ?? (JsonFields.Text(item, "InstanceId") is not null ? JsonFields.Text(item, "InstanceType") : null)
        ?? (JsonFields.Text(item, "numberOfCores") is not null && Size(item) is not null
            ? JsonFields.Text(item, "name") : null);

    /// <summary>The objects from the outside in, to where an instance may lie.</summary>
    private static IEnumerable<JObject> Objects(JToken token, int depth)
    {
        if (depth > MaxDepth) return Enumerable.Empty<JObject>();
        if (token is JArray array) return array.SelectMany(item => Objects(item, depth + 1));
        if (token is not JObject value) return Enumerable.Empty<JObject>();
        if (TypeOf(value) is not null) return new[] { value };
        return new[] { "Reservations", "Instances", "value", "compute", "data" }
            .Select(name => JsonFields.At(value, name)).Where(child => child is JContainer)
            .SelectMany(child => Objects(child!, depth + 1));
    }
}
