namespace ModelFit.Hardware.Inventory;

/// <summary><c>nvidia-smi vgpu -q</c>: virtual cards, each with its own memory.</summary>
internal static class VgpuText
{
    /// <summary>Whether virtual cards are described.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Any(IsStart) && text.Contains("vGPU Name");

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var cards = LabelText.Blocks(text.Lines, IsStart).Select(Card).ToList();
        yield return new DetectedMachine(new MachineSpec { Source = NvidiaFacts.Source }, cards);
    }

    private static bool IsStart(string line) => line.TrimStart().StartsWith("vGPU ID ", StringComparison.Ordinal);

    private static DetectedGpu Card(List<string> block, int index)
    {
        var values = LabelText.First(block);
        var name = values.Text("vGPU Name") ?? string.Empty;
        var memory = LabelText.First(block.SkipWhile(line =>
            !line.TrimStart().StartsWith("FB Memory Usage", StringComparison.Ordinal)).Skip(1));
        var card = FoundCard.Create(
            name, NvidiaFacts.Source, index, Fields.PositiveBytes(memory.Text("Total"), "MiB"),
            Fields.Bytes(memory.Text("Used"), "MiB"), Fields.Bytes(memory.Text("Free"), "MiB"),
            values.Text("Guest Driver Version"), vendor: "NVIDIA");
        return card with
        {
            Facts = card.Facts with { VirtualizationMode = "VGPU", Uuid = values.Text("vGPU UUID") },
            OtherNames = NvidiaFacts.WholeCards(name),
        };
    }
}
