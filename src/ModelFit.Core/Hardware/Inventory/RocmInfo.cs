using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>rocminfo</c>: what AMD's compute driver runs on, processors and GPUs, with their memory pools.</summary>
internal static class RocmInfo
{
    private const string Source = "rocminfo";

    private static readonly Regex Start = new(@"(?m)^Agent \d+\s*$");
    private static readonly Regex Field =new(@"(?m)^\s+([A-Z][A-Za-z ]*?):[ \t]*(\S(?:[^\r\n]*\S)?)\s*$");
    private static readonly Regex Pool = new(@"Segment:\s*GLOBAL[^\n]*\n\s*Size:\s*(\d+)\([^)]*\)\s*(KB|bytes)");

    /// <summary>Whether there are devices of the compute driver.</summary>
    public static bool Recognizes(InventoryText text) =>
        text.Contains("HSA Agents") || (Start.IsMatch(text.Text) && text.Contains("Marketing Name:"));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var devices = Start.Split(string.Join("\n", text.Lines)).Skip(1)
            .Select(part => (Text: part, Fields: FieldsOf(part))).ToList();
        var processors = devices.Where(device => Value(device.Fields, "Device Type") == "CPU").ToList();
        var memory = processors.Sum(processor => Bytes(processor.Text).FirstOrDefault());
        var threads = processors.Sum(processor => Fields.Integer(Value(processor.Fields, "Compute Unit")) ?? 0);
        var cards = devices.Where(device => Value(device.Fields, "Device Type") == "GPU")
            .Select((device, index) => Card(device.Text, device.Fields, index)).ToList();
        var npus = devices.Where(device => Value(device.Fields, "Device Type") == "DSP").Select(device =>
            FoundCard.Create($"AMD NPU {Value(device.Fields, "Name")}".TrimEnd(), Source)).ToList();
        yield return new DetectedMachine(
            new MachineSpec
            {
                Cpu = processors.Select(processor => Value(processor.Fields, "Marketing Name")).FirstOrDefault(),
                LogicalProcessorCount = threads > 0 ? threads : null,
                SystemMemoryBytes = memory > 0 ? memory : null,
                Source = Source,
            },
            // ROCm lists the GPUs that it works with: of the others nothing is said.
            cards.Count + npus.Count > 0 ? cards.Concat(npus).ToList() : null);
    }

    private static DetectedGpu Card(string text, ILookup<string, string> fields, int index)
    {
        var name = AmdNames.Plain(Value(fields, "Marketing Name"));
        var chip = Regex.Match(Value(fields, "Chip ID") ?? string.Empty, @"\(0x([0-9a-fA-F]+)\)").Groups[1].Value;
        var pools = Bytes(text).ToList();
        return new DetectedGpu(new GpuSpec
        {
            Name = name,
            Vendor = "AMD",
            Index = index,
            Uuid = Value(fields, "Uuid"),
            PciBusId = Address(Fields.Integer(Value(fields, "BDFID"))),
            GfxTarget = Value(fields, "Name")?.Split(':')[0],
            MemoryBytes = pools.Count > 0 ? pools.Max() : null,
            Source = Source,
        })
        {
            Id = PciId.Create("1002", chip),
            IsIntegrated = AdapterKind.IsIntegrated("AMD", name) ? true : null,
            OtherNames = AmdNames.Candidates(name),
        };
    }

    private static IEnumerable<long> Bytes(string device) => Pool.Matches(device).Cast<Match>().Select(match =>
        Fields.PositiveBytes(match.Groups[1].Value, match.Groups[2].Value == "KB" ? "KiB" : "B") ?? 0);

    private static string? Address(int? id) => id is > 0 and var v ? string.Format(
        CultureInfo.InvariantCulture, "0000:{0:x2}:{1:x2}.{2:x}", v >> 8 & 255, v >> 3 & 31, v & 7) : null;

    private static ILookup<string, string> FieldsOf(string device) =>
        Field.Matches(device).Cast<Match>().ToLookup(match => match.Groups[1].Value, match => match.Groups[2].Value);

    private static string? Value(ILookup<string, string> fields, string key) =>
        Fields.Text(fields[key].FirstOrDefault());
}
