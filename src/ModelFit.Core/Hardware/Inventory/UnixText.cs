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
        @"^[^:：\n]{1,40}[:：][ \t]+(?:\d{1,4}|\d{1,5}[.,]\d\d|x86_64|aarch64|ppc64le|s390x)\s*$");

    /// <summary>Labels of lscpu in the languages that it speaks.</summary>
    private static readonly string[] ModelNames =
    {
        "Model name", "Modellname", "Nom de modèle", "Nom du modèle", "Nombre del modelo", "Nombre de modelo",
        "Nome do modelo", "Nome modello", "Nome del modello", "Modelnaam", "Имя модели",
        "Название модели",
        "Nazwa modelu", "Modellnamn", "型号名称", "モデル名", "BIOS Model name",
    };

    private static readonly string[] CoresOfSocket =
    {
        "Core(s) per socket", "Kern(e) pro Socket", "Kern(e) pro Sockel", "Cœur(s) par socket",
        "Núcleo(s) por «socket»",
        "Núcleo(s) por soquete", "Core per socket", "Ядер на сокет", "Rdzeni na gniazdo",
            "每个座的核数", "每插槽核心数",
        "ソケットあたりのコア数",
    };

    private static readonly string[] Flags =
        { "Flags", "Opções", "Markierungen", "Drapeaux", "Indicadores", "Флаги", "标记" };

    private static readonly string[] Sockets =
    {
        "Socket(s)", "Sockel", "Socket", "Soquete(s)", "«Socket(s)»", "Сокетов", "Gniazd", "座",
            "插槽数", "ソケット数",
    };

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
        .Where(pair => pair is { } told && ModelNames.Contains(told.Label) && !AdapterKind.IsGpuName(told.Value))
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

    private static MachineSpec WithLscpu(MachineSpec machine, IReadOnlyList<string> lines)
    {
        var values = LabelText.First(lines.Select(line => line.Replace('：', ':')));
        string? Value(params string[] labels) => values.Text(labels);
        var cores = Fields.PositiveInteger(Value(CoresOfSocket)) * Fields.PositiveInteger(Value(Sockets));
        return machine with
        {
            Cpu = machine.Cpu ?? Value(ModelNames),
            CoreCount = machine.CoreCount ?? cores,
            LogicalProcessorCount = machine.LogicalProcessorCount ?? Fields.PositiveInteger(Value("CPU(s)")),
            NumaNodeCount = machine.NumaNodeCount ?? Fields.PositiveInteger(Value("NUMA node(s)")),
            CpuFeatures = machine.CpuFeatures ?? ProcCpuinfo.FeatureNames(Value(Flags)),
            Virtualization = machine.Virtualization ?? Value("Hypervisor vendor"),
        };
    }
}
