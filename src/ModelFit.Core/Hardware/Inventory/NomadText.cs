namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>nomad node status ID</c>, also <c>-verbose</c>: attributes, and a line a device behind
/// <c>Device Resource Utilization</c>. Only devices with a plugin are told, so a node without any may have cards.
/// </summary>
internal static class NomadText
{
    private static readonly Regex Device = new(
        @"^(\w+)/gpu/([^\[\n]{1,80})\[([^\]\n]{1,80})\](?:\s+(\d{1,9}) / (\d{1,9}) MiB)?");

    private static readonly Regex Memory = new(@"^\S+ MHz\s+\S+ [KMGT]?i?B/(\S+ [KMGT]iB)");

    /// <summary>Whether there is a node as nomad describes one.</summary>
    public static bool Recognizes(InventoryText text) => text.Contains("Eligibility") && text.Contains("Drain")
        && (text.Lines.Any(line => Memory.IsMatch(line)) || text.Contains("cpu.modelname"));

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var told = LabelText.First(text.Lines, '=');
        var size = text.Lines.Select(line => Memory.Match(line)).FirstOrDefault(match => match.Success);
        var cards = text.Lines.Select(line => Device.Match(line)).Where(match => match.Success)
            .GroupBy(match => match.Groups[3].Value).Select(same => same.First())
            .Select((match, index) => FoundCard.Create(
                match.Groups[2].Value, "nomad", index, Fields.PositiveBytes(match.Groups[5].Value, "MiB"),
                Fields.Bytes(match.Groups[4].Value, "MiB"), vendor: AdapterKind.Vendor(null, match.Groups[1].Value)))
            .ToList();
        yield return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = told.Text("Name"),
                Cpu = told.Text("cpu.modelname"),
                LogicalProcessorCount = Fields.PositiveInteger(told.Text("cpu.numcores")),
                OperatingSystem = told.Text("os.name"),
                SystemMemoryBytes = Fields.PositiveBytes(told.Text("memory.totalbytes"))
                    ?? Fields.PositiveBytes(size?.Groups[1].Value),
                Source = "nomad",
            },
            cards.Count > 0 ? cards : null);
    }
}
