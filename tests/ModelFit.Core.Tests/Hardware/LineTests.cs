using ModelFit.Catalog;
using ModelFit.Hardware.Inventory;
using Xunit;

namespace ModelFit.Core.Tests.Hardware;

/// <summary>
/// Outputs of a few lines, in the forms that kernels and tools print them: a machine with its memory in MiB, its
/// processor, and its cards with their memory in MiB.
/// </summary>
public class LineTests
{
    private const string Rx = "AMD Radeon RX 6700 XT";

    [Theory]
    [InlineData("[ 3.4] xe 0001:03:00.0: [drm] Found battlemage (device ID e212) discrete display version 14.01\n"
        + "[ 3.5] xe 0001:03:00.0: [drm] VRAM[0]: Actual physical size 0x0000000400000000, usable size 0x3fb000000",
        " - : Intel Arc Pro B50 16384")]
    [InlineData("amdgpu 0000:06:00.0: enabling device (0006 -> 0007)\n"
        + "[drm] initializing kernel modesetting (RENOIR 0x1002:0x1638 0x17AA:0x3A4F 0xC5).",
        " - : PCI device 1002:1638")]
    [InlineData("radeon 0000:00:01.0: VRAM: 32M 0x0000000000000000 - 0x0000000001FFFFFF (32M used)",
        " - : AMD GPU 32")]
    [InlineData("drmn0: VRAM: 1024M 0x0000000000000000 - 0x000000003FFFFFFF (1024M used)", " - : AMD GPU 1024")]
    [InlineData("level=INFO source=amd_linux.go:235 msg=\"[0] amdgpu totalMemory 25753026560\"\n"
        + "level=INFO source=amd_linux.go:236 msg=\"[0] amdgpu freeMemory  25753026560\"", " - : AMD GPU 24560")]
    [InlineData("GPU0:\n vendorID = 0x1002\n deviceID = 0x73df\n deviceType = PHYSICAL_DEVICE_TYPE_DISCRETE_GPU\n"
        + " deviceName = AMD Radeon RX 6700 XT (RADV NAVI22)\n driverID = DRIVER_ID_MESA_RADV\nGPU1:\n"
        + " vendorID = 0x1002\n deviceID = 0x73df\n deviceType = PHYSICAL_DEVICE_TYPE_DISCRETE_GPU\n"
        + " deviceName = AMD Radeon RX 6700 XT\n driverID = DRIVER_ID_AMD_PROPRIETARY", $" - : {Rx} 12288")]
    [InlineData("Video Card:\nDriver: Mesa zink Vulkan 1.3(AMD Radeon RX 6700 XT (AMD_OPEN_SOURCE))\n"
        + "Driver Version: 4.6 (Compatibility Profile) Mesa 24.1.2-arch1.1\nPrimary VRAM: 12288 MB",
        $" - : {Rx} 12288")]
    [InlineData("n1\n     ntype = PBS\n     resources_available.gpu_mem = 10240mb\n"
        + "     resources_available.mem = 131072mb\n     resources_available.ngpus = 1", "n1 131072 : GPU 10240")]
    [InlineData("=== System Info ===\nIntel(R) Core(TM) i5-7267U CPU @ 3.10GHz\n8 GB RAM",
        " 8192 Intel(R) Core(TM) i5-7267U CPU @ 3.10GHz: ?")]
    [InlineData("* Distribution: Manjaro Linux\n* GPU: NVIDIA GeForce RTX 3070 8GB VRAM",
        " - : NVIDIA GeForce RTX 3070 8192")]
    [InlineData("<td>id:</td><td><div class=\"id\">box-1</div></td>\n"
        + "<td>id:</td><td><div class=\"id\">cpu:0</div></td>\n"
        + "<td>description: </td><td>CPU [empty]</td>\n<td>product: </td><td>Pentium Pro</td>\n"
        + "<td>id:</td><td><div class=\"id\">cpu:1</div></td>\n"
        + "<td>product: </td><td>Intel(R) Celeron(R) 2957U @ 1.40GHz</td>\n"
        + "<td>id:</td><td><div class=\"id\">memory</div></td>\n"
        + "<td>size: </td><td>1880MiB</td>", "box-1 1880 Intel(R) Celeron(R) 2957U @ 1.40GHz: ?")]
    [InlineData("Имя ОС\tМайкрософт Windows 10 Pro\nВерсия\t10.0.19045 Сборка 19045\nИзготовитель ОС\tMicrosoft\n"
        + "Дополнительно\tНедоступно\nИмя системы\tPC-RU\nТип\tx64\n"
        + "Процессор\tAMD Ryzen 5 3400G, 3900 МГц, ядер: 4, логических процессоров: 8\n"
        + "Установленная оперативная память (RAM)\t16,0 ГБ", "PC-RU 16384 AMD Ryzen 5 3400G: ?")]
    [InlineData("Полный объем физической памяти:            16 323 МБ\n"
        + "Доступная физическая память:               9 000 МБ", " 16323 : ?")]
    public void A_few_lines_tell_a_machine(string text, string expected) => Assert.Equal(expected, Read(text, []));

    [Theory]
    [InlineData("{\"Physical Memory\": \"32.00 GB\", \"Processor\": \"AMD Ryzen AI 9 HX 375\", \"Disk\": 16",
        " 32768 AMD Ryzen AI 9 HX 375: ?")]
    [InlineData("\"Memory\": \"32 GB\",\n  \"gpus\": [ { \"name\": \"NVIDIA RTX A4000\", \"vram_gb\": 16 },"
        + " { \"vram_gb\": 1", " 32768 : NVIDIA RTX A4000 16384")]
    public void What_is_cut_off_is_read_as_far_as_it_goes_and_said(string text, string expected)
    {
        var errors = new List<string>();
        Assert.Equal(expected, Read(text, errors));
        Assert.Equal([ErrorIds.UnknownInventory], errors);
    }

    private static string Read(string text, List<string> errors) => string.Join(" | ", InventoryReader.ReadText(
        text, null, GpuCatalogLookup.Instance, NullSink.Instance, error => errors.Add(error.ErrorId)).Select(Line));

    private static string Line(MachineSpec machine)
    {
        var cards = machine.GpuCount is null ? "?" : string.Join("; ", machine.Gpus.Select(card =>
            $"{card.Name} {card.MemoryBytes >> 20}".TrimEnd()));
        var memory = machine.SystemMemoryBytes is { } bytes ? $"{bytes >> 20}" : "-";
        return $"{machine.ComputerName} {memory} {machine.Cpu}: {cards}";
    }
}
