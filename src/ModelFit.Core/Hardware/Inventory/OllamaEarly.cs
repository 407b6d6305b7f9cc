namespace ModelFit.Hardware.Inventory;

/// <summary>Ollama's log before 0.1.33 with debug messages: <c>[0] CUDA device name: …</c>.</summary>
internal static class OllamaEarly
{
    private const string Source = "Ollama";

    private static readonly Regex Fact = new(@"^\[(\d{1,3})\] CUDA ([A-Za-z ]{1,20}?)(?::| (?=\d)) ?(.{0,100})$");

    private static readonly Regex Driver = new(@"^CUDA driver version: (\d[\d.]{1,20})\s*$");

    public static bool Recognizes(InventoryText text) => text.Contains("] CUDA device name: ");

    /// <summary>The one machine of the log.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var driver = text.Lines.Select(line => Driver.Match(line)).Where(match => match.Success)
            .Select(match => match.Groups[1].Value).FirstOrDefault();
        var cards = text.Lines.Select(line => Fact.Match(line)).Where(match => match.Success)
            .GroupBy(match => match.Groups[1].Value)
            .Select((facts, index) => Card(facts.GroupBy(fact => fact.Groups[2].Value).ToDictionary(
                same => same.Key, same => same.Last().Groups[3].Value.Trim()), index, driver)).ToList();
        yield return new DetectedMachine(new MachineSpec { Source = Source }, cards);
    }

    private static DetectedGpu Card(IReadOnlyDictionary<string, string> facts, int index, string? driver) =>
        FoundCard.Create(
            facts.Text("device name"), Source, index, Fields.PositiveBytes(facts.Text("totalMem")),
            Fields.Bytes(facts.Text("usedMem")), driver: driver, vendor: "NVIDIA");
}
