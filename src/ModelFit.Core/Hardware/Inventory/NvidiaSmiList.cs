using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>nvidia-smi -L</c>: names and UUIDs, and under a card the instances of its MIG mode.</summary>
internal static class NvidiaSmiList
{
    private static readonly Regex CardLine = new(@"^\s*GPU (\d+): (.+?) \(UUID: ([^)\s]+)\)?\s*$");

    private static readonly Regex InstanceLine = new(@"^\s*MIG (\S+)\s+Device\s+(\d+): \(UUID: ([^)\s]+)\)?\s*$");

    /// <summary>Whether there is a line of a card.</summary>
    public static bool Recognizes(InventoryText text) => text.Lines.Any(line => CardLine.IsMatch(line));

    /// <summary>The machines of the text: another card 0 is another machine's.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var cards = new List<(DetectedGpu Card, List<DetectedGpu> Instances)>();
        foreach (var line in text.Lines)
        {
            if (CardLine.Match(line) is { Success: true } card)
            {
                var found = Card(card);
                var isOther = cards.All(known => known.Card.Facts.Uuid != found.Facts.Uuid);
                if (found.Facts.Index == 0 && cards.Count > 0 && isOther)
                {
                    yield return Machine(cards);
                    cards = new List<(DetectedGpu Card, List<DetectedGpu> Instances)>();
                }

                cards.Add((found, new List<DetectedGpu>()));
            }
            else if (InstanceLine.Match(line) is { Success: true } instance && cards.Count > 0)
                cards[cards.Count - 1].Instances.Add(Instance(cards[cards.Count - 1].Card, instance));
        }

        yield return Machine(cards);
    }

    private static DetectedMachine Machine(IEnumerable<(DetectedGpu Card, List<DetectedGpu> Instances)> cards) => new(
        new MachineSpec { Source = NvidiaFacts.Source },
        cards.SelectMany(card => card.Instances.Count > 0 ? card.Instances : new() { card.Card }).ToList());

    private static DetectedGpu Card(Match line) => new(new GpuSpec
    {
        Name = line.Groups[2].Value.Trim(),
        Vendor = "NVIDIA",
        Index = Fields.Integer(line.Groups[1].Value),
        Uuid = line.Groups[3].Value,
        Source = NvidiaFacts.Source,
    })
    {
        OtherNames = NvidiaFacts.WholeCards(line.Groups[2].Value.Trim()),
    };

    private static DetectedGpu Instance(DetectedGpu card, Match line) => NvidiaFacts.MigInstance(
        card, line.Groups[1].Value, line.Groups[3].Value);
}
