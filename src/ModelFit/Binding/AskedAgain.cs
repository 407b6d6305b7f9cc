using System.Globalization;
using ModelFit.Questions;

namespace ModelFit.Binding;

/// <summary>
/// What an answer that is asked again says beyond the parts of its question: settings that few people touch, files
/// beside the model, and what was seen of its machine.
/// </summary>
internal sealed record AskedAgain
{
    /// <summary>The settings, as <see cref="SettingsText"/> writes them.</summary>
    public string? Settings { get; init; }

    /// <summary>The projector's path.</summary>
    public string? Projector { get; init; }

    /// <summary>The adapters' paths, joined by <c>; </c>.</summary>
    public string? Adapters { get; init; }

    /// <summary>The model that drafts: a path, or a name with its quantization.</summary>
    public string? Draft { get; init; }

    /// <summary>Free bytes of each card, joined by commas.</summary>
    public string? GpuMemoryFree { get; init; }

    /// <summary>Free bytes of system memory.</summary>
    public long? SystemMemoryFree { get; init; }

    /// <summary>Megatransfers a second of the system memory.</summary>
    public int? MemorySpeed { get; init; }

    /// <summary>Channels of the system memory.</summary>
    public int? MemoryChannels { get; init; }

    /// <summary>NUMA nodes.</summary>
    public int? NumaNodeCount { get; init; }

    /// <summary>Generation and lanes of each card's link, joined by commas.</summary>
    public string? GpuLink { get; init; }

    /// <summary>Name of the processor.</summary>
    public string? Cpu { get; init; }

    /// <summary>Instruction sets of the processor.</summary>
    public string? CpuFeatures { get; init; }

    /// <summary>Cores of the processor.</summary>
    public int? CoreCount { get; init; }

    /// <summary>The files beside the model.</summary>
    public IReadOnlyList<(string Path, CompanionKind Kind)> Companions =>
        Files(Projector, CompanionKind.Projector).Concat(Files(Adapters, CompanionKind.Adapter)).ToArray();

    /// <summary>Whether the answer's quantization was a default.</summary>
    public bool IsQuantizationSupposed { get; init; }

    /// <summary>Whether the answer's quantization was that of the model's name.</summary>
    public bool IsQuantizationNamed { get; init; }

    /// <summary>Whether the answer's context was a default.</summary>
    public bool IsContextSupposed { get; init; }

    /// <summary>Reads the columns of an answer.</summary>
    public static AskedAgain Read(object row)
    {
        string? Text(string name) => ArgumentText.Text(RowReader.Column(row, name));
        var assumptions = Text(nameof(ModelAnswer.Assumptions)) ?? string.Empty;
        int? Count(string name) => ArgumentText.Count(RowReader.Column(row, name), 1);
        bool Supposes(string what) => assumptions.IndexOf(what, StringComparison.Ordinal) >= 0;
        return new()
        {
            IsQuantizationSupposed = Supposes("default: quantization "),
            IsQuantizationNamed = Supposes("default: the name's quantization "),
            IsContextSupposed = Supposes("default: context "),
            Settings = Text(nameof(ModelAnswer.RuntimeOption)),
            Projector = Text(nameof(ModelAnswer.Projector)),
            Adapters = Text(nameof(ModelAnswer.Adapter)),
            Draft = Text(nameof(ModelAnswer.Draft)),
            GpuMemoryFree = Text(nameof(HardwareAnswer.GpuMemoryFree)),
            SystemMemoryFree = ArgumentText.Size(
                RowReader.Column(row, nameof(HardwareAnswer.SystemMemoryFreeBytes)), allowZero: true),
            Cpu = Text(nameof(HardwareAnswer.Cpu)),
            CpuFeatures = Text(nameof(HardwareAnswer.CpuFeatures)),
            CoreCount = Count(nameof(HardwareAnswer.CoreCount)),
            MemorySpeed = Count(nameof(HardwareAnswer.MemorySpeed)),
            MemoryChannels = Count(nameof(HardwareAnswer.MemoryChannels)),
            NumaNodeCount = Count(nameof(HardwareAnswer.NumaNodeCount)),
            GpuLink = Text(nameof(HardwareAnswer.GpuLink)),
        };
    }

    /// <summary>The same on another machine.</summary>
    public AskedAgain OnOtherMachine() => OnOtherCards().WithOtherMemory() with
    {
        Cpu = null, CpuFeatures = null, CoreCount = null, MemorySpeed = null, MemoryChannels = null,
        NumaNodeCount = null,
    };

    /// <summary>The same with other cards.</summary>
    public AskedAgain OnOtherCards() => this with { GpuMemoryFree = null, GpuLink = null };

    /// <summary>The same with other system memory.</summary>
    public AskedAgain WithOtherMemory() => this with { SystemMemoryFree = null };

    /// <summary>The same for another model, whose projector is another.</summary>
    public AskedAgain ForOtherModel() => this with { Projector = null, Adapters = null, Draft = null };

    /// <summary>The machine with what was seen of it.</summary>
    public MachineSpec Seen(MachineSpec machine) => machine with
    {
        Gpus = Seen(machine.Gpus),
        SystemMemoryFreeBytes = SystemMemoryFree ?? machine.SystemMemoryFreeBytes,
        Cpu = Cpu ?? machine.Cpu,
        CpuFeatures = CpuFeatures ?? machine.CpuFeatures,
        CoreCount = CoreCount ?? machine.CoreCount,
        MemorySpeed = MemorySpeed ?? machine.MemorySpeed,
        MemoryChannels = MemoryChannels ?? machine.MemoryChannels,
        NumaNodeCount = NumaNodeCount ?? machine.NumaNodeCount,
    };

    private static IEnumerable<(string Path, CompanionKind Kind)> Files(string? paths, CompanionKind kind) =>
        paths?.Split(new[] { ModelAnswer.Separator }, StringSplitOptions.None).Select(path => (path, kind))
        ?? Enumerable.Empty<(string, CompanionKind)>();

    private GpuSpec[] Seen(GpuSpec[] cards)
    {
        var (free, links) = (Each(GpuMemoryFree, cards), Each(GpuLink, cards));
        return free is null && links is null ? cards : cards.Select((card, i) =>
        {
            var link = links?[i].Split('x').Select(Number).ToArray();
            return card with
            {
                MemoryFreeBytes = (free is null ? null : Number(free[i])) ?? card.MemoryFreeBytes,
                PcieGeneration = (int?)link?[0] ?? card.PcieGeneration,
                PcieLanes = (int?)link?[link.Length - 1] ?? card.PcieLanes,
            };
        }).ToArray();
    }

    /// <summary>What a column says of each card; null if it is of other cards.</summary>
    private static string[]? Each(string? text, GpuSpec[] cards) =>
        text?.Split(',') is { } parts && parts.Length == cards.Length ? parts : null;

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
