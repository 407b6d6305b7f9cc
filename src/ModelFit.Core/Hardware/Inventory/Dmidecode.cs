using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>One populated slot as SMBIOS describes it.</summary>
/// <param name="Locator">Name of the slot.</param>
/// <param name="Bytes">Size in bytes.</param>
/// <param name="Type">Type, for example <c>DDR5</c>.</param>
/// <param name="Speed">Transfers a second in millions, as configured where that is told.</param>
/// <param name="DataBits">Width of its data path in bits.</param>
/// <param name="Channel">The channel that the slot's name tells; null if it does not.</param>
internal sealed record MemoryModule(
    string Locator, long? Bytes, string? Type, int? Speed, int? DataBits, string? Channel);

/// <summary><c>dmidecode</c>: the memory modules.</summary>
internal static class Dmidecode
{
    private static readonly Regex ChannelWord = new(
        @"channel[ _-]?([A-Z0-9]+?)(?:$|[^A-Z0-9]|-?dimm|_dimm)",
        RegexOptions.IgnoreCase);

    private static readonly Regex SlotLetter = new(
        @"(?:^|dimm[ _]?|[_ ])(?:P?(\d)[_-]?)?([A-P])\d{1,2}$",
        RegexOptions.IgnoreCase);

    /// <summary>The populated slots.</summary>
    public static IReadOnlyList<MemoryModule> Modules(string text) => Blocks(text)
        .Where(block => Regex.IsMatch(block, @"(?m)^\s*Memory Device\s*$"))
        .Select(Module).Where(module => module.Bytes is not null).ToList();

    /// <summary>The first processor by its version, as SMBIOS calls its name; null if none is described.</summary>
    public static string? Processor(string text) => Processors(text).Select(fields => fields.Text("Version"))
        .FirstOrDefault(name => name is not null && name.Count(char.IsLetter) > 2 && name.IndexOf(' ') > 0
            && !name.StartsWith("Not ", StringComparison.OrdinalIgnoreCase));

    /// <summary>The sum of a count, <c>Core Count</c>, over the processors that are there; null if untold.</summary>
    public static int? Sum(string text, string label) =>
        Processors(text)
            .Where(fields => fields.Text("Status")?.StartsWith("Populated", StringComparison.Ordinal) == true)
            .Sum(fields => Fields.Integer(fields.Text(label)) ?? 0) is var sum and > 0 ? sum : null;

    /// <summary>The structures, between blank lines; before version 2.6 a handle begins each.</summary>
    private static IEnumerable<string> Blocks(string text) => text.Replace("\r", string.Empty)
        .Replace("\nHandle 0x", "\n\nHandle 0x").Replace("\nMemory Device\n", "\n\nMemory Device\n")
        .Split(new[] { "\n\n" }, StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<Dictionary<string, string>> Processors(string text) => Blocks(text)
        .Where(block => block.Split('\n').Any(line => line.Trim() == "Processor Information"))
        .Select(block => LabelText.First(block.Split('\n')));

    /// <summary>
    /// Type, speed, channels and bandwidth of the modules. A module of LPDDR is a channel as wide as it says; of other
    /// kinds a channel is 64 bits wide, and modules whose slots name no channel are taken as one each.
    /// </summary>
    public static MachineSpec Facts(MachineSpec machine, IReadOnlyList<MemoryModule> modules, IMessageSink messages)
    {
        if (modules.Count == 0) return machine;
        var type = modules[0].Type;
        var speed = modules.Min(module => module.Speed);
        var isLowPower = type?.StartsWith("LPDDR", StringComparison.OrdinalIgnoreCase) == true;
        var named = modules.Select(module => module.Channel).Where(channel => channel is not null).Distinct().Count();
        var channels = named > 0 && !isLowPower ? named : modules.Count;
        if (named == 0) messages.Verbose(
            $"The slots of the {modules.Count} memory modules name no channels; " +
            "each is counted as one channel.");
        var bits = isLowPower ? modules.Sum(module => module.DataBits ?? 64) : channels * 64;
        return machine with
        {
            MemoryType = type,
            MemorySpeed = speed,
            MemoryChannels = channels,
            MemoryBandwidth = machine.MemoryBandwidth ?? (speed is { } rate ? rate * 1_000_000L * bits / 8 : null),
        };
    }

    private static MemoryModule Module(string block)
    {
        var fields = LabelText.First(block.Split('\n'));
        int? Speed(string key) => Fields.PositiveInteger(
            Regex.Replace(fields.Text(key) ?? string.Empty, @"\(.*\)|\s*M[HT].*$", ""));
        var locator = fields.Text("Locator") ?? string.Empty;
        return new MemoryModule(
            locator,
            Fields.PositiveBytes(fields.Text("Size")),
            fields.Text("Type"),
            Speed("Configured Memory Speed") ?? Speed("Configured Clock Speed") ?? Speed("Speed"),
            Fields.PositiveInteger(fields.Text("Data Width")),
            Channel($"{fields.Text("Bank Locator")}", locator));
    }

    /// <summary>The channel that the names of a bank and a slot tell; null if they do not.</summary>
    public static string? Channel(string bank, string locator)
    {
        var word = new[] { bank, locator }.Select(text => ChannelWord.Match(text))
            .FirstOrDefault(match => match.Success);
        if (word is not null)
        {
            var node = Regex.Match(bank, @"(?:P|node|cpu)[ _]?(\d)", RegexOptions.IgnoreCase).Groups[1].Value;
            return $"{node}/{word.Groups[1].Value.ToUpperInvariant()}";
        }

        var letter = SlotLetter.Match(locator);
        return letter.Success ? $"{letter.Groups[1].Value}/{letter.Groups[2].Value.ToUpperInvariant()}" : null;
    }
}
