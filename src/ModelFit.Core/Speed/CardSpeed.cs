using ModelFit.Hardware;

namespace ModelFit.Speed;

/// <summary>The speed of a card under an engine.</summary>
internal static class CardSpeed
{
    /// <summary>
    /// Single-precision operations a byte of bandwidth that cards of unknown cores are taken to have.
    /// </summary>
    private const double AssumedFlopsPerByte = 20;

    /// <summary>Cores of the multiprocessors that operations are counted on.</summary>
    private const int UsualCores = 128;

    /// <summary>Sustained over limit of a card whose limit in matrix products was never seen.</summary>
    private const double AssumedPowerRoom = 1.2;

    /// <summary>
    /// Half-precision rate of the tensor cores over the single-precision one, of the cards that engines with libraries
    /// were measured on (GB10, RTX 3090); it is 15 on Hopper and 30 on B200.
    /// </summary>
    private const double UsualTensorRatio = 4;

    /// <summary>
    /// NVLink of boards whose cards are joined as they are sold, in bytes a second of both directions: SXM modules from
    /// V100 on. Cards in slots need a bridge, which only a detected machine tells of.
    /// </summary>
    private const long JoinedLink = 300_000_000_000;

    /// <summary>Part of one direction of NVLink that a sum over cards reaches (nccl-tests on eight H100).</summary>
    private const double JoinedLinkShare = 0.8;

    private static readonly Regex InSlot = new(@"\b(?:PCIe|NVL|CNX|A100X)\b");

    private static readonly SpeedMemory<GpuSpec> Memory = new();

    private static readonly Func<GpuSpec, SpeedConditions, DeviceSpeed?> Computed = Compute;

    /// <summary>The speed of a card; null where its bandwidth is not known.</summary>
    /// <param name="card">The card.</param>
    /// <param name="engine">What runs on it.</param>
    /// <param name="table">The constants.</param>
    /// <param name="systemBandwidth">Bytes a second of system memory, for a card that has none of its own.</param>
    /// <param name="powerLimit">Watts it may draw; null is its own limit.</param>
    public static DeviceSpeed? Of(
        GpuSpec card, Engine engine, SpeedTable table, double? systemBandwidth, int? powerLimit = null) =>
        Memory.Get(card, new SpeedConditions(table, engine, systemBandwidth, powerLimit), Computed);

    private static DeviceSpeed? Compute(GpuSpec card, SpeedConditions asked)
    {
        var (table, engine) = (asked.Table, asked.Engine!);
        var (systemBandwidth, powerLimit) = (asked.Bandwidth, asked.PowerLimit);
        var bandwidth = card.MemoryBandwidth ?? (card.IsUnifiedMemory ? systemBandwidth : null);
        if (bandwidth is not > 0) return null;
        var terms = table.Terms;
        var row = table.ClassOf(card, engine);
        var single = card.Fp32Flops is > 0 and var flops ? flops : bandwidth.Value * AssumedFlopsPerByte;
        var multiprocessors = card.ComputeCapability is { } capability
            ? single / (2 * Multiprocessors.CoresOf(capability))
            : 0;
        var operations = multiprocessors > 0 ? multiprocessors * 2 * UsualCores : single;
        var matrix = engine.UsesLibraries && card.Fp16TensorFlops is > 0 and var tensor
            ? tensor / UsualTensorRatio
            : single;
        var power = DecodePower(card, terms, powerLimit);
        return new DeviceSpeed
        {
            Engine = engine,
            Terms = terms,
            BytesPerSecond = bandwidth.Value * engine.BandwidthShare * MemoryShare(card, terms) * power,
            IssueBytesPerSecond = multiprocessors > 0 && !engine.UsesLibraries
                ? multiprocessors * terms.BytesPerClock * power
                : double.PositiveInfinity,
            OperationsPerSecond = operations * power / (row?.OperationsFactor ?? 1),
            PeerBytesPerSecond = PeerBytes(card, terms),
            AttentionPerSecond = single * engine.AttentionRate,
            MatrixFlops = MatrixFlops(card, matrix * table.PrefillShareOf(card, engine, row), row, powerLimit),
            Decode = row?.Decode ?? terms.Unknown,
            Prefill = row?.Prefill ?? terms.Unknown.Widened(terms.Unknown),
        };
    }

    /// <summary>Data-centre cards with GDDR keep check bits in it; two joined dies do not add up.</summary>
    private static double MemoryShare(GpuSpec card, SpeedTerms terms)
    {
        if (card.Segment == "DataCenter"
            && card.MemoryType?.StartsWith("GDDR", StringComparison.OrdinalIgnoreCase) == true)
            return terms.ErrorCorrectionShare;
        return SpeedClass.Of(card) == SpeedClass.Joined ? terms.JoinedShare : 1;
    }

    private static double PeerBytes(GpuSpec card, SpeedTerms terms)
    {
        var isJoined = card.NvLinkCount > 0
            || (card.NvLinkBandwidth >= JoinedLink && !InSlot.IsMatch(card.Name ?? string.Empty));
        return isJoined && card.NvLinkBandwidth is { } bothWays
            ? bothWays / 2 * JoinedLinkShare
            : HostSpeed.CopyBandwidth(card, terms) * terms.SumLinkShare;
    }

    private static double DecodePower(GpuSpec card, SpeedTerms terms, int? limit)
    {
        if (limit is not > 0 || card.TdpWatts is not > 0 || limit >= card.TdpWatts) return 1;
        var room = limit.Value / (card.TdpWatts.Value * terms.DecodePowerShare);
        return Math.Pow(1 + Math.Pow(room, -8), -0.125);
    }

    private static double MatrixFlops(GpuSpec card, double peak, SpeedClass? row, int? limit)
    {
        if (card.TdpWatts is not > 0) return peak;
        var watts = Math.Min(limit ?? int.MaxValue, card.TdpWatts.Value);
        if (row?.FlopsPerWatt is not { } perWatt)
        {
            if (watts >= card.TdpWatts.Value) return peak;
            perWatt = peak * AssumedPowerRoom / card.TdpWatts.Value;
        }
        else if (card.Segment == "Mobile" && limit is null)
        {
            // The catalog has a laptop's base power, which its maker raises.
            return peak;
        }

        return Math.Pow(Math.Pow(peak, -4) + Math.Pow(watts * perWatt, -4), -0.25);
    }
}
