namespace ModelFit.Hardware.Inventory;

/// <summary>
/// What the sections of a report tell of its machine, where a script wrote the output of several tools below a heading
/// each (<c>=== GPU ===</c>).
/// </summary>
internal static class SectionParts
{
    private const int Most = 60;

    private static readonly Regex Heading = new(
        @"^\s{0,4}(?:[=#*-]{2,40}\s{0,4}[^\s=#*-][^=#*]{0,70}?\s{0,4}[=#*-]{2,40}|#{1,4} \S.{0,70}|" +
        @"\[[A-Za-z][^\[\]=|:]{1,40}\])\s*$");

    /// <summary>
    /// The machine with the processor, the memory and the cards that are still unknown, from the sections that tell
    /// them alone; a section of another computer, or one of several that contradict, adds nothing.
    /// </summary>
    public static DetectedMachine Add(DetectedMachine machine, InventoryText text, ReadContext context)
    {
        var facts = machine.Facts;
        if (facts.Cpu is not null && facts.SystemMemoryBytes is not null && machine.Gpus is not null) return machine;
        if (text.Json.Count > 0) return machine;
        var sections = LabelText.Blocks(text.Lines, line => line.Length < 100 && Heading.IsMatch(line))
            .Take(Most + 1).Select(block => string.Join("\n", block.Skip(1))).ToList();
        if (sections.Count is < 2 or > Most) return machine;
        var told = sections.Where(section => section.Trim().Length > 0).SelectMany(section => Machine(section, context))
            .Where(part => part.Facts.ComputerName is not { } name || facts.ComputerName is null
                || name.Equals(facts.ComputerName, StringComparison.OrdinalIgnoreCase)).ToList();
        var memory = Only(told, part => part.Facts.SystemMemoryBytes);
        return machine with
        {
            Facts = facts with
            {
                ComputerName = facts.ComputerName ?? Only(told, part => part.Facts.ComputerName),
                Cpu = facts.Cpu ?? Only(told, part => part.Facts.Cpu),
                CoreCount = facts.CoreCount ?? Only(told, part => part.Facts.CoreCount),
                LogicalProcessorCount = facts.LogicalProcessorCount
                    ?? Only(told, part => part.Facts.LogicalProcessorCount),
                SystemMemoryBytes = facts.SystemMemoryBytes ?? memory,
                SystemMemoryFreeBytes = facts.SystemMemoryFreeBytes
                    ?? (facts.SystemMemoryBytes is null ? Only(told, part => part.Facts.SystemMemoryFreeBytes) : null),
                OperatingSystem = facts.OperatingSystem ?? Only(told, part => part.Facts.OperatingSystem),
            },
            Gpus = machine.Gpus ?? told.Select(part => part.Gpus).FirstOrDefault(cards => cards is { Count: > 0 }),
        };
    }

    /// <summary>The one machine that a section tells as the output of a tool; none where it tells several.</summary>
    private static IEnumerable<DetectedMachine> Machine(string section, ReadContext context)
    {
        var text = new InventoryText(section, context.Stop);
        var format = InventoryFormats.All.FirstOrDefault(known => !known.IsGeneral && known.Recognizes(text));
        if (format is null) return Array.Empty<DetectedMachine>();
        var quiet = context with { Failed = _ => { } };
        try
        {
            var machines = format.Read(text, quiet).Take(2).ToList();
            return machines.Count != 1 ? Array.Empty<DetectedMachine>()
                : new[] { machines[0] with { Facts = UnixText.Add(machines[0].Facts, text, context.Messages) } };
        }
        catch (ModelFitException)
        {
            return Array.Empty<DetectedMachine>();
        }
    }

    private static string? Only(IEnumerable<DetectedMachine> parts, Func<DetectedMachine, string?> fact) =>
        parts.Select(fact).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList() is { Count: 1 } one
            ? one[0] : null;

    private static T? Only<T>(IEnumerable<DetectedMachine> parts, Func<DetectedMachine, T?> fact)
        where T : struct =>
        parts.Select(fact).Where(value => value is not null).Distinct().ToList() is { Count: 1 } one ? one[0] : null;
}
