using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>/proc/meminfo</c>, <c>/proc/cpuinfo</c>, <c>lscpu</c> and <c>dmidecode</c>, alone or beside another tool's
/// output: they tell of processor and memory, not of cards.
/// </summary>
internal static class UnixText
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.Multiline;

    private static readonly Regex Meminfo = new(@"^MemTotal:\s+\d+ kB", Options);
    private static readonly Regex Cpuinfo = new(@"^(processor|vendor_id|CPU implementer)\s*: ", Options);
    private static readonly Regex Lscpu = new(@"^(Architecture|CPU\(s\)|Model name):\s+\S", Options);
    private static readonly Regex Modules = new(@"^Memory Device\s*$|^# dmidecode \d", Options);

    /// <summary>Whether there is any of them.</summary>
    public static bool Recognizes(InventoryText text) =>
        new[] { Meminfo, Cpuinfo, Modules }.Any(kind => kind.IsMatch(text.Text)) || IsLscpu(text.Text);

    /// <summary>The one machine of the text; of its cards nothing is known.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        yield return new DetectedMachine(Add(new MachineSpec { Source = "/proc" }, text, context.Messages), null);
    }

    /// <summary>The machine with what these outputs in the text tell besides.</summary>
    public static MachineSpec Add(MachineSpec machine, InventoryText text, IMessageSink messages)
    {
        var whole = string.Join("\n", text.Lines);
        if (Meminfo.IsMatch(whole)) machine = WithMemory(machine, ProcMeminfo.Parse(whole));
        if (Cpuinfo.IsMatch(whole)) machine = WithProcessor(machine, ProcCpuinfo.Parse(whole));
        if (IsLscpu(whole)) machine = WithLscpu(machine, whole);
        if (!Modules.IsMatch(whole)) return machine;
        var modules = Dmidecode.Modules(whole);
        var total = modules.Sum(module => module.Bytes ?? 0);
        machine = machine with { SystemMemoryBytes = machine.SystemMemoryBytes ?? (total > 0 ? total : null) };
        return Dmidecode.Facts(machine, modules, messages);
    }

    private static bool IsLscpu(string text) => Lscpu.Matches(text).Count >= 2;

    private static MachineSpec WithMemory(MachineSpec machine, ProcMeminfo memory) => machine with
    {
        SystemMemoryBytes = machine.SystemMemoryBytes ?? memory.Total,
        SystemMemoryFreeBytes = machine.SystemMemoryFreeBytes ?? memory.Available,
    };

    private static MachineSpec WithProcessor(MachineSpec machine, ProcCpuinfo processor) => machine with
    {
        Cpu = machine.Cpu ?? processor.Model,
        CoreCount = machine.CoreCount ?? processor.Cores,
        LogicalProcessorCount = machine.LogicalProcessorCount ?? processor.LogicalProcessors,
        CpuFeatures = machine.CpuFeatures ?? processor.Features,
    };

    private static MachineSpec WithLscpu(MachineSpec machine, string text)
    {
        string? Value(string label) => Fields.Text(
            Regex.Match(text, $@"^\s*{Regex.Escape(label)}:\s+(.*)$", Options).Groups[1].Value);
        var cores = Fields.PositiveInteger(Value("Core(s) per socket")) * Fields.PositiveInteger(Value("Socket(s)"));
        return machine with
        {
            Cpu = machine.Cpu ?? Value("Model name"),
            CoreCount = machine.CoreCount ?? cores,
            LogicalProcessorCount = machine.LogicalProcessorCount ?? Fields.PositiveInteger(Value("CPU(s)")),
            NumaNodeCount = machine.NumaNodeCount ?? Fields.PositiveInteger(Value("NUMA node(s)")),
            CpuFeatures = machine.CpuFeatures ?? ProcCpuinfo.FeatureNames(Value("Flags")),
            Virtualization = machine.Virtualization ?? Value("Hypervisor vendor"),
        };
    }
}
