using ModelFit.Hardware;
using ModelFit.Hardware.Inventory;
using ModelFit.Hardware.Probes;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Hardware.Probes;

/// <summary>Neural processors of this machine: named, and never a card.</summary>
public sealed class NeuralProcessorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HeardMessages _heard = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0x118000", "0x1022", "0x17f0")]
    [InlineData("0x120000", "0x8086", "0x643e")]
    public void Linux_lists_it_by_its_class_and_id(string kind, string vendor, string device)
    {
        foreach (var (name, text) in new[] { ("class", kind), ("vendor", vendor), ("device", device) })
            _folder.Write(text + "\n", "sys", "bus", "pci", "devices", "0000:c4:00.1", name);
        var machine = Complete(UnixGpus.Read(new DiskFiles(_folder.Path), null, null, _heard).ToArray());
        Assert.NotNull(machine.Npu);
        Assert.Empty(machine.Gpus);
    }

    [Fact]
    public void Another_signal_processor_is_none()
    {
        foreach (var (name, text) in new[] { ("class", "0x118000"), ("vendor", "0x8086"), ("device", "0x9d03") })
            _folder.Write(text + "\n", "sys", "bus", "pci", "devices", "0000:00:04.0", name);
        Assert.Empty(PciDisplays.Read(new DiskFiles(_folder.Path)));
    }

    [Fact]
    public void Windows_has_a_class_of_them_in_the_registry()
    {
        var devices = RegistryText.Adapters("""
            HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Class\{f01a9d53-3ff6-48d2-9f97-c8a7004be10c}\0000
                DriverDesc    REG_SZ    Intel(R) AI Boost
                MatchingDeviceId    REG_SZ    PCI\VEN_8086&DEV_643E
            """.Split('\n')).ToArray();
        var machine = Complete(devices);
        Assert.Equal(("Intel(R) AI Boost", 0), (machine.Npu, machine.GpuCount));
    }

    private MachineSpec Complete(DetectedGpu[] devices) => CardJoin.Complete(
        new DetectedMachine(new MachineSpec(), devices), FakeCatalog.Instance, _heard);
}
