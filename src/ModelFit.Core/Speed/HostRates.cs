using System;
using System.Globalization;

namespace ModelFit.Speed;

/// <summary>The rates of processor and system memory, and of the way from there to a card.</summary>
internal static class HostRates
{
    /// <summary>Part of the memory bandwidth that all cores together reach.</summary>
    private const double BandwidthShare = 0.75;

    /// <summary>Operations a second of one core in products of quantized weights (AVX2, sustained).</summary>
    private const double FlopsPerCore = 50e9;

    private const double SecondsPerLayer = 30e-6;

    private const int AssumedCores = 8, AssumedChannels = 2, AssumedTransfers = 3200, BytesPerTransfer = 8;

    /// <summary>Bytes a second of a PCI Express lane of the first generation; each generation doubles it.</summary>
    private const double BytesPerLaneOfFirstGeneration = 0.25e9;

    /// <summary>Part of it that copies out of a mapped file reach.</summary>
    private const double CopyShare = 0.6;

    private const int AssumedGeneration = 4, AssumedLanes = 16;

    /// <summary>Bandwidth of the system memory in bytes a second; what was assumed is said.</summary>
    public static double Bandwidth(MachineSpec? machine, IMessageSink messages)
    {
        if (machine?.MemoryBandwidth is > 0 and var known) return known;
        var transfers = machine?.MemorySpeed ?? AssumedTransfers;
        var channels = machine?.MemoryChannels ?? AssumedChannels;
        var bandwidth = (double)transfers * 1e6 * channels * BytesPerTransfer;
        messages.Verbose(string.Format(
            CultureInfo.InvariantCulture,
            "The bandwidth of the system memory is not known; {0} channels at {1} MT/s are assumed: {2:0.0} GB/s.",
            channels,
            transfers,
            bandwidth / 1e9));
        return bandwidth;
    }

    /// <summary>The rates of the processor.</summary>
    public static DeviceRates Of(MachineSpec? machine, double bandwidth)
    {
        var flops = (machine?.CoreCount ?? AssumedCores) * FlopsPerCore;
        return new DeviceRates(
            bandwidth * BandwidthShare,
            double.PositiveInfinity,
            flops / 2,
            flops / 2,
            flops,
            SecondsPerLayer);
    }

    /// <summary>Bytes a second from system memory to a card; endless where both are the same memory.</summary>
    public static double CopyBandwidth(GpuSpec card)
    {
        if (card.IsUnifiedMemory) return double.PositiveInfinity;
        var generation = Math.Max(1, card.PcieGeneration ?? AssumedGeneration);
        var lanes = card.PcieLanes ?? AssumedLanes;
        return BytesPerLaneOfFirstGeneration * Math.Pow(2, generation - 1) * lanes * CopyShare;
    }
}
