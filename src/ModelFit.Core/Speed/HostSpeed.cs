using System;
using System.Globalization;

namespace ModelFit.Speed;

/// <summary>The speed of processor and system memory, and of the way from there to a card.</summary>
internal static class HostSpeed
{
    private const int AssumedCores = 8, AssumedChannels = 2, AssumedTransfers = 3200, BytesPerTransfer = 8;

    /// <summary>Bytes a second that one core can take from memory.</summary>
    private const double BytesPerCore = 14e9;

    /// <summary>Bytes a second of a PCI Express lane of the first generation; each generation doubles it.</summary>
    private const double BytesPerLaneOfFirstGeneration = 0.25e9;

    private const int AssumedGeneration = 4, AssumedLanes = 16;

    /// <summary>Bandwidth of the system memory in bytes a second; what was assumed is said.</summary>
    public static double Bandwidth(MachineSpec? machine, IMessageSink messages)
    {
        if (machine?.MemoryBandwidth is > 0 and var known) return known;
        if (Supposed(machine) is { } supposed)
            messages.Verbose($"The bandwidth of the system memory is not known; supposed is {supposed}.");
        return Transfers(machine) * 1e6 * Channels(machine) * BytesPerTransfer;
    }

    /// <summary>What is supposed of the bandwidth of the system memory; null where it is told.</summary>
    public static string? Supposed(MachineSpec? machine) =>
        machine is { MemoryBandwidth: > 0 } or { MemorySpeed: not null, MemoryChannels: not null }
            ? null
            : string.Format(
                CultureInfo.InvariantCulture,
                "system memory of {0:0.0} GB/s ({1} channels at {2} MT/s)",
                Transfers(machine) * 1e-3 * Channels(machine) * BytesPerTransfer,
                Channels(machine),
                Transfers(machine));

    private static double Transfers(MachineSpec? machine) => machine?.MemorySpeed ?? AssumedTransfers;

    private static int Channels(MachineSpec? machine) => machine?.MemoryChannels ?? AssumedChannels;

    /// <summary>The speed of the processor.</summary>
    public static DeviceSpeed Of(MachineSpec? machine, double bandwidth, SpeedTable table)
    {
        var terms = table.Terms;
        var cores = machine?.CoreCount ?? AssumedCores;
        var hasAmx = machine?.CpuFeatures?.IndexOf("AMX", StringComparison.OrdinalIgnoreCase) >= 0;
        var engine = table.EngineNamed(nameof(ComputeBackend.Cpu));
        var reached = bandwidth * terms.HostShare * (machine?.NumaNodeCount > 1 ? terms.NumaShare : 1);
        var flops = cores * terms.CoreFlops;
        return new DeviceSpeed
        {
            Engine = engine,
            Terms = terms,
            BytesPerSecond = Math.Min(reached, cores * BytesPerCore),
            OperationsPerSecond = flops,
            MatrixFlops = flops * (hasAmx ? terms.AmxGain : 1),
            Decode = terms.Host,
            Prefill = terms.Unknown,
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
