using System.Collections.Concurrent;
using System.Globalization;

namespace ModelFit.Speed;

/// <summary>The speed of processor and system memory, and of the way from there to a card.</summary>
internal static class HostSpeed
{
    private const int AssumedCores = 8, AssumedBits = 128, AssumedTransfers = 3200, ChannelBits = 64;

    /// <summary>
    /// The most memory that boards of two channels take (four modules of 64 GB); more of it is a server's, and the
    /// median of the servers in <c>speed-processors.tsv</c> has eight channels of the ordinary speed.
    /// </summary>
    private const long MostOfTwoChannels = 256L << 30;

    private const int ServerBits = 512;

    /// <summary>
    /// Bytes a second of the memory that there are for a core where nobody told the cores: those of the ordinary
    /// computer, and in the median of the measured processors too (8 cores at 51 GB/s, 14 at 90, 66 at 461).
    /// </summary>
    private const double BytesPerAssumedCore = AssumedTransfers * 1e6 * AssumedBits / 8 / AssumedCores;

    /// <summary>Bytes a second that one core can take from memory.</summary>
    private const double BytesPerCore = 14e9;

    /// <summary>Bytes a second of a PCI Express lane of the first generation; each generation doubles it.</summary>
    private const double BytesPerLaneOfFirstGeneration = 0.25e9;

    private const int AssumedGeneration = 4, AssumedLanes = 16;

    /// <summary>
    /// Between which factors of the ordinary computer's memory four of five measured processors have theirs: it is the
    /// spread where neither the processor nor its memory is told.
    /// </summary>
    private static readonly Spread OfMemory = new(0.58, 2);

    /// <summary>The same among the servers of <c>speed-processors.tsv</c>, from Xeon E5 to EPYC 9005.</summary>
    private static readonly Spread OfServerMemory = new(0.5, 2.6);

    private static readonly ConcurrentDictionary<(int Transfers, int Bits, string Basis), string> Words = new();

    private static readonly MachineSpec Unknown = new();

    private static readonly SpeedMemory<MachineSpec> Memory = new();

    private static readonly Func<MachineSpec, SpeedConditions, DeviceSpeed?> Computed = Compute;

    /// <summary>Bandwidth of the system memory in bytes a second; what was assumed is said.</summary>
    public static double Bandwidth(MachineSpec? machine, IMessageSink messages)
    {
        if (SupposedMemory(machine) is { } supposed)
            messages.Verbose($"The bandwidth of the system memory is not known; {supposed} is assumed.");
        return BytesPerSecond(machine);
    }

    /// <summary>
    /// Bandwidth of the system memory in bytes a second. Channels and speed that are not told are those that the
    /// processor's maker specifies, else those of an ordinary computer.
    /// </summary>
    public static double BytesPerSecond(MachineSpec? machine)
    {
        if (machine?.MemoryBandwidth is > 0 and var known) return known;
        if (SharedWithGpu(machine) is { } shared) return shared;
        var (transfers, bits, _) = MemoryOf(machine);
        return transfers * 1e6 * bits / 8;
    }

    /// <summary>
    /// What is supposed of the system memory and of the processor that reads it; null where both are told.
    /// </summary>
    public static string? Supposed(MachineSpec? machine)
    {
        var cores = machine?.CoreCount is not null
            ? null
            : FormattableString.Invariant($"a processor of {CoresOf(machine, BytesPerSecond(machine)):0} cores");
        var supposed = new[] { SupposedMemory(machine), cores }.OfType<string>().ToArray();
        return supposed.Length == 0 ? null : string.Join(" and ", supposed);
    }

    /// <summary>Cores of a machine; where nobody told, as many as its memory needs.</summary>
    private static double CoresOf(MachineSpec? machine, double bandwidth) =>
        machine?.CoreCount is { } known ? known
        : machine?.Gpus.Any(card => card.IsUnifiedMemory) == true ? AssumedCores
        : Math.Max(1, bandwidth / BytesPerAssumedCore);

    private static string? SupposedMemory(MachineSpec? machine) =>
        machine is { MemoryBandwidth: > 0 } or { MemorySpeed: not null, MemoryChannels: not null }
            ? null
            : SharedWithGpu(machine) is { } shared
            ? string.Format(
                CultureInfo.InvariantCulture, "system memory of {0:0.0} GB/s, which is the GPU's too", shared * 1e-9)
            : Words.GetOrAdd(MemoryOf(machine), WordsOf);

    /// <summary>
    /// Bytes a second of a memory that the one GPU shares, where neither the processor nor its memory is told; null
    /// elsewhere.
    /// </summary>
    private static double? SharedWithGpu(MachineSpec? machine) =>
        machine is { Gpus.Length: 1, MemorySpeed: null, MemoryChannels: null }
            && machine.Gpus[0] is { IsUnifiedMemory: true, MemoryBandwidth: { } bytes }
            && ProcessorKind.Of(machine.Cpu) is null
            ? bytes
            : null;

    private static (int Transfers, int Bits, string Basis) MemoryOf(MachineSpec? machine)
    {
        var kind = ProcessorKind.Of(machine?.Cpu);
        var isServer = kind is null && machine?.MemoryChannels is null && IsServer(machine);
        return (
            machine?.MemorySpeed ?? kind?.Transfers ?? AssumedTransfers,
            machine?.MemoryChannels * ChannelBits ?? kind?.MemoryBits ?? (isServer ? ServerBits : AssumedBits),
            kind is not null && machine?.MemorySpeed is null ? ", the most that the processor takes"
                : isServer ? ", as over 256 GB is a server's"
                : string.Empty);
    }

    private static bool IsServer(MachineSpec? machine) => machine?.SystemMemoryBytes > MostOfTwoChannels;

    private static string WordsOf((int Transfers, int Bits, string Basis) memory) => string.Format(
        CultureInfo.InvariantCulture,
        "system memory of {0:0.0} GB/s ({1} channels at {2} MT/s{3})",
        memory.Transfers * 1e-3 * memory.Bits / 8,
        memory.Bits / (double)ChannelBits,
        memory.Transfers,
        memory.Basis);

    /// <summary>The speed of the processor.</summary>
    public static DeviceSpeed Of(MachineSpec? machine, double bandwidth, SpeedTable table) =>
        Memory.Get(machine ?? Unknown, new SpeedConditions(table, null, bandwidth, null), Computed)!;

    private static DeviceSpeed Compute(MachineSpec machine, SpeedConditions asked)
    {
        var (table, bandwidth) = (asked.Table, asked.Bandwidth!.Value);
        var terms = table.Terms;
        var cores = CoresOf(machine, bandwidth);
        var hasAmx = machine.CpuFeatures?.IndexOf("AMX", StringComparison.OrdinalIgnoreCase) >= 0;
        var engine = table.EngineNamed(nameof(ComputeBackend.Cpu));
        var row = table.ProcessorOf(machine);
        var reached = bandwidth * engine.BandwidthShare * (machine.NumaNodeCount > 1 ? terms.NumaShare : 1);
        var flops = cores * terms.CoreFlops;
        var decode = row?.Decode ?? terms.Unknown;
        var isUnknown = ProcessorKind.Of(machine.Cpu) is null && SupposedMemory(machine) is not null
            && SharedWithGpu(machine) is null;
        return new DeviceSpeed
        {
            Engine = engine,
            Terms = terms,
            BytesPerSecond = Math.Min(reached, cores * BytesPerCore),
            OperationsPerSecond = flops / (row?.OperationsFactor ?? 1),
            MatrixFlops = flops * (row?.PrefillShare ?? engine.PrefillShare) * (hasAmx ? terms.AmxGain : 1),
            Decode = !isUnknown ? decode : decode.Widened(IsServer(machine) ? OfServerMemory : OfMemory),
            Prefill = row?.Prefill ?? terms.Unknown.Widened(terms.Unknown),
        };
    }

    /// <summary>Bytes a second from system memory to a card; endless where both are the same memory.</summary>
    public static double CopyBandwidth(GpuSpec card, SpeedTerms terms)
    {
        if (card.IsUnifiedMemory) return double.PositiveInfinity;
        var generation = Math.Max(1, card.PcieGeneration ?? AssumedGeneration);
        var lanes = card.PcieLanes ?? AssumedLanes;
        return BytesPerLaneOfFirstGeneration * Math.Pow(2, generation - 1) * lanes * terms.LinkShare;
    }
}
