using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Lines of llama.cpp's log that name a card: the one that a model is loaded on, Vulkan's and SYCL's lists, Metal's
/// device, and the breakdown of memory at the end.
/// </summary>
internal static class LlamaLog
{
    private const string Source = "llama.cpp";
    /// <summary>
    /// The forms; groups <c>id</c>, <c>name</c>, <c>bus</c>, <c>total</c> and <c>free</c> in MiB, as far as told.
    /// </summary>
    private static readonly Regex[] Forms =
    {
        new(
            @"using device (?<id>[A-Za-z]+\d{1,3}) \((?<name>.{2,120}?)\)(?: \((?<bus>[^()]{4,20})\))?" +
            @" - (?<free>\d{1,9}) MiB free"),
        new(
            @"\|\s+- (?<id>[A-Za-z]+\d{1,3}) \((?<name>.{2,120}?)\)\s*\|\s*(?<total>\d{1,9}) = (?<free>\d{1,9}) \+"),
        new(
            @"ggml_vulkan: (?<id>\d{1,3}) = (?<name>.{2,120}?)(?: \((?:RADV|NVK|LLVM|Intel|ANV)[^()]{0,60}\))?" +
            @" \([^()|]{1,80}\) \| uma: (?<uma>[01])"),
        new(
            @"(?:ggml_vulkan: Using |\bVulkan(?<id>\d{1,3}): )(?<name>[^|]{2,120}?)(?: \([^()|]{1,80}\))?" +
            @" \| (?:uma: (?<uma>[01]) \| )?fp16: [01]"),
        new(
            @"^\|\s*(?<id>\d{1,3})\s*\|\s*\[[a-z_]+:gpu:\d+\]\s*\|\s*(?<name>[^|]{2,80}?)\s*\|" +
            @"(?:[^|]{1,20}\|){4}\s*(?<total>\d{1,9})M\|"),
        new(
            @"ggml_metal\w*: (?:GPU name:|found device:|picking default device:)\s+(?<name>Apple [^\n]{1,40}?)\s*$"),
    };

    private static readonly Regex Metal = new(@"recommendedMaxWorkingSetSize\s+=\s+(\d{1,9}(?:\.\d+)?) MB");

    /// <summary>Whether a line names a card.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Any(line => Forms.Any(form => form.IsMatch(line)));

    /// <summary>What is free of the cards by their backend's number, <c>CUDA0</c>.</summary>
    public static IReadOnlyDictionary<string, long?> Free(InventoryText text) => text.Lines
        .Select(line => Forms[0].Match(line)).Where(match => match.Success)
        .GroupBy(match => Digits(match.Groups["id"].Value))
        .ToDictionary(same => same.Key, same => Fields.Bytes(same.First().Groups["free"].Value, "MiB"));

    /// <summary>The one machine of the log.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var form = Forms.First(known => text.Lines.Any(line => known.IsMatch(line)));
        var limit = text.Lines.Select(line => Metal.Match(line)).FirstOrDefault(match => match.Success);
        var cards = text.Lines.Select(line => form.Match(line)).Where(match => match.Success)
            .GroupBy(match => (match.Groups["id"].Value, match.Groups["name"].Value)).Select(same => same.Last())
            .Select((match, index) => Card(match, index, limit));
        yield return new DetectedMachine(new MachineSpec { Source = Source }, cards.ToList());
    }

    private static string Digits(string id) => new(id.Where(char.IsDigit).ToArray());

    private static DetectedGpu Card(Match line, int index, Match? limit)
    {
        var name = line.Groups["name"].Value;
        var isApple = name.StartsWith("Apple", System.StringComparison.Ordinal);
        var total = isApple && limit is not null && Fields.Number(limit.Groups[1].Value) is { } megabytes
            ? (long)(megabytes * 1e6) : Fields.PositiveBytes(line.Groups["total"].Value, "MiB");
        var id = line.Groups["id"].Value;
        return FoundCard.Create(
            name, Source, Fields.Integer(Digits(id)) ?? index, total,
            free: Fields.Bytes(line.Groups["free"].Value, "MiB"), bus: line.Groups["bus"].Value,
            vendor: AdapterKind.Vendor(null, name)
                ?? (id.StartsWith("CUDA", System.StringComparison.Ordinal) ? "NVIDIA" : null),
            isIntegrated: isApple || line.Groups["uma"].Value == "1" ? true : null);
    }
}
