namespace ModelFit.Hardware.Inventory;

/// <summary>
/// What a text tells of its one machine besides the output that was read: in sections below a heading each
/// (<c>=== GPU ===</c>), as a script writes them, and as the output of other tools.
/// </summary>
internal static class OtherTools
{
    private const int MostSections = 60;
    private const int Longest = 1 << 20;

    private static readonly Regex Heading = new(
        @"^\s{0,4}(?:[=#*-]{2,40}\s{0,4}[^\s=#*-][^=#*]{0,70}?\s{0,4}[=#*-]{2,40}|#{1,4} \S.{0,70}|" +
        @"\[[A-Za-z][^\[\]=|:]{1,40}\])\s*$");

    private static readonly Regex Maker = new(@"\b(?:nvidia|amd|intel|corporation)\b|[^a-z0-9]");

    /// <summary>
    /// The machine with what is still unknown of it and of its cards; a part of another computer, or one of several
    /// that contradict, adds nothing.
    /// </summary>
    public static DetectedMachine Add(
        DetectedMachine machine, InventoryFormat format, InventoryText text, ReadContext context)
    {
        var facts = machine.Facts;
        if (text.Json.Count > 0 || text.Text.Length > Longest) return machine;
        var told = Sections(text, context)
            .Concat(Others(format, text).SelectMany(known => Machine(known, text, context)))
            .Where(part => part.Facts.ComputerName is not { } name || facts.ComputerName is null
                || name.Equals(facts.ComputerName, StringComparison.OrdinalIgnoreCase)).ToList();
        return machine with
        {
            Facts = facts with
            {
                ComputerName = facts.ComputerName ?? Only(told, part => part.Facts.ComputerName),
                Cpu = facts.Cpu ?? Only(told, part => part.Facts.Cpu),
                CoreCount = facts.CoreCount ?? Only(told, part => part.Facts.CoreCount),
                LogicalProcessorCount = facts.LogicalProcessorCount
                    ?? Only(told, part => part.Facts.LogicalProcessorCount),
                SystemMemoryBytes = facts.SystemMemoryBytes ?? Only(told, part => part.Facts.SystemMemoryBytes),
                SystemMemoryFreeBytes = facts.SystemMemoryFreeBytes
                    ?? (facts.SystemMemoryBytes is null ? Only(told, part => part.Facts.SystemMemoryFreeBytes) : null),
                OperatingSystem = facts.OperatingSystem ?? Only(told, part => part.Facts.OperatingSystem),
            },
            Gpus = told.Select(part => part.Gpus).Where(cards => cards is { Count: > 0 })
                .Aggregate(machine.Gpus, (cards, other) => cards is null ? other : Joined(cards, other!)),
        };
    }

    private static IEnumerable<InventoryFormat> Others(InventoryFormat format, InventoryText text) =>
        InventoryFormats.All.Where(known => known != format && !known.IsGeneral && known.Recognizes(text));

    private static IEnumerable<DetectedMachine> Sections(InventoryText text, ReadContext context)
    {
        var sections = LabelText.Blocks(text.Lines, line => line.Length < 100 && Heading.IsMatch(line))
            .Take(MostSections + 1).Select(block => string.Join("\n", block.Skip(1))).ToList();
        return sections.Count is < 2 or > MostSections ? Array.Empty<DetectedMachine>()
            : sections.Where(section => section.Trim().Length > 0)
                .Select(section => new InventoryText(section, context.Stop)).SelectMany(section => InventoryFormats.All
                    .Where(known => !known.IsGeneral && known.Recognizes(section)).Take(1)
                    .SelectMany(known => Machine(known, section, context)));
    }

    /// <summary>The one machine that the output of a tool tells; none where it tells several.</summary>
    private static IEnumerable<DetectedMachine> Machine(
        InventoryFormat format, InventoryText text, ReadContext context)
    {
        try
        {
            var machines = format.Read(text, context with { Failed = _ => { } }).Take(2).ToList();
            return machines.Count != 1 ? Array.Empty<DetectedMachine>()
                : new[] { machines[0] with { Facts = UnixText.Add(machines[0].Facts, text, context.Messages) } };
        }
        catch (ModelFitException)
        {
            return Array.Empty<DetectedMachine>();
        }
    }

    /// <summary>The cards with what another tool says of the same ones; it must know none that is not here.</summary>
    private static IReadOnlyList<DetectedGpu> Joined(
        IReadOnlyList<DetectedGpu> cards, IReadOnlyList<DetectedGpu> others)
    {
        var rest = others.ToList();
        var joined = cards.Select(card =>
        {
            var same = rest.Find(other => IsSame(card, other));
            rest.Remove(same);
            return same is null ? card : Filled(card, same);
        }).ToList();
        return rest.All(other => other.IsIntegrated == true) ? joined : cards;
    }

    private static bool IsSame(DetectedGpu card, DetectedGpu other)
    {
        var (one, two) = (card.Facts, other.Facts);
        if (one.Uuid is not null && two.Uuid is not null) return one.Uuid == two.Uuid;
        if (one.PciBusId is not null && two.PciBusId is not null) return one.PciBusId == two.PciBusId;
        var (name, known) = (Plain(one.Name), Plain(two.Name));
        return name.Length > 3 && name == known;
    }

    private static string Plain(string name) => Maker.Replace(name.ToLowerInvariant(), string.Empty);

    private static DetectedGpu Filled(DetectedGpu card, DetectedGpu other)
    {
        var (own, told) = (card.Facts, other.Facts);
        return card with
        {
            Id = card.Id ?? other.Id,
            Facts = own with
            {
                Name = own.Name.Length > 0 ? own.Name : told.Name,
                Uuid = own.Uuid ?? told.Uuid,
                PciBusId = own.PciBusId ?? told.PciBusId,
                MemoryBytes = own.MemoryBytes ?? (other.MemoryIsCapped ? null : told.MemoryBytes),
                MemoryUsedBytes = own.MemoryUsedBytes ?? told.MemoryUsedBytes,
                MemoryFreeBytes = own.MemoryFreeBytes ?? told.MemoryFreeBytes,
                DriverVersion = own.DriverVersion ?? told.DriverVersion,
                CudaVersion = own.CudaVersion ?? told.CudaVersion,
                ComputeCapability = own.ComputeCapability ?? told.ComputeCapability,
                GfxTarget = own.GfxTarget ?? told.GfxTarget,
            },
        };
    }

    private static string? Only(IEnumerable<DetectedMachine> parts, Func<DetectedMachine, string?> fact) =>
        parts.Select(fact).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList() is { Count: 1 } one
            ? one[0] : null;

    private static T? Only<T>(IEnumerable<DetectedMachine> parts, Func<DetectedMachine, T?> fact)
        where T : struct =>
        parts.Select(fact).Where(value => value is not null).Distinct().ToList() is { Count: 1 } one ? one[0] : null;
}
