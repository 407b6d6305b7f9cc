using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Redfish's resources, as a management controller answers them one by one or <c>$expand</c>ed: systems, processors
/// of the kind GPU, graphics controllers, PCIe devices and memory modules.
/// </summary>
internal static class Redfish
{
    private const string Source = "Redfish";

    /// <summary>Whether there is a resource that tells of hardware.</summary>
    public static bool Recognizes(InventoryText text) => Objects(text).ToList() is var items
        && (items.Any(IsSystem) || Devices(items).Any() || items.Any(IsModule) || items.Any(IsProcessor));

    /// <summary>The machines: one a system; devices and modules alone are those of one machine.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var items = Objects(text).ToList();
        var cards = Devices(items).Select(Card).ToList();
        var memory = items.Where(IsModule).Sum(ModuleBytes);
        var systems = items.Where(IsSystem).ToList();
        if (systems.Count == 0) return new[]
        {
            new DetectedMachine(
                WithProcessors(items, new MachineSpec
                {
                    SystemMemoryBytes = memory > 0 ? memory : null, Source = Source,
                }),
                cards.Count > 0 ? cards : null),
        };
        return systems.Select(system => Machine(system, systems.Count == 1 && cards.Count > 0 ? cards : null));
    }

    private static DetectedMachine Machine(JObject system, IReadOnlyList<DetectedGpu>? cards) => new(
        new MachineSpec
        {
            ComputerName = JsonFields.Text(system, "HostName", "Name") is { } name && !IsGeneric(name) ? name
                : JsonFields.Text(system, "Id") is { } id && id.Any(char.IsLetter) ? id : null,
            Cpu = JsonFields.Text(system, "ProcessorSummary/Model", "Processors/Model", "Processors/ProcessorFamily"),
            CoreCount = Fields.PositiveInteger(JsonFields.Text(system, "ProcessorSummary/CoreCount")),
            LogicalProcessorCount = Fields.PositiveInteger(
                JsonFields.Text(system, "ProcessorSummary/LogicalProcessorCount")),
            SystemMemoryBytes = NumberStyle.Invariant.Size(
                MemoryOfSystem(system) ?? string.Empty, "GiB", CellSize.Bare.Bytes) is > 0 and var bytes ? bytes : null,
            Source = Source,
        },
        cards);

    private static MachineSpec WithProcessors(IReadOnlyList<JObject> items, MachineSpec facts)
    {
        var processors = items.Where(IsProcessor).ToList();
        int? Sum(string field) => processors.Sum(item => Fields.PositiveInteger(JsonFields.Text(item, field)) ?? 0)
            is > 0 and var sum ? sum : null;
        return facts with
        {
            Cpu = processors.Select(item => JsonFields.Text(item, "Model")?.Trim()).FirstOrDefault(),
            CoreCount = Sum("TotalCores"),
            LogicalProcessorCount = Sum("TotalThreads"),
        };
    }

    private static bool IsProcessor(JObject item) => JsonFields.Text(item, "ProcessorType") is "CPU"
        && JsonFields.Text(item, "Model") is not null;

    /// <summary>What every system is called that nobody named.</summary>
    private static bool IsGeneric(string name) => name is "System" or "Computer System" or "My Computer System";

    private static string? MemoryOfSystem(JObject system) => JsonFields.Text(
        system, "MemorySummary/TotalSystemMemoryGiB", "Memory/TotalSystemMemoryGB", "Memory/TotalSystemMemoryGiB");

    private static bool IsSystem(JObject item) => MemoryOfSystem(item) is not null;

    /// <summary>
    /// The cards: processors of that kind, or else the controllers and devices that have a GPU's name.
    /// </summary>
    private static IEnumerable<JObject> Devices(IReadOnlyList<JObject> items)
    {
        var processors = items.Where(IsGpu).ToList();
        return processors.Count > 0 ? processors : items.Where(IsCard);
    }

    private static bool IsGpu(JObject item) =>
        JsonFields.Text(item, "ProcessorType") is "GPU" or "Accelerator" && JsonFields.Text(item, "Model") is not null;

    private static bool IsCard(JObject item) => IsOf(item, "GraphicsController")
        || JsonFields.Text(item, "DeviceType") is "GPU"
        || (IsOf(item, "PCIeDevice") && (AdapterKind.IsGpuName(JsonFields.Text(item, "Model"))
            || AdapterKind.IsGpuName(JsonFields.Text(item, "Name"))));

    private static DetectedGpu Card(JObject card, int index)
    {
        var (model, name) = (JsonFields.Text(card, "Model"), JsonFields.Text(card, "Name"));
        var isNamed = !IsGpu(card) && AdapterKind.IsGpuName(name) && !AdapterKind.IsGpuName(model);
        return FoundCard.Create(
            isNamed ? name : model ?? name, Source, index, MemoryOf(card),
            driver: IsOf(card, "GraphicsController") ? JsonFields.Text(card, "DriverVersion") : null,
            vendor: AdapterKind.Vendor(null, isNamed ? name : model)
                ?? AdapterKind.Vendor(null, JsonFields.Text(card, "Manufacturer")));
    }

    private static long? MemoryOf(JObject card) =>
        Fields.PositiveBytes(
            JsonFields.Text(card, "MemorySummary/TotalMemorySizeMiB", "TotalMemorySizeMiB"), "MiB")
            ?? (card["ProcessorMemory"] as JArray)?.Select(memory =>
                Fields.PositiveBytes(JsonFields.Text(memory, "CapacityMiB"), "MiB")).Max();

    /// <summary>Whether the resource is a module of the system's memory: that of a GPU is HBM or GDDR.</summary>
    private static bool IsModule(JObject item) => IsOf(item, "Memory") && ModuleBytes(item) > 0
        && JsonFields.Text(item, "MemoryDeviceType") is var type && type?.Contains("HBM") != true
        && type?.Contains("GDDR") != true && JsonFields.Text(item, "Id")?.Contains("GPU") != true;

    private static long ModuleBytes(JObject item) =>
        Fields.PositiveBytes(JsonFields.Text(item, "CapacityMiB"), "MiB") ?? 0;

    /// <summary>Whether the resource is of a type, <c>#Memory.v1_17_0.Memory</c>.</summary>
    private static bool IsOf(JObject item, string type) =>
        JsonFields.Text(item, "@odata.type")?.StartsWith($"#{type}.", StringComparison.Ordinal) == true;

    private static IEnumerable<JObject> Objects(InventoryText text) => text.Items
        .SelectMany(value => (JsonFields.At(value, "Members") as JArray)?.AsEnumerable() ?? new[] { value })
        .OfType<JObject>();
}
