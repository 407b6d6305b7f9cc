namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>nvidia-smi mig -lgi</c>: the instances that are there, by profile; of which card is not told. <c>-lgip</c> lists
/// what could be and is no inventory.
/// </summary>
internal static class NvidiaMig
{
    private static readonly Regex Row = new(
        @"^\|\s+(\d{1,3})\s+MIG (\d{1,2}g\.\d{1,3}gb\S{0,12})\s+(\d{1,3})\s+(\d{1,3})\s+\d{1,2}:\d{1,2}\s*\|");

    /// <summary>Whether there is a table of instances with a row.</summary>
    public static bool Recognizes(InventoryText text) =>
        text.Contains("GPU instances:") && text.Lines.Any(line => Row.IsMatch(line));

    /// <summary>The one machine of the table.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var cards = text.Lines.Select(line => Row.Match(line)).Where(match => match.Success)
            .Select(match => NvidiaFacts.MigInstance(
                FoundCard.Create("NVIDIA GPU", NvidiaFacts.Source, Fields.Integer(match.Groups[1].Value)),
                match.Groups[2].Value, null));
        yield return new DetectedMachine(new MachineSpec { Source = NvidiaFacts.Source }, cards.ToList());
    }
}
