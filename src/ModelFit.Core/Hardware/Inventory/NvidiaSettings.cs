namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>nvidia-settings -q</c>: the cards of a display, <c>[0] host:0[gpu:0] (NVIDIA GeForce RTX 3090)</c>, and their
/// attributes.
/// </summary>
internal static class NvidiaSettings
{
    private static readonly Regex Card = new(
        @"\[\d{1,2}\] ([\w.-]{0,64}):\d{1,3}(?:\.\d)?\[gpu:(\d{1,2})\] \(([^()]{3,80}(?:\([^()]*\))?)\)");

    private static readonly Regex Attribute = new(
        @"Attribute '(\w{1,60})' \(([\w.-]{0,64}):\d{1,3}(?:\.\d)?(?:\[gpu:(\d{1,2})\])?\): (\S.{0,80}?)\.?\s*$");

    /// <summary>Whether there are cards or their memory.</summary>
    public static bool Recognizes(InventoryText text) => text.Contains("[gpu:")
        && text.Lines.Any(line => Card.IsMatch(line) || (Attribute.IsMatch(line) && line.Contains("GPUMemory")));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var names = text.Lines.Select(line => Card.Match(line)).Where(match => match.Success).ToList();
        var attributes = text.Lines.Select(line => Attribute.Match(line)).Where(match => match.Success).ToList();
        string? Value(string gpu, string name) => attributes
            .Where(match => match.Groups[1].Value == name && match.Groups[3].Value is var of && (of == gpu || of == ""))
            .Select(match => Fields.Text(match.Groups[4].Value)).FirstOrDefault();
        var gpus = names.Select(match => match.Groups[2].Value)
            .Concat(attributes.Select(match => match.Groups[3].Value)).Where(gpu => gpu.Length > 0).Distinct();
        var cards = gpus.Select(gpu => FoundCard.Create(
            names.FirstOrDefault(match => match.Groups[2].Value == gpu)?.Groups[3].Value, "nvidia-settings",
            Fields.Integer(gpu), Fields.PositiveBytes(Value(gpu, "TotalDedicatedGPUMemory"), "MiB"),
            Fields.Bytes(Value(gpu, "UsedDedicatedGPUMemory"), "MiB"), driver: Value(gpu, "NvidiaDriverVersion"),
            vendor: "NVIDIA"));
        var host = names.Select(match => match.Groups[1].Value)
            .Concat(attributes.Select(match => match.Groups[2].Value)).FirstOrDefault();
        yield return new DetectedMachine(
            new MachineSpec { ComputerName = Fields.Text(host), Source = "nvidia-settings" }, cards.ToList());
    }
}
