using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using ModelFit.Common;
using ModelFit.Hardware.Inventory;

namespace ModelFit.Hardware.Probes;

/// <summary>This machine, as its drivers and operating system tell.</summary>
public static class LocalMachine
{
    private const int MaxTableBytes = 1 << 20;
    private static readonly TimeSpan ShortLimit = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Probes this machine. Every probe has a time limit and fails alone, as a warning; the rest is reported.
    /// </summary>
    /// <param name="catalog">Joins detected cards with what is known of them, by PCI id first, by name second.</param>
    /// <param name="messages">Where failed probes and assumptions are said.</param>
    /// <param name="cancellation">Stops every probe.</param>
    public static MachineSpec Probe(
        IGpuLookup catalog, IMessageSink messages, CancellationToken cancellation)
    {
        var disk = new Probe<object>("The disk of the model stores", ShortLimit, (_, _) => FreeBytes(), cancellation);
        var detected = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? WindowsProbe.Run(messages, cancellation)
            : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? MacProbe.Run(messages, cancellation)
            : Linux(new DiskFiles("/"), messages, cancellation);
        var visible = Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES");
        if (visible is not null) messages.Verbose(
            $"CUDA_VISIBLE_DEVICES is '{visible}': programs see only these cards; all are listed here.");
        var facts = detected.Facts with
        {
            ComputerName = Environment.MachineName,
            OperatingSystem = detected.Facts.OperatingSystem ?? RuntimeInformation.OSDescription,
            LogicalProcessorCount = detected.Facts.LogicalProcessorCount ?? Environment.ProcessorCount,
            ModelStoreFreeBytes = (long?)disk.Result(messages, cancellation),
            VisibleDevices = visible,
            CollectedAt = DateTime.UtcNow,
            Source = "local",
        };
        return CardJoin.Complete(new DetectedMachine(facts, detected.Gpus), catalog, messages);
    }

    /// <summary>The machine with the bandwidth of its memory measured, about a second.</summary>
    internal static MachineSpec WithMeasuredBandwidth(
        MachineSpec machine, IMessageSink messages, CancellationToken cancellation)
    {
        var measured = MemoryBandwidth.Measure(cancellation);
        messages.Verbose(FormattableString.Invariant(
            $"{Environment.ProcessorCount} processors read {measured / 1e9:0.0} GB/s from memory."));
        return machine with { MemoryBandwidth = measured };
    }

    /// <summary>NVIDIA's cards; null if nothing tells of any.</summary>
    internal static Probe<IReadOnlyList<DetectedGpu>> Nvidia(CancellationToken cancellation) => new(
        "NVIDIA's driver",
        NvidiaProbe.Limit + NvidiaProbe.Limit + ShortLimit,
        (sink, token) => NvidiaProbe.Run(
            NvmlProbe.Libraries, ChildProcess.Find("nvidia-smi"), NvidiaProbe.Limit, sink, token),
        cancellation);

    private static DetectedMachine Linux(IProbeFiles files, IMessageSink messages, CancellationToken cancellation)
    {
        var nvidia = Nvidia(cancellation);
        var modules = new Probe<IReadOnlyList<MemoryModule>>(
            "The firmware's table", ShortLimit, (sink, _) => MemoryModules(sink), cancellation);
        var facts = new Probe<MachineSpec>(
            "/proc and /sys", ShortLimit, (sink, _) => UnixFacts.Read(files, sink), cancellation);
        var amd = new Probe<IReadOnlyList<DetectedGpu>>(
            "AMD's tool",
            NvidiaProbe.Limit,
            (sink, token) => AmdSysfs.Read(files).Count == 0
                ? null : AmdTools.Run(ChildProcess.Find, NvidiaProbe.Limit, sink, token),
            cancellation);
        var cards = nvidia.Result(messages, cancellation);
        var named = amd.Result(messages, cancellation);
        var gpus = new Probe<IReadOnlyList<DetectedGpu>>(
            "The cards in /sys", ShortLimit, (sink, _) => UnixGpus.Read(files, cards, named, sink), cancellation);
        var machine = facts.Result(messages, cancellation) ?? new MachineSpec();
        if (modules.Result(messages, cancellation) is { } known) machine = Dmidecode.Facts(machine, known, messages);
        return new DetectedMachine(machine, gpus.Result(messages, cancellation) ?? cards);
    }

    private static IReadOnlyList<MemoryModule>? MemoryModules(IMessageSink messages)
    {
        const string table = "/sys/firmware/dmi/tables/DMI";
        if (!File.Exists(table)) return null;
        if (FileOpener.OfSystem(table, MaxTableBytes) is { } bytes) return SmbiosTable.Modules(bytes);
        messages.Verbose("Memory type, speed and channels are unknown: only root can read them.");
        return null;
    }

    private static object? FreeBytes()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var stores = new[] { Environment.GetEnvironmentVariable("OLLAMA_MODELS"), Path.Combine(home, ".ollama"), home };
        var folder = stores.FirstOrDefault(path => !string.IsNullOrEmpty(path) && Directory.Exists(path));
        return folder is null ? null : new DriveInfo(folder).AvailableFreeSpace;
    }
}
