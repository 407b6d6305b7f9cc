using System.Globalization;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>/proc/meminfo</c>, <c>/proc/cpuinfo</c>, <c>lscpu</c> and <c>dmidecode</c>, alone or beside another tool's
/// output: they tell of processor and memory, not of cards.
/// </summary>
internal static class UnixText
{
    private static readonly Regex Meminfo = new(@"^MemTotal:\s+\d+ kB");
    private static readonly Regex Cpuinfo = new(@"^(?:(?:processor|vendor_id|CPU implementer)\s*|model name[ \t]+): ");
    private static readonly Regex Lscpu = new(
        @"^[^:：\n\[]{1,40}[:：][ \t]+(?:\d{1,4}|\d{1,5}[.,]\d\d|x86_64|aarch64|ppc64le|s390x)\s*$");

    private static readonly Regex Online = new(@"^\d{1,4}(?:[-,]\d{1,4}){0,200}$");

    private static readonly Regex Count = new(@"^\d{1,4}$");

    /// <summary>"Model" in the languages of lscpu, as they begin.</summary>
    private static readonly string[] Models = { "model", "modèle", "модел", "型号", "モデル" };

    private static readonly string[] Vendors = { "GenuineIntel", "AuthenticAMD", "ARM", "Apple", "Ampere", "Qualcomm" };

    private static readonly Regex Free = new(
        @"^(?:Mem|Speicher|Mémoire|Память|内存|メモリ)[.:：]\s*\d[\d.,]{0,12}[KMGTBi]{0,3}" +
        @"[ \t]+\d[\d.,]{0,12}[KMGTBi]{0,3}[ \t]+\d");
    private static readonly Regex Modules = new(@"^\s{0,16}Memory Device\s*$|^# dmidecode \d");

    /// <summary>Whether there is any of them.</summary>
    public static bool Recognizes(InventoryText text) =>
        text.Lines.Any(line => Meminfo.IsMatch(line) || Cpuinfo.IsMatch(line) || Modules.IsMatch(line)
            || Free.IsMatch(line)) || IsLscpu(text);

    /// <summary>The one machine of the text; of its cards nothing is known.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        yield return new DetectedMachine(Add(new MachineSpec { Source = "/proc" }, text, context.Messages), null);
    }

    /// <summary>The machine with what these outputs in the text tell besides.</summary>
    public static MachineSpec Add(MachineSpec machine, InventoryText text, IMessageSink messages)
    {
        bool Has(Regex mark) => text.Lines.Any(line => mark.IsMatch(line));
        if (Has(Meminfo)) machine = WithMemory(machine, ProcMeminfo.Parse(Whole(text)));
        if (Has(Cpuinfo)) machine = WithProcessor(machine, ProcCpuinfo.Parse(Whole(text)));
        if (IsLscpu(text)) machine = WithLscpu(machine, text.Lines.Concat(LscpuJson(text)).ToList());
        if (Has(Free)) machine = WithFree(machine, text.Lines);
        machine = machine with { Cpu = machine.Cpu ?? ModelOf(text.Lines) };
        if (!Has(Modules)) return machine;
        var whole = Whole(text);
        machine = machine with
        {
            Cpu = machine.Cpu ?? Dmidecode.Processor(whole),
            CoreCount = machine.CoreCount ?? Dmidecode.Sum(whole, "Core Count"),
            LogicalProcessorCount = machine.LogicalProcessorCount ?? Dmidecode.Sum(whole, "Thread Count"),
        };
        var modules = Dmidecode.Modules(whole);
        var total = modules.Sum(module => module.Bytes ?? 0);
        machine = machine with { SystemMemoryBytes = machine.SystemMemoryBytes ?? (total > 0 ? total : null) };
        return Dmidecode.Facts(machine, modules, messages);
    }

    /// <summary>The processor of lscpu's line alone, as <c>grep</c> leaves it: its values stand in a column.</summary>
    private static string? ModelOf(IEnumerable<string> lines) => lines
        .Where(line => line.Length < 200 && line.IndexOf(":  ", System.StringComparison.Ordinal) > 0)
        .Select(line => LabelText.Split(line))
        .Where(pair => pair is { } told && Fields.ContainsAny(told.Label, Models)
            && AdapterKind.IsProcessorName(told.Value) && !AdapterKind.IsGpuName(told.Value))
        .Select(pair => Fields.Text(pair!.Value.Value)).FirstOrDefault(name => name is not null);

    private static string Whole(InventoryText text) => string.Join("\n", text.Lines.Concat(LscpuJson(text)));

    /// <summary>The lines that <c>lscpu --json</c> holds as fields and their data.</summary>
    private static IEnumerable<string> LscpuJson(InventoryText text) => text.Json.OfType<JObject>()
        .Select(value => value["lscpu"]).OfType<JArray>().SelectMany(LscpuLines);

    private static IEnumerable<string> LscpuLines(JArray fields) => fields.OfType<JObject>().SelectMany(field =>
        new[] { $"{JsonFields.Text(field, "field")} {JsonFields.Text(field, "data")}" }
            .Concat(field["children"] is JArray children ? LscpuLines(children) : Enumerable.Empty<string>()));

    /// <summary>Numbers and an architecture behind labels, and a processor's name behind one of its labels.</summary>
    private static bool IsLscpu(InventoryText text) => text.Lines.Concat(LscpuJson(text))
            .Where(line => Lscpu.IsMatch(line)).Skip(1).Any()
        && Fields.ContainsAny(text.Text, "CPU(s)", "Socket(s)", "BogoMIPS");

    /// <summary>What <c>free</c> prints: in KiB, or in the unit behind each number.</summary>
    private static MachineSpec WithFree(MachineSpec machine, IReadOnlyList<string> lines)
    {
        var free = lines.First(line => Free.IsMatch(line));
        var header = lines.TakeWhile(line => !Free.IsMatch(line)).LastOrDefault(line => line.Trim().Length > 0);
        var columns = (header ?? string.Empty).Split(new[] { ' ' }, System.StringSplitOptions.RemoveEmptyEntries);
        var values = free.Split(new[] { ' ' }, System.StringSplitOptions.RemoveEmptyEntries).Skip(1).ToArray();
        // In every language what programs could have is last, behind "buff/cache" or both; old ones did not tell it.
        var isTold = values.Length > 6 || columns.Any(name => name.IndexOf('/') > 0);
        var unit = FreeUnit(values.FirstOrDefault());
        long? Size(int index) => index >= 0 && index < values.Length
            ? NumberStyle.Invariant.Size(values[index].Replace(',', '.'), unit, CellSize.Bare.Bytes) : null;
        return machine with
        {
            SystemMemoryBytes = machine.SystemMemoryBytes ?? Size(0),
            SystemMemoryFreeBytes = machine.SystemMemoryFreeBytes ?? Size(isTold ? values.Length - 1 : 2) ?? Size(2),
        };
    }

    /// <summary>
    /// The unit of bare numbers, KiB unless <c>-m</c> or <c>-g</c> was asked: the smallest in which the machine has
    /// half a GiB.
    /// </summary>
    private static string FreeUnit(string? total) =>
        !long.TryParse(total, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= 512 << 10
            ? "KiB" : number >= 512 ? "MiB" : "GiB";

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

    private static bool IsFeatures(string value) => value.StartsWith("fpu ", StringComparison.Ordinal)
        || value.StartsWith("fp asimd", StringComparison.Ordinal);

    /// <summary>
    /// lscpu in any language: the processors stand before the list of those that are on, and the threads of a core,
    /// the cores of a socket and the sockets, in this order, make as many.
    /// </summary>
    private static MachineSpec WithLscpu(MachineSpec machine, IReadOnlyList<string> lines)
    {
        var told = lines.Select(line => LabelText.Split(line.Replace('：', ':')))
            .OfType<(string Label, string Value)>().ToList();
        var values = told.Select(pair => pair.Value).ToList();
        var on = values.FindIndex(value => value.IndexOf('-') > 0 && Online.IsMatch(value));
        var total = Fields.PositiveInteger(on > 0 && Count.IsMatch(values[on - 1]) ? values[on - 1] : null)
            ?? Fields.PositiveInteger(told.Find(pair =>
                pair.Label is "CPU(s)" or "CPU" && Count.IsMatch(pair.Value)).Value);
        var counts = values.Select(value => Count.IsMatch(value) ? Fields.Integer(value) ?? 0 : 0).ToList();
        var parts = Enumerable.Range(1, Math.Max(0, counts.Count - 3))
            .FirstOrDefault(i => (long)counts[i] * counts[i + 1] * counts[i + 2] == total);
        var english = LabelText.First(lines);
        var vendor = values.FindIndex(Vendors.Contains);
        return machine with
        {
            Cpu = machine.Cpu ?? english.Text("Model name", "BIOS Model name")
                ?? values.FirstOrDefault(AdapterKind.IsProcessorName)
                ?? (vendor < 0 ? null : Fields.Text(values.ElementAtOrDefault(vendor + 1))),
            CoreCount = machine.CoreCount ?? (parts > 0 ? counts[parts + 1] * counts[parts + 2]
                : Fields.PositiveInteger(english.Text("Core(s) per socket"))
                    * Fields.PositiveInteger(english.Text("Socket(s)"))),
            LogicalProcessorCount = machine.LogicalProcessorCount ?? total,
            NumaNodeCount = machine.NumaNodeCount ?? Fields.PositiveInteger(english.Text("NUMA node(s)")),
            CpuFeatures = machine.CpuFeatures ?? ProcCpuinfo.FeatureNames(values.Find(IsFeatures)),
            Virtualization = machine.Virtualization ?? english.Text("Hypervisor vendor"),
        };
    }
}
