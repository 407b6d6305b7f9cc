using ModelFit.Hardware;
using ModelFit.Hardware.Inventory;
using ModelFit.Hardware.Probes;
using ModelFit.Hardware.Remote;
using Xunit;

namespace ModelFit.Core.Tests.Hardware.Probes;

/// <summary>
/// Systems of our own as their files tell of them: a line a file, in the form in which another machine sends them.
/// </summary>
public class SystemsTests
{
    private const long Gib = 1L << 30;
    private const long Mib = 1L << 20;
    private const string Memory = "/proc/meminfo| MemTotal: 67108864 kB| MemAvailable: 33554432 kB";
    private const string Intel = "/sys/bus/pci/devices/0000:00:02.0/";
    private const string Slot1 = "/sys/bus/pci/devices/0000:01:00.0/";
    private const string Card1 = "/sys/class/drm/card1/device/";
    private const string Kfd1 = "/sys/class/kfd/kfd/topology/nodes/1/";

    private readonly HeardMessages _heard = new();

    [Fact]
    public void A_jetsons_gpu_works_in_the_systems_memory()
    {
        var machine = Read(
            Memory, "/proc/device-tree/model| NVIDIA Jetson AGX Orin Developer Kit",
            "/proc/device-tree/compatible| nvidia,p3737-0000+p3701-0005| nvidia,tegra234");
        var card = Assert.Single(machine.Gpus);
        Assert.Equal(("NVIDIA", true, 64 * Gib, 32 * Gib),
            (card.Vendor, card.IsUnifiedMemory, card.MemoryBytes, card.MemoryFreeBytes));
        Assert.Contains("Jetson AGX Orin", card.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Strix_halo_has_its_carve_out_and_what_the_driver_may_take_of_the_systems_memory()
    {
        var machine = Read(
            Memory, Card1 + "vendor| 0x1002", Card1 + "device| 0x1586", Card1 + "revision| 0xc1",
            Card1 + "uevent| PCI_SLOT_NAME=0000:c5:00.0", Card1 + "mem_info_vram_total| 536870912",
            Card1 + "mem_info_vram_used| 100000000", Card1 + "mem_info_gtt_total| 51539607552",
            Card1 + "mem_info_gtt_used| 50000000",
            Kfd1 + "properties| simd_count 80| gfx_target_version 110501| device_id 5510| location_id 50432| domain 0");
        var card = Assert.Single(machine.Gpus);
        Assert.Equal(
            ("gfx1151", true, 48 * Gib + (512 * Mib), 48 * Gib + (512 * Mib) - 150_000_000),
            (card.GfxTarget, card.IsUnifiedMemory, card.MemoryBytes, card.MemoryFreeBytes));
    }

    [Fact]
    public void Amds_tool_adds_what_the_kernel_does_not_tell()
    {
        const string report = "!amd-smi| [{\"gpu\":0,\"asic\":{\"market_name\":\"AMD Instinct MI210\"}," +
            "\"bus\":{\"bdf\":\"0000:03:00.0\"},\"driver\":{\"version\":\"6.12.12\"}," +
            "\"vram\":{\"type\":\"HBM\",\"size\":{\"value\":65520,\"unit\":\"MB\"}}}]";
        var machine = Read(
            report, Card1 + "vendor| 0x1002", Card1 + "device| 0x740f", Card1 + "uevent| PCI_SLOT_NAME=0000:03:00.0",
            Card1 + "mem_info_vram_total| 68702699520", Card1 + "mem_info_vram_used| 10000000",
            Card1 + "gpu_busy_percent| 12", Card1 + "hwmon/hwmon3/temp1_input| 41000",
            Card1 + "hwmon/hwmon3/power1_cap| 300000000");
        var card = Assert.Single(machine.Gpus);
        Assert.Equal(
            ("AMD Instinct MI210", 68702699520, "HBM", "6.12.12", 12, 41, 300),
            (card.Name, card.MemoryBytes, card.MemoryType, card.DriverVersion, card.UtilizationPercent,
                card.Temperature, card.PowerLimitWatts));
    }

    [Fact]
    public void Cards_of_several_vendors_are_listed_and_the_processors_own_is_not()
    {
        const string report = "!nvidia-smi| <nvidia_smi_log><gpu><product_name>NVIDIA GeForce RTX 3090</product_name>" +
            "<pci><pci_bus_id>00000000:01:00.0</pci_bus_id></pci><fb_memory_usage><total>24576 MiB</total>" +
            "</fb_memory_usage></gpu></nvidia_smi_log>";
        var machine = Read(
            report, Slot1 + "class| 0x030000", Slot1 + "vendor| 0x10de", Slot1 + "device| 0x2204",
            Card1 + "vendor| 0x1002", Card1 + "device| 0x744c", Card1 + "uevent| PCI_SLOT_NAME=0000:03:00.0",
            Card1 + "mem_info_vram_total| 25753026560", Intel + "class| 0x030000", Intel + "vendor| 0x8086",
            Intel + "device| 0x9a49");
        Assert.Equal(
            ["NVIDIA GeForce RTX 3090", "AMD Radeon RX 7900 XTX"], machine.Gpus.Select(card => card.Name));
        Assert.Contains(_heard.Verboses, text => text.Contains("part of the processor"));
        Assert.Empty(_heard.Warnings);
    }

    [Fact]
    public void A_broken_driver_is_a_warning_and_the_card_is_known_by_its_id()
    {
        var machine = Read(
            "!nvidia-smi| NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
            Slot1 + "class| 0x030200", Slot1 + "vendor| 0x10de", Slot1 + "device| 0x2204",
            Slot1 + "max_link_speed| 16.0 GT/s PCIe", Slot1 + "max_link_width| 16");
        var card = Assert.Single(machine.Gpus);
        Assert.Equal(("NVIDIA GeForce RTX 3090", 24 * Gib, 4, 16),
            (card.Name, card.MemoryBytes, card.PcieGeneration, card.PcieLanes));
        Assert.Contains("0000:01:00.0", Assert.Single(_heard.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tile0/physical_vram_size_bytes| 17112760320", 17112760320)]
    [InlineData("drm/card0/lmem_total_bytes| 17112760320", 17112760320)]
    [InlineData("resource| 0x0 0x0 0x0| 0x0 0x0 0x0| 0x4000000000 0x43ffffffff 0x14220c", 16 * Gib)]
    public void Intels_card_tells_its_memory_in_one_of_three_ways(string file, long bytes)
    {
        var machine = Read(
            Slot1 + "class| 0x030000", Slot1 + "vendor| 0x8086", Slot1 + "device| 0x56a0", Slot1 + file);
        Assert.Equal(("Intel Arc A770", bytes), (machine.Gpus[0].Name, machine.Gpus[0].MemoryBytes));
    }

    [Theory]
    [InlineData("/proc/self/cgroup| 0::/pod/a", "/sys/fs/cgroup/pod/a/memory.max| 17179869184",
        "/sys/fs/cgroup/pod/a/memory.current| 5368709120",
            "/sys/fs/cgroup/pod/a/memory.stat| inactive_file 1073741824")]
    [InlineData("/proc/self/cgroup| 0::/pod/a", "/sys/fs/cgroup/pod/memory.max| 17179869184",
        "/sys/fs/cgroup/pod/memory.current| 4294967296", "/sys/fs/cgroup/pod/a/memory.max| max")]
    [InlineData("/proc/self/cgroup| 4:memory:/docker/b", "/sys/fs/cgroup/memory/memory.limit_in_bytes| 17179869184",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes| 4294967296",
        "/sys/fs/cgroup/memory/memory.stat| total_inactive_file 0")]
    public void A_containers_limit_is_its_memory(params string[] files)
    {
        var machine = Read([Memory, .. files]);
        Assert.Equal((16 * Gib, 12 * Gib), (machine.SystemMemoryBytes, machine.SystemMemoryFreeBytes));
        Assert.Contains(_heard.Verboses, text => text.Contains("control group"));
    }

    [Theory]
    [InlineData("/proc/sys/kernel/osrelease| 5.15.153.1-microsoft-standard-WSL2", "WSL")]
    [InlineData("/sys/class/dmi/id/sys_vendor| QEMU", "KVM")]
    [InlineData("/.dockerenv|", "Docker")]
    [InlineData("/proc/1/cgroup| 0::/kubepods.slice/x", "Kubernetes")]
    [InlineData("/proc/cpuinfo| flags : fpu hypervisor avx2", "hypervisor")]
    [InlineData("/proc/meminfo| MemTotal: 1 kB", null)]
    public void Virtualization_is_seen(string file, string? expected) =>
        Assert.Equal(expected, Read(file).Virtualization);

    [Fact]
    public void A_management_controller_is_no_gpu()
    {
        var machine = Read(Memory, Slot1 + "class| 0x030000", Slot1 + "vendor| 0x1a03", Slot1 + "device| 0x2000");
        Assert.Equal((0, null), (machine.GpuCount, machine.Gpu));
    }

    [Fact]
    public void A_macs_limit_for_the_gpu_counts_before_the_default()
    {
        const string sysctl = "hw.memsize: 34359738368\nhw.physicalcpu: 10\nhw.logicalcpu: 10\n" +
            "machdep.cpu.brand_string: Apple M1 Max\niogpu.wired_limit_mb: 26000\nvm.page_free_count: 100000\n" +
            "vm.page_purgeable_count: 1000\nhw.pagesize: 16384\nkern.osproductversion: 15.5\n" +
            "hw.optional.neon: 1\nhw.optional.arm.FEAT_DotProd: 1\nhw.optional.arm.FEAT_SME: 0\n";
        var machine = CardJoin.Complete(MacProbe.Read(sysctl, null), FakeCatalog.Instance, _heard);
        var card = Assert.Single(machine.Gpus);
        Assert.Equal(("Apple M1 Max", true, 26000 * Mib), (card.Name, card.IsUnifiedMemory, card.MemoryBytes));
        Assert.Equal(("macOS 15.5", 32 * Gib, 101000L * 16384, "NEON DOTPROD"),
            (machine.OperatingSystem, machine.SystemMemoryBytes, machine.SystemMemoryFreeBytes, machine.CpuFeatures));
        var byDefault = MacProbe.Read(sysctl.Replace("mb: 26000", "mb: 0", StringComparison.Ordinal), null);
        Assert.Equal(Apple.WorkingSetBytes(32 * Gib), byDefault.Gpus![0].Facts.MemoryBytes);
    }

    [Fact]
    public void Windows_adapters_have_the_registrys_memory_and_software_is_left_out()
    {
        var registry = RegistryText.Adapters("""
            HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}\0000
                DriverDesc    REG_SZ    AMD Radeon RX 7900 XTX
                MatchingDeviceId    REG_SZ    PCI\VEN_1002&DEV_744C&REV_C8
                HardwareInformation.qwMemorySize    REG_QWORD    0x5ff000000
                DriverVersion    REG_SZ    32.0.1
            HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}\0001
                DriverDesc    REG_SZ    NVIDIA GeForce RTX 3080
                MatchingDeviceId    REG_SZ    pci\ven_10de&dev_2216
                HardwareInformation.qwMemorySize    REG_QWORD    0x280000000
            """.Split('\n')).ToList();
        DxgiAdapter[] adapters =
        [
            new("AMD Radeon RX 7900 XTX", PciId.Create("1002", "744C"), 4 * Gib, 32 * Gib, false, 1, 23 * Gib, Gib),
            new("AMD Radeon RX 7900 XTX", PciId.Create("1002", "744C"), 4 * Gib, 32 * Gib, false, 1, 23 * Gib, Gib),
            new("Intel(R) UHD Graphics 770", PciId.Create("8086", "4680"), 128 * Mib, 32 * Gib, false, 2, null, null),
            new("Microsoft Basic Render Driver", PciId.Create("1414", "008C"), 0, 32 * Gib, true, 3, null, null),
        ];
        var cards = WindowsProbe.Merge(null, registry, adapters);
        var machine = CardJoin.Complete(new DetectedMachine(new MachineSpec(), cards), FakeCatalog.Instance, _heard);
        var card = Assert.Single(machine.Gpus);
        Assert.Equal(
            ("AMD Radeon RX 7900 XTX", 0x5ff000000, 22 * Gib, "32.0.1"),
            (card.Name, card.MemoryBytes, card.MemoryFreeBytes, card.DriverVersion));
        Assert.Equal(2, WindowsProbe.Merge(null, registry, null).Count);
        Assert.Equal(3, WindowsProbe.Merge([registry[1]], registry, adapters).Count);
    }

    [Fact]
    public void The_firmwares_table_tells_slots_and_maker()
    {
        byte[] system = [1, 8, 0, 0, 1, 2, 0, 0, .. Texts("QEMU", "Standard PC")];
        byte[] table =
        [
            .. system, .. Slot("Controller0-ChannelA-DIMM0", 0x7FFF, 49152, 5600),
            .. Slot("Controller0-ChannelB-DIMM0", 16384, 0, 5600), .. Slot("Controller1-ChannelA-DIMM0", 0, 0, 0),
            127, 4, 0, 0, 0, 0,
        ];
        var modules = SmbiosTable.Modules(table);
        Assert.Equal(
            [(48 * Gib, "DDR5", 5600, 64), (16 * Gib, "DDR5", 5600, 64)],
            modules.Select(module => (module.Bytes!.Value, module.Type!, module.Speed!.Value, module.DataBits!.Value)));
        Assert.Equal("KVM", UnixFacts.Hypervisor(SmbiosTable.Product(table)));
        var machine = Dmidecode.Facts(new MachineSpec(), modules, _heard);
        Assert.Equal(("DDR5", 5600, 2, 89_600_000_000),
            (machine.MemoryType, machine.MemorySpeed, machine.MemoryChannels, machine.MemoryBandwidth));
        for (var length = 0; length < table.Length; length++) Assert.InRange(SmbiosTable.Modules(table[..length])
            .Count, 0, 2);
        Assert.Equal([0, 0, 1], WindowsSystem.Relations(Entries(0, 0, 1)));
    }

    private static byte[] Entries(params int[] relations) => relations.SelectMany(relation =>
        BitConverter.GetBytes(relation).Concat(BitConverter.GetBytes(16)).Concat(new byte[8])).ToArray();

    private static byte[] Slot(string locator, int size, int extendedMib, int speed)
    {
        var bytes = new byte[0x22];
        (bytes[0], bytes[1], bytes[0x10], bytes[0x12]) = (17, 0x22, 1, 0x22);
        BitConverter.GetBytes((short)64).CopyTo(bytes, 0x0A);
        BitConverter.GetBytes((ushort)size).CopyTo(bytes, 0x0C);
        BitConverter.GetBytes((ushort)speed).CopyTo(bytes, 0x15);
        BitConverter.GetBytes(extendedMib).CopyTo(bytes, 0x1C);
        BitConverter.GetBytes((ushort)speed).CopyTo(bytes, 0x20);
        return [.. bytes, .. Texts(locator)];
    }

    private static byte[] Texts(params string[] texts) =>
        System.Text.Encoding.ASCII.GetBytes(string.Concat(texts.Select(text => text + "\0")) + "\0");

    /// <summary>The machine of files, each as <c>path| line| line</c>.</summary>
    private MachineSpec Read(params string[] files)
    {
        var sections = files.Select(file => "=== " + string.Join("\n", file.Split('|')) + "\n");
        var answer = RemoteAnswer.Parse(string.Concat(sections) + "=== end\n");
        Assert.True(answer.IsComplete);
        return CardJoin.Complete(answer.Machine("host", _heard), FakeCatalog.Instance, _heard);
    }
}
