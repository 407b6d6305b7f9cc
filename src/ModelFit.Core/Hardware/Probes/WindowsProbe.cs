using System.IO;
using System.Threading;
using ModelFit.Hardware.Inventory;

namespace ModelFit.Hardware.Probes;

/// <summary>Windows without vendor tools: the registry's display class, DXGI and the memory status.</summary>
internal static class WindowsProbe
{
    private const string DisplayClass =
        @"HKLM\SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}";
    private const string NeuralClass =
        @"HKLM\SYSTEM\CurrentControlSet\Control\Class\{f01a9d53-3ff6-48d2-9f97-c8a7004be10c}";
    private const string Processor = @"HKLM\HARDWARE\DESCRIPTION\System\CentralProcessor\0";
    private const int MaxChars = 4 << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static DetectedMachine Run(IMessageSink messages, CancellationToken cancellation)
    {
        var nvidia = LocalMachine.Nvidia(cancellation);
        var display = Query(new[] { "query", DisplayClass, "/s" }, cancellation);
        var neural = Query(new[] { "query", NeuralClass, "/s" }, cancellation);
        var processor = Query(new[] { "query", Processor, "/v", "ProcessorNameString" }, cancellation);
        var dxgi = new Probe<IReadOnlyList<DxgiAdapter>>("DXGI", Limit, (_, _) => Dxgi.Adapters(), cancellation);
        var system = new Probe<MachineSpec>("Windows' own facts", Limit, (sink, _) => Facts(sink), cancellation);
        var facts = (system.Result(messages, cancellation) ?? new MachineSpec()) with
        {
            Cpu = ProcessorName(processor.Result(messages, cancellation)),
        };
        var registry = RegistryText.Adapters((display.Result(messages, cancellation) ?? string.Empty).Split('\n'));
        var gpus = Merge(
            nvidia.Result(messages, cancellation), registry.ToList(), dxgi.Result(messages, cancellation));
        var npus = RegistryText.Adapters((neural.Result(messages, cancellation) ?? string.Empty).Split('\n'))
            .Where(device => AdapterKind.IsNpu(device.Id, device.Facts.Name));
        return new DetectedMachine(facts, gpus.Concat(npus).ToList());
    }

    private static MachineSpec Facts(IMessageSink messages)
    {
        var memory = WindowsSystem.Memory();
        var relations = WindowsSystem.Relations(WindowsSystem.Processors()).ToLookup(relation => relation);
        var (cores, nodes) = (relations[WindowsSystem.Core].Count(), relations[WindowsSystem.NumaNode].Count());
        var firmware = WindowsSystem.Smbios();
        var machine = new MachineSpec
        {
            SystemMemoryBytes = memory.Total,
            SystemMemoryFreeBytes = memory.Available,
            CoreCount = cores == 0 ? null : cores,
            NumaNodeCount = nodes == 0 ? null : nodes,
            CpuFeatures = WindowsSystem.CpuFeatures(),
            Virtualization = UnixFacts.Hypervisor(SmbiosTable.Product(firmware)),
        };
        return Dmidecode.Facts(machine, SmbiosTable.Modules(firmware), messages);
    }

    /// <summary>
    /// NVIDIA's cards as their driver tells; of the others those that DXGI shows, with the registry's memory. Without
    /// DXGI the registry's keys with a memory size: keys stay there after a card was taken out.
    /// </summary>
    public static IReadOnlyList<DetectedGpu> Merge(
        IReadOnlyList<DetectedGpu>? nvidia, IReadOnlyList<DetectedGpu> registry, IReadOnlyList<DxgiAdapter>? adapters)
    {
        var others = adapters is null
            ? registry.Where(card => card.Facts.MemoryBytes is not null)
            : adapters.Where(adapter => !adapter.IsSoftware).GroupBy(adapter => adapter.Luid)
                .Select(same => Card(same.First(), registry));
        var unasked = others.Where(card => nvidia is null || AdapterKind.Vendor(card.Id, card.Facts.Name) != "NVIDIA");
        return (nvidia ?? Array.Empty<DetectedGpu>()).Concat(unasked).ToList();
    }

    private static DetectedGpu Card(DxgiAdapter adapter, IReadOnlyList<DetectedGpu> registry)
    {
        var known = registry.FirstOrDefault(card => card.Id is { } id && adapter.Id is { } shown
            && id.Vendor == shown.Vendor && id.Device == shown.Device)
            ?? registry.FirstOrDefault(card => card.Facts.Name == adapter.Name);
        return new DetectedGpu(new GpuSpec
        {
            Name = adapter.Name,
            MemoryBytes = known?.Facts.MemoryBytes ?? (adapter.DedicatedBytes > 0 ? adapter.DedicatedBytes : null),
            MemoryFreeBytes = adapter.BudgetBytes - adapter.UsedBytes,
            SharedMemoryBytes = adapter.SharedBytes > 0 ? adapter.SharedBytes : null,
            DriverVersion = known?.Facts.DriverVersion,
            DriverModel = "WDDM",
            Source = known is null ? "DXGI" : "DXGI and registry",
        })
        {
            Id = adapter.Id,
        };
    }

    private static string? ProcessorName(string? output) => (output ?? string.Empty).Split('\n')
        .Select(line => line.Split(new[] { "REG_SZ" }, StringSplitOptions.None))
        .Where(parts => parts.Length == 2).Select(parts => Fields.Text(parts[1])).FirstOrDefault();

    private static Probe<string> Query(string[] arguments, CancellationToken cancellation)
    {
        var program = Path.Combine(Environment.SystemDirectory, "reg.exe");
        return new Probe<string>(
            "The registry",
            Limit,
            (_, token) => ChildProcess.RunAsync(program, arguments, null, Limit, MaxChars, token)
                .GetAwaiter().GetResult().Output,
            cancellation);
    }
}
