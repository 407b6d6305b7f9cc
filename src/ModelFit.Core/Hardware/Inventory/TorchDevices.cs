using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Devices as PyTorch tells of them: its properties as text or JSON, <c>collect_env</c>, TensorFlow's and vLLM's lines,
/// and what an out-of-memory error says of a card.
/// </summary>
internal static class TorchDevices
{
    private const string Source = "PyTorch";
    private static readonly Regex Properties = new(
        @"_(?:Cuda|Xpu|Musa|NPU)DeviceProperties\(name='([^']{1,100})'.{0,300}?total_memory=(\d{1,9})MB");

    private static readonly Regex Listed = new(
        @"^(?:GPU models and configuration {0,3}: )?GPU (\d{1,3}): ([^(\n]{2,100}?)\s*$", RegexOptions.Multiline);

    /// <summary>How Ultralytics and YOLOv5 name the card that they use.</summary>
    private static readonly Regex Used = new(@"\bCUDA:(\d{1,3}) \(([^(),\n]{2,80}), (\d{1,9})MiB\)");

    private static readonly Regex TensorFlow = new(
        @"device: (\d{1,3}), name: ([^,\n]{1,100}), pci bus id: ([0-9a-f:.]{7,16})");

    private static readonly Regex Capacity = new(
        @"GPU (\d{1,3}) has a total capaci?ty of (\d[\d.]{0,10} [KMGT]iB)" +
        @"(?: of which (\d[\d.]{0,10} [KMGT]iB) is free)?");

    private static readonly string[] Totals = { "total_memory", "total_mem", "totalGlobalMem", "total_global_mem" };

    /// <summary>Whether there are devices as PyTorch describes them.</summary>
    public static bool Recognizes(InventoryText text) => Objects(text).Any() || Models(text).Any()
        || (text.Json.Count == 0 && (text.Contains("GPU models and configuration") || text.Lines.Any(line =>
            Properties.IsMatch(line) || Used.IsMatch(line) || TensorFlow.IsMatch(line) || Capacity.IsMatch(line))));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var cards = Objects(text).Select((device, index) => FoundCard.Create(
                JsonFields.Text(device, "name"), Source, index, Fields.PositiveBytes(JsonFields.Text(device, Totals))))
            .DefaultIfNone(() => Matches(Properties, text).Select((match, index) => FoundCard.Create(
                match.Groups[1].Value, Source, index, Fields.PositiveBytes(match.Groups[2].Value, "MiB"))));
        var told = LabelText.First(text.Lines.Take(200));
        // A1111's report has PyTorch's and its own facts.
        string? Told(params string[] paths) => text.Json.OfType<JObject>()
            .Select(value => JsonFields.Text(value, paths)).FirstOrDefault(value => value is not null);
        var driver = told.Text("Nvidia driver version")
            ?? Told("nvidia_driver_version", "Torch env info/nvidia_driver_version");
        if (cards.Count == 0) cards = Matches(Used, text).GroupBy(match => match.Groups[1].Value)
            .Select(same => same.Last()).Select(match => FoundCard.Create(
                match.Groups[2].Value, Source, Fields.Integer(match.Groups[1].Value),
                Fields.PositiveBytes(match.Groups[3].Value, "MiB"))).ToList();
        if (cards.Count == 0) cards = Cards(Listed, text, 2, driver);
        if (cards.Count == 0) cards = Cards(TensorFlow, text, 2, driver);
        if (cards.Count == 0) cards = Matches(Capacity, text).GroupBy(match => match.Groups[1].Value)
            .Select(same => same.Last()).Select(match => FoundCard.Create(
                string.Empty, Source, Fields.Integer(match.Groups[1].Value), Size(match.Groups[2].Value),
                free: Size(match.Groups[3].Value), vendor: text.Contains("CUDA") ? "NVIDIA" : null)).ToList();
        // A list that ends within a name may have lost more than the rest of it.
        if (text.Text.TrimEnd().Split('\n').Last() is var last && Listed.Match(last) is { Success: true } end
            && !end.Groups[2].Value.Any(char.IsDigit)) cards = new List<DetectedGpu>();
        // A PyTorch without CUDA looks for no card.
        yield return new DetectedMachine(
            new MachineSpec
            {
                Cpu = Processor(text.Lines),
                OperatingSystem = told.Text("OS") ?? Told("Torch env info/os"),
                CoreCount = Fields.PositiveInteger(Told("CPU/count physical")),
                LogicalProcessorCount = Fields.PositiveInteger(Told("CPU/count logical")),
                SystemMemoryBytes = Fields.PositiveBytes(Told("RAM/total")),
                SystemMemoryFreeBytes = Fields.Bytes(Told("RAM/free")),
                Source = Source,
            },
            cards.Count > 0 ? cards : null);
    }

    /// <summary>The processor that <c>collect_env</c> tells on Windows, below <c>CPU:</c>.</summary>
    private static string? Processor(IReadOnlyList<string> lines) => lines.SkipWhile(line => line.Trim() != "CPU:")
        .Skip(1).Take(1).Select(line => LabelText.Split(line)).Where(pair => pair?.Label is "Name")
        .Select(pair => Fields.Text(pair!.Value.Value)).FirstOrDefault();

    private static IReadOnlyList<DetectedGpu> Cards(Regex pattern, InventoryText text, int name, string? driver) =>
        Matches(pattern, text).GroupBy(match => match.Groups[1].Value).Select(same => same.Last())
            .Select(match => FoundCard.Create(
                match.Groups[name].Value, Source, Fields.Integer(match.Groups[1].Value), driver: driver,
                bus: match.Groups[3].Value)).ToList();

    private static IEnumerable<Match> Matches(Regex pattern, InventoryText text) =>
        Models(text).DefaultIfNone(() => text.Lines).SelectMany(line => pattern.Matches(line).Cast<Match>());

    /// <summary>The lines of collect_env's models where a program wrote them as JSON.</summary>
    private static IEnumerable<string> Models(InventoryText text) => text.Json.OfType<JObject>()
        .SelectMany(value => value.Properties().Select(property => property.Value).Prepend(value))
        .SelectMany(value => (JsonFields.Text(value, "nvidia_gpu_models") ?? string.Empty).Split('\n'))
        .Where(line => Listed.IsMatch(line));

    private static long? Size(string text) => NumberStyle.Invariant.Size(text, null, CellSize.Bare.Bytes);

    private static IEnumerable<JObject> Objects(InventoryText text) => text.Items
        .SelectMany(value => value is JObject outer && JsonFields.Text(outer, Totals) is null
            ? outer.Properties().Select(property => property.Value).Prepend(value) : new[] { value })
        .OfType<JObject>().Where(device => JsonFields.Text(device, "name") is not null
            && JsonFields.Text(device, Totals) is not null && JsonFields.Text(device, "hostname") is null);
}
