using ModelFit.Hardware.Inventory;
using ModelFit.Hardware.Remote;
using Xunit;

namespace ModelFit.Core.Tests.Hardware;

/// <summary>Setups of our own, in the form of the tools: what is read, as cards and MiB of the first card.</summary>
public class SetupsTests
{
    [Theory]
    [InlineData("GPU 0: NVIDIA GeForce RTX 3090 (UUID: GPU-1)\nGPU 1: NVIDIA GeForce RTX 3090 (UUID: GPU-2)", 2, 24576)]
    [InlineData(
        "GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-1)\n  MIG 3g.20gb Device 0: (UUID: MIG-1)\n" +
        "  MIG 1g.5gb Device 1: (UUID: MIG-2)", 2, 20480)]
    [InlineData("name, memory.total [MiB], memory.used [MiB]\nNVIDIA GB10, [N/A], [N/A]", 1, null)]
    [InlineData("name, memory.total [MiB]\nNVIDIA GeForce RTX 3090, 24576\nNVIDIA GeForce RTX 3080, 10240", 2, 24576)]
    [InlineData("index, name, memory.total [MiB]\n0, X, 8192 MiB\n0, X, 8192 MiB", 1, 8192)]
    [InlineData("No devices were found", 0, null)]
    [InlineData(
        "<nvidia_smi_log><gpu><product_name>NVIDIA GeForce RTX 3090</product_name><fb_memory_usage>" +
        "<total>24576 MiB</total>", 1, 24576)]
    [InlineData(
        "<nvidia_smi_log><gpu><product_name>GRID P4-1Q</product_name><fb_memory_usage><total>1024 MiB</total>" +
        "</fb_memory_usage></gpu></nvidia_smi_log>", 1, 1024)]
    [InlineData(
        "<nvidia_smi_log><gpu><product_name>NVIDIA Z</product_name><fb_memory_usage><total>N/A</total>" +
        "</fb_memory_usage></gpu></nvidia_smi_log>", 1, null)]
    [InlineData("{\"card0\":{\"Device ID\":\"0x744c\",\"VRAM Total Memory (B)\":\"25753026560\"}}", 1, 24560)]
    [InlineData("WARNING: low power\n{\"card0\":{\"Card series\":\"N/A\"}}", 1, null)]
    [InlineData("[{\"gpu\":0,\"asic\":{\"market_name\":\"Z\"},\"vram\":{\"size\":{\"value\":65520,\"unit\":\"MB\"}}}]",
        1, 65520)]
    [InlineData("{\"SPHardwareDataType\":[{\"chip_type\":\"Apple M1 Max\",\"physical_memory\":\"64 GB\"}]}", 1, 53084)]
    [InlineData("{\"SPHardwareDataType\":[{\"chip_type\":\"Apple M1 Max\",\"physical_memory\":\"32 GB\"}]}", 1, 25559)]
    [InlineData(
        "00:02.0 VGA compatible controller [0300]: Intel Corporation X [8086:9a49]\n" +
        "01:00.0 3D controller [0302]: NVIDIA Corporation GA102 [GeForce RTX 3090] [10de:2204] (rev a1)", 1, 24576)]
    [InlineData("01:00.0 \"3D controller [0302]\" \"NVIDIA Corporation [10de]\" \"GA102 [2204]\" -ra1 \"\" \"\"", 1,
        24576)]
    [InlineData("00:00.0 Host bridge [0600]: Intel Corporation Sky Lake-E DMI3 Registers [8086:2020] (rev 04)\n" +
        "04:00.0 VGA compatible controller [0300]: ASPEED Technology, Inc. ASPEED Graphics Family [1a03:2000]",
        0, null)]
    [InlineData("Name=NVIDIA GeForce RTX 3090\nAdapterRAM=4293918720", 1, 24576)]
    [InlineData("Name : Unheard Of\nAdapterRAM : 4293918720", 1, null)]
    [InlineData(
        "Card name: NVIDIA GeForce RTX 3090\nDedicated Memory: 24340 MB\nCard name: NVIDIA GeForce RTX 3090\n" +
        "Dedicated Memory: 24340 MB", 1, 24340)]
    [InlineData(
        "Machine name: ANNA\nLanguage: Deutsch\nCard name: AMD Radeon RX 7900 XTX\n" +
        "Dedicated Memory: 24492 MB\nShared Memory: n/a", 1, 24492)]
    [InlineData("NodeName=n1 RealMemory=64000 Gres=gpu:a100:4(S:0-1),gpu:v100:2 CPUTot=8", 6, null)]
    [InlineData("NodeName=n1 RealMemory=64000 Gres=(null) CPUTot=8", 0, null)]
    [InlineData(
        "{\"kind\":\"Node\",\"metadata\":{\"name\":\"a\",\"labels\":{\"nvidia.com/gpu.product\":\"Tesla-T4\"," +
        "\"nvidia.com/gpu.count\":\"2\",\"nvidia.com/gpu.memory\":\"15360\"}}}", 2, 15360)]
    [InlineData(
        "kind: Node\nmetadata:\n  name: a\nstatus:\n  capacity:\n    memory: 64Gi\n" +
        "    nvidia.com/mig-1g.5gb: \"3\"", 3, 5120)]
    [InlineData(
        "DCGM_FI_DEV_FB_FREE{gpu=\"0\",UUID=\"G\",Hostname=\"h\"} 1000\n" +
        "DCGM_FI_DEV_FB_USED{gpu=\"0\",UUID=\"G\",Hostname=\"h\"} 24", 1, 1024)]
    [InlineData(
        "HKEY_LOCAL_MACHINE\\x\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0000\n" +
        "    HardwareInformation.qwMemorySize    REG_QWORD    0x600000000", 1, 24576)]
    public void A_setup_is_read(string text, int cards, int? firstMib)
    {
        var machine = Assert.Single(
            InventoryReader.ReadText(text, null, FakeCatalog.Instance, NullSink.Instance).ToList());
        Assert.Equal(cards, machine.GpuCount);
        Assert.Equal(firstMib, (int?)(machine.Gpus.FirstOrDefault()?.MemoryBytes >> 20));
    }

    [Theory]
    [InlineData("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.")]
    [InlineData("<nvidia_smi_log><driver_version>5")]
    [InlineData("22280, 24564, 7")]
    [InlineData("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}")]
    public void A_broken_driver_or_export_is_an_error(string text)
    {
        var error = Assert.Throws<ModelFitException>(() =>
            InventoryReader.ReadText(text, null, FakeCatalog.Instance, NullSink.Instance).ToList());
        Assert.Equal(ErrorIds.UnknownInventory, error.ErrorId);
    }

    [Theory]
    [InlineData("node7", null, "node7", null)]
    [InlineData("me@node7:2222", "me", "node7", 2222)]
    [InlineData("[2001:db8::1]:22", null, "2001:db8::1", 22)]
    [InlineData("2001:db8::1", null, "2001:db8::1", null)]
    public void A_host_is_taken_apart(string text, string? user, string name, int? port) =>
        Assert.Equal(new SshHost(name, user, port), SshHost.Parse(text));

    [Theory]
    [InlineData("-oProxyCommand=touch /tmp/x")]
    [InlineData("a;reboot")]
    [InlineData("$(id)")]
    [InlineData("-l@host")]
    [InlineData("host:99999")]
    [InlineData("a b")]
    [InlineData("")]
    public void A_hostile_host_is_an_error(string text)
    {
        var error = Assert.Throws<ModelFitException>(() => SshHost.Parse(text));
        Assert.Equal(ErrorIds.InvalidArgument, error.ErrorId);
    }
}
