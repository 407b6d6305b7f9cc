using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary><c>scontrol show node</c>, with or without <c>-o</c>: generic resources of the kind <c>gpu</c>.</summary>
internal static class SlurmNodes
{
    private const string Source = "scontrol";
    private const int MaxCards = CardText.MostCards;

    private static readonly Regex Node = new(@"(?m)^[ \t]*NodeName=");
    private static readonly Regex Pair = new(@"(?:^|\s)([A-Za-z_:]+)=(\S*)");
    private static readonly Regex Resource = new(@"(?:^|,)(?:gres/)?gpu(?::([^:,()=]+?))?(?::no_consume)?[:=](\d+)");
    private static readonly Regex Instance =new(@"^(.*?)[_ ]((?:\d+c\.)?\d+g\.\d+gb.*)$");

    /// <summary>Whether there are nodes as scontrol shows them.</summary>
    public static bool Recognizes(InventoryText text) =>
        (Node.IsMatch(text.Text) || IsExcerpt(text))
            && (text.Contains("RealMemory=") || text.Contains("Gres=") || text.Contains("CPUTot="));

    /// <summary>The machines: one a node.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) => IsExcerpt(text)
        ? new[] { Machine(text.Text) }
        : Node.Split(text.Text).Skip(1).Where(part => part.Trim().Length > 0)
            .Select(part => Machine("NodeName=" + part)).SelectMany(Each);

    /// <summary>Whether the text is some lines of one node, without the first.</summary>
    private static bool IsExcerpt(InventoryText text) => !Node.IsMatch(text.Text)
        && text.Text.Split(new[] { "NodeHostName=" }, StringSplitOptions.None).Length == 2;

    /// <summary>The nodes of a line of slurm.conf, which lists those that are alike: <c>n[1-8]</c>.</summary>
    private static IEnumerable<DetectedMachine> Each(DetectedMachine machine) =>
        machine.Facts.ComputerName is { } name && name.IndexOf('[') > 0
            ? NodeNames.Expand(name).Select(node => machine with { Facts = machine.Facts with { ComputerName = node } })
            : new[] { machine };

    /// <summary>The machines without those that came before: a node is listed once a partition.</summary>
    public static IEnumerable<DetectedMachine> Once(IEnumerable<DetectedMachine> machines)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return machines.Where(machine => machine.Facts.ComputerName is not { } name || seen.Add(name));
    }

    private static DetectedMachine Machine(string node)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match pair in Pair.Matches(node))
        {
            if (!values.ContainsKey(pair.Groups[1].Value)) values[pair.Groups[1].Value] = pair.Groups[2].Value;
        }

        var system = Regex.Match(node, @"\sOS=(\S(?:.{0,300}?\S)?)\s+RealMemory=", RegexOptions.Singleline);
        if (system.Success) values["OS"] = Regex.Replace(system.Groups[1].Value, @"\s+", " ");
        return Machine(key => values.TryGetValue(key, out var value) ? Fields.Text(value) : null);
    }

    /// <summary>A node from its facts under scontrol's labels.</summary>
    public static DetectedMachine Machine(Func<string, string?> value)
    {
        var sockets = Fields.PositiveInteger(value("Sockets"));
        var configured = (value("CfgTRES") ?? string.Empty).Split(',');
        string? Configured(string resource) => configured.Select(pair => pair.Split('='))
            .FirstOrDefault(pair => pair.Length == 2 && pair[0] == resource)?[1];
        var facts = new MachineSpec
        {
            ComputerName = value("NodeName") ?? value("NodeHostName"),
            OperatingSystem = value("OS"),
            CoreCount = Fields.PositiveInteger(value("CoresPerSocket")) * sockets,
            LogicalProcessorCount = Fields.PositiveInteger(value("CPUTot") ?? value("CPUs") ?? Configured("cpu")),
            // Slurm's default, where nobody configured it, is 1.
            SystemMemoryBytes = value("RealMemory") is "1" ? null
                : Fields.PositiveBytes(value("RealMemory"), "MiB") ?? Size(Configured("mem")),
            SystemMemoryFreeBytes = Fields.Bytes(value("FreeMem"), "MiB"),
            Source = Source,
        };
        return new DetectedMachine(facts, Cards(value("Gres") ?? value("CfgTRES") ?? string.Empty).Numbered());
    }

    private static long? Size(string? text) =>
        text is null ? null : NumberStyle.Invariant.Size(text, null, CellSize.Bare.Bytes);

    private static IEnumerable<DetectedGpu> Cards(string resources) => Resource.Matches(resources).Cast<Match>()
        .SelectMany(match => Enumerable.Repeat(
            Card(match.Groups[1].Value), Math.Min(MaxCards, Fields.Integer(match.Groups[2].Value) ?? 0)));

    /// <summary>The administrator's name for the card: underscores stand for blanks.</summary>
    private static DetectedGpu Card(string type)
    {
        var name = type.Replace('_', ' ').Trim();
        var facts = new GpuSpec { Name = name, Source = Source };
        if (Instance.Match(type) is { Success: true } instance)
        {
            var whole = new DetectedGpu(facts with { Name = instance.Groups[1].Value.Replace('_', ' ') });
            return NvidiaFacts.MigInstance(whole, instance.Groups[2].Value, null);
        }

        return new DetectedGpu(facts) { OtherNames = Candidates(type, name) };
    }

    private static string[] Candidates(string type, string name) => name.Length == 0 ? Array.Empty<string>() : new[]
    {
        type, name, type.Replace("_", string.Empty),
        Regex.Replace(name, @"^(nvlink|nvidia|tesla|geforce|quadro)[ -]", string.Empty, RegexOptions.IgnoreCase),
    }.Distinct().ToArray();
}
