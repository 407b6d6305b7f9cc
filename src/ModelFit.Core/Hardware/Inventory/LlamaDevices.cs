using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>llama-server --list-devices</c>, and the cards in llama.cpp's log. What it calls memory is what its backend may
/// use: of a Mac the limit of the GPU, not the memory of the machine.
/// </summary>
internal static class LlamaDevices
{
    private const string Source = "llama.cpp";
    private static readonly Regex Listed = new(
        @"(?:^|\s)(CUDA|ROCm|HIP|MTL|Metal|Vulkan|SYCL|CANN|MUSA|OpenCL|GPUOpenCL)(\d{0,3}): (.{1,160}?) " +
        @"\((\d{1,9}) MiB, (\d{1,9}) MiB free\)\s*$");

    private static readonly Regex Logged = new(
        @"(?:^|\s)Device (\d{1,3}): ([^,]{1,120}), (?:compute capability (\d{1,2}\.\d)|(gfx[0-9a-f]{3,6})[^,]{0,60})" +
        @".{0,200}?VMM: (?:yes|no)(?:.{0,60}?VRAM: (\d{1,9}) MiB)?");

    private static readonly Regex Processor = new(@"^register_device: registered device CPU \((.{3,100})\)\s*$");

    /// <summary>Whether there are devices of llama.cpp.</summary>
    public static bool Recognizes(InventoryText text) =>
        text.Lines.Any(line => Listed.IsMatch(line) || Logged.IsMatch(line));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var free = LlamaLog.Free(text);
        var listed = text.Lines.Select(line => Listed.Match(line)).Where(match => match.Success).ToList();
        var cards = listed.Count > 0
            ? listed.Where(match => match.Groups[1].Value == listed[0].Groups[1].Value).Select(Card)
            : text.Lines.Select(line => Logged.Match(line)).Where(match => match.Success)
                .GroupBy(match => match.Groups[1].Value).Select(same => LoggedCard(
                    same.First(), free.TryGetValue(same.Key, out var bytes) ? bytes : null));
        var processor = text.Lines.Select(line => Processor.Match(line)).FirstOrDefault(match => match.Success);
        yield return new DetectedMachine(
            new MachineSpec { Cpu = Fields.Text(processor?.Groups[1].Value), Source = Source }, cards.ToList());
    }

    private static DetectedGpu Card(Match line, int index)
    {
        var name = Regex.Replace(line.Groups[3].Value, @"\s*\((?:RADV|NVK|LLVM|DG2|BMG|Intel)[^()]*\)$", string.Empty);
        var vendor = AdapterKind.Vendor(null, name);
        var isIntegrated = AdapterKind.IsIntegrated(vendor, name);
        var (total, free) =
            (Fields.PositiveBytes(line.Groups[4].Value, "MiB"), Fields.Bytes(line.Groups[5].Value, "MiB"));
        return new DetectedGpu(new GpuSpec
        {
            Name = name,
            Vendor = vendor,
            Index = Fields.Integer(line.Groups[2].Value) ?? index,
            MemoryBytes = total,
            MemoryUsedBytes = total - free,
            MemoryFreeBytes = total is null ? null : free,
            IsUnifiedMemory = isIntegrated,
            Source = Source,
        })
        {
            IsIntegrated = isIntegrated ? true : null,
        };
    }

    private static DetectedGpu LoggedCard(Match line, long? free) => new(new GpuSpec
    {
        Name = line.Groups[2].Value,
        Vendor = line.Groups[4].Success ? "AMD" : "NVIDIA",
        Index = Fields.Integer(line.Groups[1].Value),
        ComputeCapability = line.Groups[3].Success ? line.Groups[3].Value : null,
        GfxTarget = line.Groups[4].Success ? line.Groups[4].Value : null,
        MemoryBytes = Fields.PositiveBytes(line.Groups[5].Value, "MiB"),
        MemoryFreeBytes = free,
        Source = Source,
    });
}
