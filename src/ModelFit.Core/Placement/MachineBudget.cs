using ModelFit.Graph;
using ModelFit.Graph.Backends;
using ModelFit.Hardware;

namespace ModelFit.Placement;

/// <summary>What one card offers, in bytes.</summary>
/// <param name="Index">Number of the card as its backend counts.</param>
/// <param name="Card">Its facts.</param>
/// <param name="AvailableBytes">Memory that is there (free or total, see <see cref="MachineBudget.Basis"/>).</param>
/// <param name="OverheadBytes">
/// What the runtime takes outside llama.cpp's books, and on the first card the files beside the model.
/// </param>
/// <param name="ReserveBytes">What is to stay free.</param>
internal sealed record CardBudget(
    int Index, GpuSpec Card, long AvailableBytes, long OverheadBytes, long ReserveBytes)
{
    /// <summary>
    /// How much more a card may have for the runtime than is counted: the runtime's own part and the driver's are
    /// ranges.
    /// </summary>
    public long UncertainBytes { get; init; }

    /// <summary>The part of <see cref="OverheadBytes"/> that a model beside this one takes.</summary>
    public long DraftBytes { get; init; }

    /// <summary>The part of <see cref="OverheadBytes"/> that a fit at the start does not see.</summary>
    public long LaterBytes { get; init; }

    /// <summary>Most that an engine was told to take of the card, its context apart; null if nobody said.</summary>
    public long? ShareBytes { get; init; }

    /// <summary>Most that the runtime may allocate there, with the reserve kept or not; may be negative.</summary>
    public long Limit(bool keepReserve) =>
        Math.Min(
            AvailableBytes - (keepReserve ? ReserveBytes : 0) - OverheadBytes, ShareBytes ?? long.MaxValue);
}

/// <summary>What a machine offers to a model: its cards and its system memory, each counted once.</summary>
internal sealed class MachineBudget
{
    /// <summary>
    /// Share of system memory that an operating system with a desktop keeps, at least
    /// <see cref="SystemShareFloorBytes"/>: an NVIDIA DGX Spark of 128 GiB reports 119.7 GiB to CUDA.
    /// </summary>
    private const int SystemShareDivisor = 16;

    private const long GiB = 1L << 30;
    private const long SystemShareFloorBytes = 2 * GiB;

    /// <summary>Creates a budget as it is; <see cref="For"/> makes one from a machine.</summary>
    public MachineBudget(IReadOnlyList<CardBudget> cards, long? hostBytes, ComputeBackend backend)
    {
        Cards = cards;
        HostBytes = hostBytes;
        Backend = backend;
        HasOneKind = cards.Count > 0 && cards.All(card => IsOfKind(card.Card, cards[0].Card));
    }

    /// <summary>Whether there are cards, and all of them have the same name and are as fast.</summary>
    public bool HasOneKind { get; }

    /// <summary>The cards that can take part, in the machine's order.</summary>
    public IReadOnlyList<CardBudget> Cards { get; }

    /// <summary>System memory for a model, the operating system's share left alone; null if unknown.</summary>
    public long? HostBytes { get; }

    /// <summary>The backend that drives the cards.</summary>
    public ComputeBackend Backend { get; }

    public ProcessorKernels Processor { get; private init; } = ProcessorKernels.Unknown;

    /// <summary>What GPU and host may take together where they share one pool; null where they do not.</summary>
    public long? PoolBytes { get; private init; }

    /// <summary><c>Free</c> where detected free memory was counted, else <c>Total</c>.</summary>
    public string Basis { get; private init; } = "Total";

    /// <summary>What is supposed of the machine where nothing told, as sentences without a full stop.</summary>
    public IReadOnlyList<string> Supposed { get; private init; } = Array.Empty<string>();

    /// <summary>The same machine with other budgets of its cards.</summary>
    public MachineBudget WithCards(IReadOnlyList<CardBudget> cards) => With(cards, HostBytes);

    /// <summary>The same machine without what a model beside this one takes, by card, then in system memory.</summary>
    public MachineBudget Beside(IReadOnlyList<long> bytes) => With(
        Cards.Select((card, i) => card with
        {
            OverheadBytes = card.OverheadBytes + bytes[i], DraftBytes = bytes[i],
        }).ToArray(),
        HostBytes - bytes[bytes.Count - 1]);

    private MachineBudget With(IReadOnlyList<CardBudget> cards, long? hostBytes) => new(cards, hostBytes, Backend)
    {
        Processor = Processor,
        PoolBytes = PoolBytes,
        Basis = Basis,
        Supposed = Supposed,
    };

    public static MachineBudget For(FitQuestion question)
    {
        var machine = question.Machine ?? new MachineSpec();
        var backend = BackendOf(question);
        return machine.Gpus.Length == 1 && machine.Gpus[0].IsUnifiedMemory && TakesPart(question, 0)
                && backend != ComputeBackend.Cpu
            ? ForPool(question, machine, machine.Gpus[0], backend)
            : ForCards(question, machine, backend);
    }

    /// <summary>The backend of a question: what it says, else what its machine's cards say.</summary>
    public static ComputeBackend BackendOf(FitQuestion question) =>
        question.Options.Backend ?? BackendOf(question.Machine?.Gpus ?? Array.Empty<GpuSpec>());

    /// <summary>
    /// The backend of llama.cpp that drives the cards: the vendor's own, Vulkan for others and for mixed vendors, the
    /// processor without cards.
    /// </summary>
    public static ComputeBackend BackendOf(IReadOnlyList<GpuSpec> gpus)
    {
        if (gpus.Count == 0) return ComputeBackend.Cpu;
        var vendor = gpus[0].Vendor;
        for (var i = 1; i < gpus.Count; i++)
            if (!string.Equals(gpus[i].Vendor, vendor, StringComparison.OrdinalIgnoreCase))
                return ComputeBackend.Vulkan;
        return vendor is null ? ComputeBackend.Cuda : BackendProfiles.OfVendor(vendor);
    }

    /// <summary>
    /// The kernels that llama.cpp chooses for a processor by its instruction sets (ggml/src/CMakeLists.txt,
    /// ggml_add_cpu_backend_variant). Windows and macOS do not tell of all of AVX-512 and AMX.
    /// </summary>
    public static ProcessorKernels ProcessorOf(MachineSpec machine)
    {
        if (machine.CpuFeatures is not { Length: > 0 } text) return ProcessorKernels.Unknown;
        var features = text.Split(' ');
        bool Has(string name) => Array.IndexOf(features, name) >= 0;
        return Has("AMX-INT8") ? ProcessorKernels.Amx
            : Has("AVX512BW") ? ProcessorKernels.Avx512
            : Has("AVX512F") ? ProcessorKernels.Unknown
            : Has("AVX2") ? ProcessorKernels.Avx2
            : Has("DOTPROD") ? ProcessorKernels.DotProduct
            : Has("VXE") ? ProcessorKernels.Unknown
            : ProcessorKernels.Plain;
    }

    private static bool IsOfKind(GpuSpec card, GpuSpec other) => ReferenceEquals(card, other)
        || (card.Name == other.Name && card.MemoryBandwidth == other.MemoryBandwidth
            && card.ShaderUnits == other.ShaderUnits && card.TdpWatts == other.TdpWatts);

    private static bool TakesPart(FitQuestion question, int card) =>
        (question.Devices is not { } devices || devices.Contains(card))
        && (question.Options.SplitMode != GpuSplitMode.None || card == question.Options.MainGpu);

    private static CardBudget BudgetOf(
        FitQuestion question,
        int index,
        GpuSpec card,
        long availableBytes,
        long besideBytes,
        ComputeBackend backend)
    {
        var usual = BackendProfiles.OverheadOf(backend, Multiprocessors.Of(card));
        return new CardBudget(
            index,
            card,
            availableBytes,
            besideBytes + (question.OverheadBytes ?? usual.TypicalBytes),
            question.ReserveBytes)
        {
            LaterBytes = question.OverheadBytes is null ? usual.LaterBytes : 0,
            UncertainBytes = UsableMemory.Uncertain(card)
                + (question.OverheadBytes is null ? usual.TypicalBytes - usual.LowBytes : 0),
        };
    }

    private static MachineBudget ForCards(FitQuestion question, MachineSpec machine, ComputeBackend backend)
    {
        var useFree = !question.IgnoreUsage;
        var isFree = false;
        var cards = new List<CardBudget>(machine.Gpus.Length);
        var order = backend == ComputeBackend.Cpu ? Array.Empty<int>() : DeviceOrder.Of(machine.Gpus, backend);
        foreach (var index in question.Devices ?? Enumerable.Range(0, order.Length))
        {
            if ((uint)index >= (uint)order.Length) continue;
            var gpu = machine.Gpus[order[index]];
            if (gpu.MemoryBytes is not > 0 || !TakesPart(question, index)) continue;
            isFree |= useFree && gpu.MemoryFreeBytes is not null;
            var beside = cards.Count == 0 ? question.CompanionBytes : 0;
            cards.Add(BudgetOf(question, index, gpu, AvailableOf(gpu, useFree), beside, backend));
        }

        var host = HostOf(machine, useFree) - question.CompanionHostBytes
            - (cards.Count == 0 ? question.CompanionBytes : 0);
        return new MachineBudget(cards, host, backend)
        {
            Basis = isFree ? "Free" : "Total",
            Processor = ProcessorOf(machine),
        };
    }

    private static long AvailableOf(GpuSpec gpu, bool useFree) =>
        useFree && gpu.MemoryFreeBytes is { } free
            ? free
            : Math.Min(UsableMemory.Of(gpu), (gpu.MemoryBytes ?? 0) - (gpu.MemoryReservedBytes ?? 0));

    private static long? HostOf(MachineSpec machine, bool useFree)
    {
        if (useFree && machine.SystemMemoryFreeBytes is { } free) return free;
        return machine.SystemMemoryBytes is { } total ? WithoutSystemShare(total) : null;
    }

    /// <summary>
    /// One pool for processor and GPU. Where the operating system counts part of it to the GPU alone (a carve-out of
    /// an APU), the larger figure is the pool.
    /// </summary>
    private static MachineBudget ForPool(
        FitQuestion question, MachineSpec machine, GpuSpec gpu, ComputeBackend backend)
    {
        var pool = Math.Max(machine.SystemMemoryBytes ?? 0, gpu.MemoryBytes ?? 0);
        // An inventory lists all of the system's memory as the GPU's: that is no carve-out.
        var sharing = gpu.MemoryBytes == machine.SystemMemoryBytes ? gpu with { MemoryBytes = null } : gpu;
        var free = question.IgnoreUsage ? null : gpu.MemoryFreeBytes ?? machine.SystemMemoryFreeBytes;
        var together = Math.Min(
            Math.Max(WithoutSystemShare(pool), gpu.UsableMemoryBytes ?? 0), free ?? long.MaxValue);
        var gpuBytes = Math.Min(together, ShareOf(sharing, pool));
        var card = BudgetOf(question, 0, gpu, gpuBytes, question.CompanionBytes, backend);
        return new MachineBudget(new[] { card }, together, backend)
        {
            Supposed = UsableMemory.Supposed(sharing, pool) is { } share ? new[] { share } : Array.Empty<string>(),
            PoolBytes = together,
            Basis = free is null ? "Total" : "Free",
            Processor = ProcessorOf(machine),
        };
    }

    private static long WithoutSystemShare(long total) =>
        Math.Max(0, total - Math.Max(SystemShareFloorBytes, total / SystemShareDivisor));

    /// <summary>What the GPU may take of a pool.</summary>
    private static long ShareOf(GpuSpec gpu, long pool) => gpu.Vendor switch
    {
        "Apple" => gpu.UsableMemoryBytes ?? UsableMemory.OfMac(gpu, pool),
        "NVIDIA" => gpu.UsableMemoryBytes ?? pool,
        _ => UsableMemory.OfIntegrated(gpu, pool),
    };
}
