using System.Text.RegularExpressions;

namespace ModelFit.Hardware;

/// <summary>Joins what was detected with what the catalog knows, by PCI id first, by strict name second.</summary>
internal static class CardJoin
{
    private static readonly Regex ModelNumber = new(@"\b[A-Za-z]*\d[A-Za-z0-9]*");

    /// <summary>A figure at its limit that is nearly the catalog's is no other figure.</summary>
    private const double SameShare = 1.01;

    private static readonly Regex SizeInName = new(
        @"\b(\d{1,3}) ?Gi?B\b", RegexOptions.IgnoreCase);

    private static readonly string[] Nameless = { "Graphics Device", "NVIDIA Graphics Device", "Unknown", "Device" };

    /// <summary>The machine with its cards: software adapters left out, integrated ones beside a card too.</summary>
    public static MachineSpec Complete(DetectedMachine machine, IGpuLookup catalog, IMessageSink messages)
    {
        var facts = PlausibleFigures.Of(machine.Facts, messages);
        if (machine.Gpus is null) return facts.WithGpus(null, catalog);
        var npus = machine.Gpus.Where(gpu => AdapterKind.IsNpu(gpu.Id, gpu.Facts.Name)).ToList();
        if (npus.Count > 0) facts = facts with { Npu = Npus(npus, facts, messages) };
        var usable = machine.Gpus.Where(gpu => !npus.Contains(gpu) && IsUsable(gpu, facts, messages))
            .Select(gpu => AdapterKind.IsProcessor(gpu.Id) ? gpu with { IsIntegrated = true } : gpu).ToList();
        var joined = usable.Select(gpu => (Card: Join(gpu, facts, catalog, messages), gpu.IsIntegrated)).ToList();
        var kinds = joined.Select(card => card.IsIntegrated ?? LooksIntegrated(card.Card)).ToList();
        if (kinds.All(integrated => integrated)) kinds = kinds.ConvertAll(_ => false);
        var integrated = joined.Where((_, index) => kinds[index]).Select(card => card.Card.Name).ToList();
        foreach (var name in integrated) messages.Verbose(
            $"{Where(facts)}: '{name}' is part of the processor; as the machine has a card, it is not counted.");
        if (integrated.Count > 0) facts = facts with { IntegratedGpu = string.Join(" + ", integrated.Distinct()) };
        return facts.WithGpus(joined.Where((_, index) => !kinds[index]).Select(card => card.Card).ToArray(), catalog);
    }

    private static string Npus(IEnumerable<DetectedGpu> npus, MachineSpec machine, IMessageSink messages)
    {
        var names = string.Join(" + ", npus.Select(npu => npu.Facts.Name.Trim().Length > 0
            ? OwnName(npu) : $"{AdapterKind.Vendor(npu.Id, null)} NPU ({npu.Id})").Distinct());
        messages.Verbose(
            $"{Where(machine)}: '{names}' is a neural processing unit, not a GPU: it works in the system's memory, " +
            "and only runtimes made for it (OpenVINO, Ryzen AI, QNN) use it.");
        return names;
    }

    private static bool IsUsable(DetectedGpu gpu, MachineSpec machine, IMessageSink messages)
    {
        if (!AdapterKind.IsSoftware(gpu.Id, gpu.Facts.Name)) return true;
        messages.Verbose($"{Where(machine)}: '{gpu.Facts.Name}' is only a display adapter and is not listed as a GPU.");
        return false;
    }

    private static bool LooksIntegrated(GpuSpec card) => card.Segment is { } segment
        ? segment is "Integrated" || card.IsUnifiedMemory
        : AdapterKind.IsIntegrated(card.Vendor, card.Name);

    private static GpuSpec Join(
        DetectedGpu detected, MachineSpec machine, IGpuLookup catalog, IMessageSink messages)
    {
        var gpu = detected with { Facts = PlausibleFigures.Of(detected.Facts, messages) };
        var (known, how, nameParses) = Find(gpu, machine, catalog, messages);
        var named = gpu.Facts with
        {
            Name = nameParses || IsPart(gpu) ? gpu.Facts.Name.Trim() : known?.Name ?? OwnName(gpu),
            ComputerName = machine.ComputerName,
        };
        var card = known is null ? Alone(named, gpu, messages) : Merge(known, named, gpu, how, messages);
        card = card with
        {
            Vendor = card.Vendor ?? AdapterKind.Vendor(gpu.Id, card.Name),
            PciId = card.PciId ?? gpu.Id?.ToString(),
        };
        if (gpu.MemoryIsRounded) messages.Verbose(
            $"'{card.Name}': its memory is rounded, from the name of its profile; the real memory is up to 5 % less " +
            "(nvidia-smi -q -x tells it).");
        card = card with { MemoryFreeBytes = card.MemoryFreeBytes ?? Free(gpu) };
        return gpu.IsIntegrated ?? LooksIntegrated(card) ? AsIntegrated(card, machine, messages) : card;
    }

    /// <summary>What is free where only the whole and the used part are told.</summary>
    private static long? Free(DetectedGpu gpu) => gpu.MemoryIsCapped || gpu.MemoryIsRounded ? null
        : gpu.Facts is { MemoryBytes: { } total, MemoryUsedBytes: { } used }
            ? Math.Max(0, total - used - (gpu.Facts.MemoryReservedBytes ?? 0))
            : null;

    private static (GpuSpec? Known, string How, bool NameParses) Find(
        DetectedGpu gpu, MachineSpec machine, IGpuLookup catalog, IMessageSink messages)
    {
        var memory = gpu.MemoryIsCapped || IsPart(gpu) ? null : gpu.NominalMemoryBytes ?? gpu.Facts.MemoryBytes;
        var byName = IsNameless(gpu) ? null : catalog.FindByName(gpu.Facts.Name, memory, NullSink.Instance)
            ?? OfPool(gpu, machine, catalog);
        if (gpu.Id is { } id && gpu.WholeCardName is null
            && catalog.FindByPciId(id.Vendor, id.Device, id.Subsystem, id.Revision) is { } byId
            && IsSameModel(gpu, byId, messages))
            return (byId, $"PCI id {id}", byName?.Name == byId.Name);
        var isCut = gpu.Facts.Name.EndsWith("...", StringComparison.Ordinal);
        if (byName is not null) return (byName, $"name '{gpu.Facts.Name}'", !isCut);
        foreach (var name in gpu.OtherNames.Prepend(gpu.WholeCardName ?? string.Empty).Where(name => name.Length > 0))
        {
            if (catalog.FindByName(name, memory, messages) is { } byOther) return (byOther, $"name '{name}'", false);
        }

        var same = Shared(gpu, catalog);
        return (same, same is null ? string.Empty : $"name '{gpu.Facts.Name}'", same is not null);
    }

    /// <summary>The variant of a chip, <c>Apple M3 Pro</c>, whose one memory is the machine's; null elsewhere.</summary>
    private static GpuSpec? OfPool(DetectedGpu gpu, MachineSpec machine, IGpuLookup catalog) =>
        machine.SystemMemoryBytes is { } pool
            && catalog.FindByName(gpu.Facts.Name, pool, NullSink.Instance) is { IsUnifiedMemory: true } chip
            ? chip : null;

    /// <summary>
    /// The first of the variants that one name stands for, <c>GTX 1650 Mobile / Max-Q</c>, where all that are known
    /// have the same memory; null elsewhere.
    /// </summary>
    private static GpuSpec? Shared(DetectedGpu gpu, IGpuLookup catalog)
    {
        var parts = gpu.Facts.Name.Split('/').Select(part => part.Trim()).Where(part => part.Length > 0).ToList();
        if (parts.Count != 2 || parts[1].Any(char.IsDigit) || gpu.Facts.MemoryBytes is not null) return null;
        var first = parts[0].LastIndexOf(' ') is > 0 and var blank ? parts[0].Substring(0, blank) : parts[0];
        var known = new[] { parts[0], $"{first} {parts[1]}" }
            .Select(name => catalog.FindByName(name, null, NullSink.Instance)).Where(card => card is not null).ToList();
        return known.Select(card => card!.MemoryBytes).Distinct().Count() == 1 ? known[0] : null;
    }

    /// <summary>
    /// Whether a card may be the one of its PCI id: AMD gives one id to several models, told apart by a revision that
    /// not every system reports, so the numbers in both names must not contradict.
    /// </summary>
    private static bool IsSameModel(DetectedGpu gpu, GpuSpec known, IMessageSink messages)
    {
        if (known.Vendor != "AMD" || IsNameless(gpu)) return true;
        var own = ModelNumbers(gpu.Facts.Name).ToList();
        var shared = own.Intersect(ModelNumbers(known.Name), StringComparer.OrdinalIgnoreCase);
        if (own.Count == 0 || shared.Any()) return true;
        messages.Verbose(
            $"'{gpu.Facts.Name}' has the PCI id of '{known.Name}', but another name, so it is read as another card.");
        return false;
    }

    private static IEnumerable<string> ModelNumbers(string name) => ModelNumber.Matches(name).Cast<Match>()
        .Select(match => match.Value).Where(number => !number.StartsWith("gfx", StringComparison.OrdinalIgnoreCase));

    /// <summary>A card of which the catalog knows nothing; a figure that is only a lower limit is no size.</summary>
    private static GpuSpec Alone(GpuSpec card, DetectedGpu gpu, IMessageSink messages)
    {
        messages.Verbose($"'{card.Name}' is not in the catalog: its bandwidth and cores are unknown.");
        if (!gpu.MemoryIsCapped)
            return gpu.HasFailed || card.MemoryBytes is not null ? card : card with { MemoryBytes = InName(card.Name) };
        messages.Verbose($"'{card.Name}': at most 4 GiB are reported this way, so its memory is unknown.");
        return card with { MemoryBytes = null };
    }

    /// <summary>The memory that a name says, <c>H100L 94GB</c>; null if it says none.</summary>
    private static long? InName(string name) => SizeInName.Match(name) is { Success: true } size
        ? Fields.PositiveBytes(size.Groups[1].Value, "GiB") : null;

    private static bool IsPart(DetectedGpu gpu) =>
        gpu.WholeCardName is not null || gpu.Facts.VirtualizationMode is "VGPU";

    /// <summary>Whether the name is none, a number, or one of several cards: nothing to look up by.</summary>
    private static bool IsNameless(DetectedGpu gpu) =>
        gpu.Facts.Name.Trim() is var name
            && (name.Length == 0 || Nameless.Contains(name) || name.StartsWith("0x", StringComparison.Ordinal)
                || name.IndexOf('/') >= 0);

    private static string OwnName(DetectedGpu gpu)
    {
        var name = gpu.Facts.Name.Trim();
        var says = name.Length > 0 && !name.StartsWith("0x", StringComparison.Ordinal) && !Nameless.Contains(name);
        if (says) return name;
        return gpu.Id is { } id ? $"PCI device {id}" : $"{gpu.Facts.Vendor} GPU".Trim();
    }

    private static GpuSpec Merge(
        GpuSpec known, GpuSpec seen, DetectedGpu gpu, string how, IMessageSink messages)
    {
        var part = gpu.WholeCardName is null ? 1 : Part(known.MemoryBytes, seen.MemoryBytes);
        var capped = gpu.MemoryIsCapped && known.MemoryBytes > seen.MemoryBytes;
        if (capped && known.MemoryBytes > seen.MemoryBytes * SameShare) messages.Warning(
            $"'{seen.Name}': at most 4 GiB of a card are reported this way; the catalog's " +
            $"{SizeText.Gib(known.MemoryBytes!.Value)} is taken.");
        messages.Verbose($"'{seen.Name}' is '{known.Name}' of the catalog, found by {how}.");
        return seen with
        {
            Vendor = known.Vendor ?? seen.Vendor,
            Segment = known.Segment,
            Architecture = known.Architecture ?? seen.Architecture,
            MemoryBytes = capped ? known.MemoryBytes : seen.MemoryBytes ?? MemoryOf(known, gpu),
            UsableMemoryBytes = seen.UsableMemoryBytes ?? (part < 1 ? null : known.UsableMemoryBytes),
            MemoryType = seen.MemoryType ?? known.MemoryType,
            MemoryBusBits = seen.MemoryBusBits ?? known.MemoryBusBits,
            MemoryBandwidth = seen.MemoryBandwidth ?? (long?)(known.MemoryBandwidth * part),
            ShaderUnits = seen.ShaderUnits ?? (int?)(known.ShaderUnits * part),
            TensorCores = seen.TensorCores ?? (int?)(known.TensorCores * part),
            Fp32Flops = known.Fp32Flops * part,
            Fp16TensorFlops = known.Fp16TensorFlops * part,
            ComputeCapability = seen.ComputeCapability ?? known.ComputeCapability,
            GfxTarget = seen.GfxTarget ?? known.GfxTarget,
            TdpWatts = known.TdpWatts,
            PcieGeneration = seen.PcieGeneration ?? known.PcieGeneration,
            PcieLanes = seen.PcieLanes ?? known.PcieLanes,
            NvLinkBandwidth = gpu.WholeCardName is null ? known.NvLinkBandwidth : null,
            IsUnifiedMemory = seen.IsUnifiedMemory || known.IsUnifiedMemory,
            ReleaseDate = known.ReleaseDate,
            Source = $"{seen.Source}; catalog by {how}",
        };
    }

    /// <summary>A part of a card has as much of its memory slices as of its memory.</summary>
    private static double Part(long? whole, long? part) =>
        whole > 0 && part > 0 ? Math.Min(1, Math.Round(8.0 * part.Value / whole.Value) / 8) : 1;

    private static long? MemoryOf(GpuSpec known, DetectedGpu gpu) =>
        !IsPart(gpu) && !gpu.HasFailed && !known.IsUnifiedMemory ? known.MemoryBytes : null;

    /// <summary>A GPU in the processor works in the system's memory.</summary>
    private static GpuSpec AsIntegrated(GpuSpec card, MachineSpec machine, IMessageSink messages)
    {
        var shared = card.SharedMemoryBytes is { } extra ? (card.MemoryBytes ?? 0) + extra : card.MemoryBytes;
        var isApple = card.Vendor == "Apple";
        var memory = shared ?? machine.SystemMemoryBytes;
        if (card.MemoryBytes is null && memory is not null && !isApple) messages.Verbose(
            $"'{card.Name}' has no memory of its own: it uses the {SizeText.Gib(memory.Value)} of the system.");
        return card with
        {
            IsUnifiedMemory = true,
            MemoryBytes = memory,
            MemoryFreeBytes = card.MemoryFreeBytes ?? (shared is null ? machine.SystemMemoryFreeBytes : null),
        };
    }

    private static string Where(MachineSpec machine) => machine.ComputerName ?? "The machine";
}
