using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using ModelFit.Hardware.Inventory;

namespace ModelFit.Hardware.Probes;

/// <summary>This machine, as its drivers and operating system tell.</summary>
public static class LocalMachine
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Probes this machine. Every probe has a time limit and fails alone, as a warning; the rest is reported.
    /// </summary>
    /// <param name="catalog">Joins detected cards with what is known of them, by PCI id first, by name second.</param>
    /// <param name="messages">Where failed probes and assumptions are said.</param>
    /// <param name="cancellation">Stops every probe.</param>
    public static MachineSpec Probe(
        IGpuLookup catalog, IMessageSink messages, CancellationToken cancellation)
    {
        var nvidia = new Probe<IReadOnlyList<DetectedGpu>>(
            "nvidia-smi", Limit, (sink, token) => NvidiaSmiProbe.Run(Limit, sink, token), cancellation);
        var meminfo = Read("/proc/meminfo") is { } memory ? ProcMeminfo.Parse(memory) : null;
        var cpuinfo = Read("/proc/cpuinfo") is { } cpu ? ProcCpuinfo.Parse(cpu) : null;
        var facts = new MachineSpec
        {
            ComputerName = Environment.MachineName,
            OperatingSystem = RuntimeInformation.OSDescription,
            Cpu = cpuinfo?.Model,
            CoreCount = cpuinfo?.Cores,
            LogicalProcessorCount = cpuinfo?.LogicalProcessors ?? Environment.ProcessorCount,
            CpuFeatures = cpuinfo?.Features,
            SystemMemoryBytes = meminfo?.Total,
            SystemMemoryFreeBytes = meminfo?.Available,
            CollectedAt = DateTime.UtcNow,
            Source = "local",
        };
        var gpus = nvidia.Result(messages, cancellation) ?? Array.Empty<DetectedGpu>();
        return CardJoin.Complete(new DetectedMachine(facts, gpus.ToList()), catalog, messages);
    }

    private static string? Read(string path) => File.Exists(path) ? File.ReadAllText(path) : null;
}
