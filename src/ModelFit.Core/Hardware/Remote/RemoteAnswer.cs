using ModelFit.Hardware.Inventory;
using ModelFit.Hardware.Probes;

namespace ModelFit.Hardware.Remote;

/// <summary>What the script printed on another machine: its files and the outputs of its programs.</summary>
internal sealed class RemoteAnswer : IProbeFiles
{
    private readonly Dictionary<string, string> _sections = new(StringComparer.Ordinal);

    private RemoteAnswer()
    {
    }

    /// <summary>Whether the script ran to its end.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether the script ran at all.</summary>
    public bool IsEmpty => _sections.Count == 0;

    /// <summary>Takes the answer apart; lines outside of sections (banners) are skipped.</summary>
    public static RemoteAnswer Parse(string output)
    {
        var answer = new RemoteAnswer();
        string? name = null;
        var lines = new List<string>();
        foreach (var line in output.Replace("\r", string.Empty).Split('\n'))
        {
            if (line.StartsWith(" ", StringComparison.Ordinal)) lines.Add(line.Substring(1));
            if (!line.StartsWith(RemoteScript.Mark, StringComparison.Ordinal)) continue;
            answer.Keep(name, lines);
            answer.IsComplete |= line.TrimEnd() == RemoteScript.End;
            name = answer.IsComplete ? null : line.Substring(RemoteScript.Mark.Length).TrimEnd();
        }

        answer.Keep(name, lines);
        return answer;
    }

    /// <summary>The output of a program; null if it is not there.</summary>
    public string? Output(string program) => Text("!" + program);

    public string? Text(string path) => _sections.TryGetValue(path, out var text) ? text : null;

    public IEnumerable<string> Names(string folder) => _sections.Keys
        .Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal))
        .Select(path => path.Substring(folder.Length + 1).Split('/')[0])
        .Distinct().OrderBy(name => name, NaturalOrder.Instance);

    /// <summary>The machine that answered.</summary>
    /// <param name="host">What it was asked by.</param>
    /// <param name="messages">Where assumptions are said.</param>
    public DetectedMachine Machine(string host, IMessageSink messages)
    {
        var context = new ReadContext(host, messages, error => messages.Warning(error.Message));
        var report = new InventoryText(Output("nvidia-smi") ?? string.Empty);
        var nvidia = NvidiaSmiXml.Recognizes(report)
            ? NvidiaSmiXml.Read(report, context).SelectMany(machine => machine.Gpus!).ToList() : null;
        var amd = AmdTools.All.Select(tool => AmdTools.Read(Output(tool.Program), messages))
            .FirstOrDefault(cards => cards is not null);
        var isMac = Output("uname")?.StartsWith("Darwin", StringComparison.Ordinal) == true;
        var machine = isMac
            ? MacProbe.Read(Output("sysctl"), Output("system_profiler"))
            : new DetectedMachine(UnixFacts.Read(this, messages), UnixGpus.Read(this, nvidia, amd, messages));
        return machine with
        {
            Facts = machine.Facts with
            {
                ComputerName = host,
                ReportedName = Fields.Text(Output("hostname")),
                OperatingSystem = machine.Facts.OperatingSystem ?? Fields.Text(Output("uname")),
                CollectedAt = DateTime.UtcNow,
                Source = "ssh",
            },
        };
    }

    private void Keep(string? name, List<string> lines)
    {
        if (name is not null && !_sections.ContainsKey(name)) _sections[name] = string.Join("\n", lines);
        lines.Clear();
    }
}
