namespace ModelFit.Hardware.Inventory;

/// <summary>
/// The reports of makers who follow <c>nvidia-smi -q</c>: <c>hl-smi -q</c>, <c>mthreads-gmi -q</c>, <c>ixsmi -q</c>: a
/// product's name, and below it its memory.
/// </summary>
internal static class SmiQuery
{
    private static readonly Regex Product = new(@"^\s*Product Name\s*:\s*((?:HL-|MTT |Iluvatar|BI-V|MR-V).{1,40})$");

    /// <summary>Whether there is a product of such a maker.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Any(line => Product.IsMatch(line));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var driver = LabelText.First(text.Lines).Text("Driver Version");
        var cards = LabelText.Blocks(text.Lines, line => Product.IsMatch(line))
            .Select((block, index) => Card(block, index, driver));
        yield return new DetectedMachine(new MachineSpec { Source = "smi" }, cards.ToList());
    }

    private static DetectedGpu Card(List<string> block, int index, string? driver)
    {
        var (name, vendor) = SmiTable.Sold(Product.Match(block[0]).Groups[1].Value.Trim());
        var memory = LabelText.First(block.SkipWhile(line =>
            line.IndexOf("Memory Usage", StringComparison.Ordinal) < 0).Skip(1).Take(6));
        return FoundCard.Create(
            name, "smi", index, Fields.PositiveBytes(memory.Text("Total"), "MiB"),
            Fields.Bytes(memory.Text("Used"), "MiB"), Fields.Bytes(memory.Text("Free"), "MiB"), driver, vendor: vendor,
            isIntegrated: false);
    }
}
