using System.Globalization;
using ModelFit.Catalog;
using ModelFit.Testing;
using ModelFit.Hardware.Inventory;
using Xunit;

namespace ModelFit.Core.Tests.Hardware;

/// <summary>What is no inventory is an error, and what is one is read or said to be odd.</summary>
public sealed class NoNonsenseTests
{
    private const long Mib = 1L << 20;

    [Theory]
    [InlineData("Graphics\nThe quick fox\nJumps")]
    [InlineData("nvidia-cublas-cu12        12.4.5.8\nnvidia-cudnn-cu12         9.1.0.70")]
    [InlineData("gpu-operator   nvidia-driver-x   1/1   Running\ngpu-operator   nvidia-dcgm-y   1/1   Running")]
    [InlineData("# gpu   pwr  temp    sm   mem\n# Idx     W     C     %     %\n    0    15    59     3")]
    [InlineData("+----+\n| GPU instance profiles: |\n| GPU  Name  ID  Memory |\n|   0  MIG 1g.5gb  19  4.75  |")]
    [InlineData("\tGPU0\tGPU1\tCPU Affinity\nGPU0\t X \tNV12\t0-31\nGPU1\tNV12\t X \t0-31")]
    [InlineData("Name;Model;Manufacturer;Serial;Type\nPC-1;OptiPlex;Dell;1;PC")]
    [InlineData("{\"hostname\":\"h\",\"os\":\"linux\",\"kernel\":{\"name\":\"Linux\"}}")]
    [InlineData("{\"gpus\":[{\"id\":1,\"state\":\"ok\"}]}")]
    [InlineData("time,uptime,nvp model,gpu,ram\n2026-01-01,1 day,MAXN,0,5234")]
    [InlineData("{\"pid\":7,\"hostname\":\"h\",\"mem\":1008}")]
    [InlineData("{\"id\":26515966,\"end_time\":1,\"cpu\":1,\"mem\":\"128G\"}")]
    [InlineData("NAME  CPU(cores)  CPU%  MEMORY(bytes)  MEMORY%\nn1    250m        1%    3Gi            2%")]
    [InlineData("GPU 00000000:65:00.0\n    GRID T4-1Q\n    GRID T4-2Q")]
    [InlineData("166,8631,CPU,24a,2026-03-05 13:00:13\n167,8631,RAM,00000000,2026-03-05 13:00:13")]
    [InlineData("timestamp, power.draw [W]\n2026/10/30 18:42:33.189, 22.89 W\n2026/10/30 18:42:34.189, 22.73 W")]
    [InlineData("{\"gpu\":[{\"name\":\"RTX 3050\"},{\"name\":\"RTX 3060\"},{\"name\":\"RTX 4060\"}," +
        "{\"name\":\"RTX 4070\"},{\"name\":\"RX 6600\"},{\"name\":\"RX 7600\"},{\"name\":\"Arc B580\"}]}")]
    [InlineData("<device><name>pci_0000_00_1f_6</name><capability type='pci'><class>0x020000</class>" +
        "<product id='0x156f'>Ethernet</product><vendor id='0x8086'>Intel</vendor></capability></device>")]
    [InlineData("[{\"Name\":\"2060\",\"CudaCore\":1920,\"MemoryTotal\":6}," +
        "{\"Name\":\"2070\",\"CudaCore\":2304,\"MemoryTotal\":8}]")]
    [InlineData("{\"cards\":[{\"address\":\"0000:01:00.0\",\"index\":0,\"pci\":null}]}")]
    [InlineData("{\"devid\":\"0x1BA1\",\"name\":\"NVIDIA GeForce GTX 1070\",\"features\":[\"geforce\"]}")]
    [InlineData("PARTITION NODES GRES    GB/core\nmilan     4     a100:4  8\ngenoa     44            1")]
    [InlineData("hardware_notes:\n  gpu: replace-me\n  ram_gb: 0\n  guidance: choose later")]
    [InlineData("### Minimum\n- **CPU**: 4 cores\n- **RAM**: 8 GB\n- **GPU**: NVIDIA GTX 1060 6 GB\n" +
        "### Recommended\n- **CPU**: i7-9700K\n- **RAM**: 32 GB\n- **GPU**: NVIDIA RTX 3090 24 GB")]
    [InlineData(" - OS: [Windows 10]\n - CPU: [e.g. Intel Core i7]\n - GPU: [e.g. NVIDIA GeForce RTX 3060]\n")]
    [InlineData("04:00.0 VGA compatible controller [0300]: ASPEED Technology, Inc. ASPEED Graphics [1a03:2000]")]
    [InlineData("00:00.0 Host bridge: Intel Corporation 8th Gen Core Host Bridge (rev 07)\n" +
        "00:01.0 PCI bridge: Intel Corporation PCIe Controller (x16) (rev 07)")]
    [InlineData("GPU models and configuration: \nGPU 0: NVIDIA A100-SXM4-80GB\nGPU 1: NVI")]
    [InlineData("GPU: any NVIDIA RTX 3060 or better will do.\nMemory: 16 GB is enough for most people.")]
    [InlineData("## 1.4.0\n- GPU: added support for NVIDIA GeForce RTX 5090\n- RAM: reduced use by 2 GB")]
    [InlineData("### What do I need for 13B?\n- RAM: 32 GB\n- GPU: RTX 3090 24 GB\n" +
        "### What do I need for 70B?\n- RAM: 64 GB\n- GPU: 2x RTX 3090 24 GB")]
    [InlineData("## Budget build ($800)\n- **CPU**: Ryzen 5 5600\n- **GPU**: RTX 3060 12GB\n- **RAM**: 32 GB\n" +
        "## High-end build\n- **CPU**: Ryzen 9 7950X\n- **GPU**: RTX 4090 24GB\n- **RAM**: 128 GB")]
    [InlineData("System requirements\n\nProcessor: Intel Core i5-8400\nMemory: 12 GB RAM\nGraphics: GTX 1060 6 GB")]
    [InlineData("Legion 5\nGraphics: NVIDIA GeForce RTX 3060 6GB\nMemory: 16 GB DDR5\nAdd to cart")]
    [InlineData("| Option | GPU | RAM |\n|---|---|---|\n| Small | 1x T4 | 16 GB |\n| Large | 8x A100 | 1 TB |")]
    [InlineData("| Model | Memory | GPU |\n|---|---|---|\n| 7B | 6 GB | RTX 2060 |\n| 13B | 10 GB | RTX 3080 |")]
    [InlineData("GPU            Memory    Architecture\nRTX 3090       24 GB     Ampere\n" +
        "H100           80 GB     Hopper")]
    [InlineData("kind: Pod\nmetadata:\n  name: p\nspec:\n  resources:\n    limits:\n      memory: 16Gi\n      cpu: 4")]
    [InlineData("name: build\njobs:\n  test:\n    env:\n      MEMORY: 16GB\n    steps:\n      - run: nvidia-smi")]
    [InlineData("name: train\nimage: pytorch:2.1\nresources:\n  gpu: 1\n  memory: 16GB\n  cpu: 4")]
    [InlineData("rule train:\n  gpu: 1\n  mem: 64000")]
    [InlineData("jobs:\n  - name: train-1\n    gpu: a100\n    memory: 64GB\n    command: python train.py")]
    [InlineData("resources:\n  accelerators: A100:8\n  memory: 64+\nrun: python train.py")]
    [InlineData("- CPU: Ryzen 5 5600\n- RAM: Mind. 16 GB, besser 32 GB\n- GPU: RTX 3060 12GB")]
    [InlineData("- CPU: i5-12400 ou plus récent\n- RAM: 16 Go\n- GPU: RTX 3060")]
    [InlineData("- 处理器: i5-12400 或更高\n- 内存: 16GB\n- 显卡: RTX 3060")]
    [InlineData("- CPU: i7-12700\n- RAM: 16GB+\n- GPU: RTX 3060")]
    [InlineData("- CPU: i7-12700\n- RAM: 16-32 GB\n- GPU: RTX 3060")]
    [InlineData("- CPU: i7-12700\n- RAM: 16 GB?\n- GPU: RTX 3060")]
    [InlineData("**pve1** (tower)\n- CPU: Xeon E5-2680 v4\n- RAM: 256GB\n- GPU: Tesla P40\n\n" +
        "**pve2**\n- CPU: Xeon E5-1650 v3\n- RAM: 64GB")]
    [InlineData("## Starter\n- CPU: Ryzen 5 5600\n- RAM: 32 GB\n- GPU: RTX 3060\n" +
        "## Dream\n- CPU: Ryzen 9 7950X\n- RAM: 128 GB\n- GPU: RTX 4090")]
    [InlineData("ID  GPU Model      VRAM  Price/hr  Region\n1   RTX 4090       24GB  $0.34     EU\n" +
        "2   A100 80GB      80GB  $1.19     US")]
    [InlineData("Users   CPU cores  RAM    GPU\n10      8          32GB   1x L4\n100     32         128GB  4x L40S")]
    [InlineData("| Name | # of Nodes | Mem size | CPU |\n|---|---|---|---|\n| low | 6 | 125 G | Xeon |")]
    [InlineData("prompt eval time = 412.11 ms\nGPU: 0\nMemory: 5.2 GB used\nCPU: 12%")]
    [InlineData("# Workspace of RTX 3090\n- CPU: Intel Core i9-10980XE\n- GPU: RTX 3090\n- Memory: 64 GB\n" +
        "# Workspace of V100\n- CPU: Intel Xeon E5-2630 v4\n- GPU: Tesla V100 SXM2 16GB")]
    [InlineData("| Part | Least | Better |\n|---|---|---|\n| CPU | X86 64 bit 8 core | X86 64 bit 16 core |\n" +
        "| RAM | 32 GB | 64 GB |\n| GPU VRAM | 16 GB | 24 GB |")]
    [InlineData("| Item | Paper | Mine |\n|---|---|---|\n| CPU | AMD Ryzen 7 5800H | Intel |\n" +
        "| RAM | 32 GB | 64 GB |\n| GPU | RTX 3060 Laptop (6GB) | **RTX 5060 Ti (16GB)** |")]
    [InlineData("| Device | Time (2000 epochs) | Speedup |\n|---|---|---|\n| RTX 4090 (CUDA) | ~10-15 min | 6x |")]
    [InlineData("{\"model\":\"mixtral8x7b\",\"gpu_memory_gb\":24,\"kv_cache_budget_gb\":8}")]
    [InlineData("- **CPU**: Dual-core ARM11 @ 268 MHz\n- **RAM**: 128 MB")]
    [InlineData("n01 tmp:844G\nn02 gpu:2,tmp:844G")]
    [InlineData("- one (local)\n    Chip: Apple M1 Pro\n    Memory: 16 GB\n    Graphics/Displays:\n" +
        "        Chipset Model: Apple M1 Pro\n- two (remote)\n    CPU: Intel Xeon Gold 6326\n    Memory: 256GB RAM\n" +
        "    GPU: 7x RTX 3090 24GB")]
    public void What_tells_of_no_hardware_is_an_error(string text)
    {
        var errors = new List<string>();
        try
        {
            Assert.Empty(Read(text, errors));
            Assert.NotEmpty(errors);
        }
        catch (ModelFitException error)
        {
            Assert.Equal(ErrorIds.UnknownInventory, error.ErrorId);
        }
    }

    [Theory]
    [InlineData("Host,GPUs,GPU type,GPU memory,RAM\nn1,4,NVIDIA L40S,44GB,998GB", "n1", 4, 44 * 1024)]
    [InlineData("Host,GPU,RAM\nn1,16,512GB", "n1", 16, null)]
    [InlineData("Host,Cores,RAM,GPU\nn1,2x32,512GB,RTX 4090", "n1", 1, 24 * 1024)]
    [InlineData("Host,Cores,RAM,GPU\nn1,many,512GB,RTX 4090", "n1", 1, 24 * 1024)]
    [InlineData("Name,GPU 1,GPU 2\nn1,RTX 3090,RTX 3090", "n1", 2, 24 * 1024)]
    [InlineData("sep=;\nHost;GPU\nn1;RTX 3090", "n1", 1, 24 * 1024)]
    [InlineData("[{\"name\":\"vm-a\",\"host\":\"h1\",\"ram_gb\":8},{\"name\":\"vm-b\",\"host\":\"h1\",\"ram_gb\":16}]",
        "vm-a", null, null)]
    [InlineData("{\"node-1\":{\"gpu\":\"RTX 3090\"},\"node-2\":{\"gpu\":\"RTX 3090\"}}", "node-1", 1, 24 * 1024)]
    [InlineData("Name0,VideoProcessor0,AdapterRAM0,TotalPhysicalMemory0\nPC1,RTX 3060 12GB,4293918720,33554432",
        "PC1", 1, 12 * 1024)]
    [InlineData("Computer Name,Model,Processor Type,Total RAM MB\nmac1,MacBook Pro,Intel Core i9,36864", "mac1", null,
        null)]
    [InlineData("Host Name:  PC1\nOS Name:    Microsoft Windows 11 Pro\nTotal Physical Memory:     32,468 MB", "PC1",
        null, null)]
    [InlineData("Host,# VMs,vRAM,# Memory\nesx1,9,524288,1048237", "esx1", null, null)]
    [InlineData("Device Name,Host,Memory Size In KB\nNVIDIA A40,esx1,47185920", "esx1", 1, 45 * 1024)]
    [InlineData("hostname: atlas\ncpu: Ryzen 9\nram: 128GB\ngpus:\n  - name: RTX 4090\n    vram: 24GB", "atlas", 1,
        24 * 1024)]
    [InlineData("NAME   GPU  MEMORY   PRODUCT\nnode-a 4    503Gi    NVIDIA-A100-SXM4-80GB", "node-a", 4, 80 * 1024)]
    [InlineData("NODELIST NODES STATE CPUS MEMORY\nn001 1 idle 64 515000", "n001", null, null)]
    [InlineData("Capacity     DeviceLocator\n17179869184  DIMM1\n17179869184  DIMM2", null, null, null)]
    [InlineData("Host,GPU\nws-rtx3090,RTX 3090", "ws-rtx3090", 1, 24 * 1024)]
    [InlineData("nvidia_smi_gpu_info{name=\"NVIDIA GeForce RTX 3090\",uuid=\"a\"} 1\n"
        + "nvidia_smi_memory_total_bytes{uuid=\"a\"} 2.5769803776e+10", null, 1, 24 * 1024)]
    [InlineData("hostname,cpu,maxmem\npve1,0.05,135082524672", "pve1", null, null)]
    public void Columns_are_read_by_meaning(string text, string? computer, int? count, int? memory)
    {
        var machine = Read(text, [])[0];
        Assert.Equal((computer, count, memory * Mib), (machine.ComputerName, machine.GpuCount, machine.GpuMemoryBytes));
    }

    [Theory]
    [InlineData("31,8 GB", null, 34144990003)]
    [InlineData("16,384 MB", null, 16384 * Mib)]
    [InlineData("16.384 MB", null, 16384 * Mib)]
    [InlineData("16 309 Mo", null, 16309 * Mib)]
    [InlineData("16\u00A0309 Mo", null, 16309 * Mib)]
    [InlineData("2x16GB DDR5", null, 32768 * Mib)]
    [InlineData("16.0 GB (15.8 GB usable)", null, 16384 * Mib)]
    [InlineData("16384", "MiB", 16384 * Mib)]
    [InlineData("1.024,5 MB", null, 1074266112L)]
    [InlineData("23,5", null, null)]
    [InlineData("16 apples", null, null)]
    [InlineData("", null, null)]
    public void A_size_is_what_it_can_only_be(string text, string? unit, long? bytes) =>
        Assert.Equal(bytes, CellSize.Parse(text, unit, CellSize.Bare.System, null, false));

    [Theory]
    [InlineData("512", 512 * Mib)]
    [InlineData("16384", 16384 * Mib)]
    [InlineData("16777216", 16384 * Mib)]
    [InlineData("17179869184", 16384 * Mib)]
    [InlineData("64", 65536 * Mib)]
    public void A_bare_number_of_system_memory_has_the_only_likely_unit(string text, long bytes) =>
        Assert.Equal(bytes, CellSize.Parse(text, null, CellSize.Bare.System, null, false));

    [Theory]
    [InlineData("- CPU: i7-12700\n- RAM: 16GB+\n- GPU: RTX 3060", "'RAM: 16GB+'")]
    [InlineData("- CPU: i7-12700\n- RAM: 16GB\n- CPU: i5-9600K\n- RAM: 8GB", "told twice")]
    [InlineData("## Starter\n- CPU: Ryzen 5 5600\n- RAM: 32 GB\n## Dream\n- CPU: Ryzen 9 7950X\n- RAM: 128 GB",
        "'Starter'")]
    public void A_list_that_states_nothing_says_where(string text, string where) => Assert.Contains(
        where, Assert.Throws<ModelFitException>(() => Read(text, [])).Message);

    [Theory]
    [InlineData("gpu-01", true)]
    [InlineData("titan", true)]
    [InlineData("Login Node", true)]
    [InlineData("Proxmox node 1", true)]
    [InlineData("Alice's laptop (Fedora)", true)]
    [InlineData("Server 2: `hydra-2`", true)]
    [InlineData("Entry-level workstation", false)]
    [InlineData("Budget PC ($800)", false)]
    [InlineData("Minimum", false)]
    [InlineData("minimum", false)]
    [InlineData("Server for 70B", false)]
    [InlineData("Gaming", false)]
    public void A_heading_names_a_computer_or_not(string title, bool names) =>
        Assert.Equal(names, ListTitles.NamesComputer(title));

    [Fact]
    public void A_culture_says_whose_numbers_they_are()
    {
        const string text = "Rechner,RAM (GB)\npc1,\"31,8\"";
        var options = new InventoryOptions(CultureInfo.GetCultureInfo("de-DE"), default);
        var machine = Assert.Single(InventoryReader.ReadText(
            text, null, GpuCatalogLookup.Instance, NullSink.Instance, options: options));
        Assert.Equal(34144990003, machine.SystemMemoryBytes);
    }

    [Fact]
    public void A_cap_of_4_GiB_beside_a_known_card_is_repaired_with_a_warning()
    {
        var messages = new RecordingSink();
        var machines = InventoryReader.ReadText(
            "ComputerName,Graphics card,VRAM (MB)\na,NVIDIA GeForce RTX 3060 12GB,4095\nb,Unheard 9000,4095\n"
            + "c,NVIDIA GeForce RTX 3060 12GB,12288", null, GpuCatalogLookup.Instance, messages).ToList();
        Assert.Equal([12288 * Mib, null, 12288 * Mib], machines.Select(machine => machine.Gpus[0].MemoryBytes));
        Assert.Contains("RTX 3060", Assert.Single(messages.Warnings));
    }

    [Fact]
    public void A_neural_processing_unit_is_named_and_no_GPU()
    {
        var machine = Assert.Single(Read(
            "PSComputerName,Name,AdapterRAM\nai,Intel(R) AI Boost,0\nai,NVIDIA GeForce RTX 4090,4293918720", []));
        Assert.Equal(("Intel(R) AI Boost", 1), (machine.Npu, machine.GpuCount));
    }

    [Fact]
    public void Adapters_of_many_computers_that_no_column_names_are_an_error_that_shows_the_columns()
    {
        var rows = Enumerable.Range(0, 100).Select(_ => "RTX 3090,4293918720");
        var text = "Adapter,AdapterRAM\n" + string.Join("\n", rows);
        var errors = new List<string>();
        Assert.Empty(Read(text, errors));
        Assert.Equal([ErrorIds.MissingColumn], errors);
    }

    [Theory]
    [InlineData("a | CHANGED | rc=0 >>\nGPU 0: Tesla T4 (UUID: GPU-1)\nb | CHANGED | rc=0 >>\n"
        + "GPU 0: Tesla T4 (UUID: GPU-2)\nGPU 1: Tesla T4 (UUID: GPU-3)", "a 1, b 2")]
    [InlineData("a | CHANGED | rc=0 >>\nMem:  64216  12033  30211  120  21971  51500\nb | CHANGED | rc=0 >>\n"
        + "Mem:  128671  12033  90211  120  21971  115500", "a , b ")]
    [InlineData("u@a:~$ nvidia-smi -L\nGPU 0: Tesla T4 (UUID: GPU-1)\nu@b:~$ nvidia-smi -L\n"
        + "GPU 0: NVIDIA L4 (UUID: GPU-2)", "a 1, b 1")]
    [InlineData("u@a:~$ ssh b\nWelcome to Ubuntu 22.04\nu@b:~$ nvidia-smi -L\nGPU 0: Tesla T4 (UUID: GPU-1)", "b 1")]
    [InlineData("GPU 0: Tesla T4 (UUID: GPU-1)\nGPU 1: Tesla T4 (UUID: GPU-2)\nGPU 0: Tesla T4 (UUID: GPU-3)",
        " 2,  1")]
    [InlineData("NVSMI LOG==\nAttached GPUs : 1\nGPU 00000000:00:1E.0\n    FB Memory Usage\n"
        + "        Total   : 15360 MiB\n        Used    : 2 MiB", " 1")]
    [InlineData("Graphics:\n  Device-1: NVIDIA GA104 [GeForce RTX 3070] driver: nvidia v: 535.129\nMemory:\n"
        + "  System RAM: total: 64 GiB available: 62.55 GiB used: 4.2 GiB", " 1")]
    public void Each_host_of_a_text_has_its_own_cards(string text, string machines) => Assert.Equal(
        machines, string.Join(", ", Read(text, []).Select(machine => $"{machine.ComputerName} {machine.GpuCount}")));

    private static List<MachineSpec> Read(string text, List<string> errors) => InventoryReader.ReadText(
        text, null, GpuCatalogLookup.Instance, NullSink.Instance, error => errors.Add(error.ErrorId)).ToList();
}
