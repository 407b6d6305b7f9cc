namespace ModelFit.Hardware.Inventory;

/// <summary><c>hwinfo</c>, whole and <c>--short</c>.</summary>
internal static class HwInfo
{
    private const string Source = "hwinfo";
    private const StringComparison Plain = StringComparison.Ordinal;

    private static readonly Regex Start = new(@"^\d{1,4}: [A-Za-z]+ [^:]{1,40}: [0-9a-f]{4,5} ");
    private static readonly Regex Id = new(@"0x([0-9a-f]{4})");
    private static readonly Regex Quoted = new("\"([^\"]{1,200})\"");

    /// <summary>Whether there are its blocks or its list of classes.</summary>
    public static bool Recognizes(InventoryText text) =>
        (text.Contains("Hardware Class: ") && text.Lines.Any(Start.IsMatch))
        || (text.Lines.Contains("graphics card:") && text.Lines.Contains("cpu:"));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var blocks = LabelText.Blocks(text.Lines, Start.IsMatch).ToList();
        yield return blocks.Count > 0 ? Machine(text, blocks) : Short(text.Lines);
    }

    private static DetectedMachine Machine(InventoryText text, IReadOnlyList<List<string>> blocks)
    {
        string? Class(List<string> block) => Value(block, "Hardware Class");
        var processor = blocks.Where(block => Class(block) == "cpu").Select(block => Name(Value(block, "Model")))
            .FirstOrDefault(name => name is not null)
            ?? LabelText.First(text.Lines.Where(line => line.Contains("model name"))).Text("model name");
        var memory = blocks.Select(block => Value(block, "Memory Size")).FirstOrDefault(size => size is not null
            && blocks.Any(block => block[0].Contains("Main Memory") && Value(block, "Memory Size") == size));
        return new DetectedMachine(
            new MachineSpec
            {
                Cpu = processor,
                SystemMemoryBytes = memory?.Split('+').Sum(part => Fields.PositiveBytes(part) ?? 0) is > 0 and var bytes
                    ? bytes : null,
                Source = Source,
            },
            blocks.Where(block => Class(block) == "graphics card")
                .GroupBy(block => Value(block, "SysFS BusID") ?? block[0]).Select(same => same.First())
                .Select(Card).ToList());
    }

    private static DetectedGpu Card(List<string> block, int index)
    {
        var (vendor, device) = (Value(block, "Vendor"), Value(block, "Device"));
        var id = PciId.Create(
            Id.Match(vendor ?? "").Groups[1].Value, Id.Match(device ?? "").Groups[1].Value,
            revision: Value(block, "Revision")?.Replace("0x", string.Empty));
        var named = Name(device) ?? Name(Value(block, "Device Name"));
        var whose = AdapterKind.Vendor(id, vendor);
        var sold = AmdNames.Plain(named);
        var isWhole = sold.Length == 0 || AdapterKind.Vendor(null, sold) is not null || whose is null;
        var name = isWhole ? sold : $"{whose} {sold}";
        var card = FoundCard.Create(name, Source, index, bus: Value(block, "SysFS BusID"), id: id, vendor: whose);
        return card with { OtherNames = AmdNames.Candidates(named) };
    }

    private static DetectedMachine Short(IReadOnlyList<string> lines)
    {
        var processor = Below(lines, "cpu:").FirstOrDefault();
        var comma = processor?.LastIndexOf(", ", Plain) ?? -1;
        return new DetectedMachine(
            new MachineSpec
            {
                Cpu = comma > 0 ? processor!.Substring(0, comma) : processor,
                Source = Source,
            },
            Below(lines, "graphics card:").Select((name, index) => FoundCard.Create(
                AdapterKind.Vendor(null, name) is { } vendor && AmdNames.Plain(name) is var sold && sold != name
                    ? $"{vendor} {sold}" : name, Source, index)).ToList());
    }

    private static IEnumerable<string> Below(IReadOnlyList<string> lines, string title) =>
        lines.SkipWhile(line => line.TrimEnd() != title).Skip(1).TakeWhile(line => line.StartsWith(" ", Plain))
            .Select(line => line.Trim()).Where(line => line.Length > 0);

    private static string? Value(IEnumerable<string> block, string label) => block
        .Where(line => line.TrimStart().StartsWith(label + ": ", Plain))
        .Select(line => line.Substring(line.IndexOf(':') + 1).Trim()).FirstOrDefault();

    private static string? Name(string? text) => text is null ? null
        : Quoted.Match(text) is { Success: true } quoted ? quoted.Groups[1].Value : null;
}
