using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>aws ec2 describe-instance-types</c>: what an instance of each type has, before one is rented.</summary>
internal static class CloudInstances
{
    private const string Source = "aws ec2";

    /// <summary>Whether there are instance types.</summary>
    public static bool Recognizes(InventoryText text) => text.Json.Any(value => Types(value).Any());

    /// <summary>The machines: one a type, named by it.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) =>
        text.Json.SelectMany(Types).Select(type => new DetectedMachine(
            new MachineSpec
            {
                ComputerName = JsonFields.Text(type, "InstanceType"),
                CoreCount = Fields.PositiveInteger(JsonFields.Text(type, "VCpuInfo/DefaultCores")),
                LogicalProcessorCount = Fields.PositiveInteger(JsonFields.Text(type, "VCpuInfo/DefaultVCpus")),
                SystemMemoryBytes = Fields.PositiveBytes(JsonFields.Text(type, "MemoryInfo/SizeInMiB"), "MiB"),
                Source = Source,
            },
            Cards(type, context.Catalog).Numbered()));

    private static IEnumerable<DetectedGpu> Cards(JObject type, IGpuLookup? catalog)
    {
        foreach (var gpu in (JsonFields.At(type, "GpuInfo/Gpus") as JArray)?.OfType<JObject>()
            ?? Array.Empty<JObject>())
        {
            var name = JsonFields.Text(gpu, "Name") ?? string.Empty;
            var maker = JsonFields.Text(gpu, "Manufacturer");
            var told = Fields.Integer(JsonFields.Text(gpu, "LogicalGpuCount", "Count"));
            var count = Math.Max(0, Math.Min(64, told ?? 1));
            var memory = Fields.PositiveBytes(JsonFields.Text(gpu, "MemoryInfo/SizeInMiB"), "MiB");
            var card = new DetectedGpu(new GpuSpec
            {
                Name = $"{maker} {name}".Trim(),
                Vendor = AdapterKind.Vendor(null, maker),
                MemoryBytes = CardObjects.IsSum(memory, count, name, catalog) ? memory / count : memory,
                Source = Source,
            })
            {
                OtherNames = new[] { name },
            };
            foreach (var same in Enumerable.Repeat(card, count)) yield return same;
        }
    }

    private static IEnumerable<JObject> Types(JToken value) =>
        ((JsonFields.At(value, "InstanceTypes") as JArray)?.Children() ?? new JEnumerable<JToken>()).OfType<JObject>()
            .Where(type => JsonFields.Text(type, "InstanceType") is not null);
}
