using ModelFit.Catalog;
using Xunit;

namespace ModelFit.Core.Tests.Catalog;

public sealed class GpuCatalogTests
{
    private const long GiB = 1L << 30;

    /// <summary>
    /// Names as people, drivers and tools write them (nvidia-smi, WMI, lspci, llama.cpp's device lists).
    /// </summary>
    [Theory]
    [InlineData("3090", "NVIDIA GeForce RTX 3090")]
    [InlineData("rtx3090", "NVIDIA GeForce RTX 3090")]
    [InlineData("RTX-3090", "NVIDIA GeForce RTX 3090")]
    [InlineData("RTX 3090 24GB", "NVIDIA GeForce RTX 3090")]
    [InlineData("GeForce RTX 3090", "NVIDIA GeForce RTX 3090")]
    [InlineData("nvidia geforce rtx 3090", "NVIDIA GeForce RTX 3090")]
    [InlineData("NVIDIA Corporation GA102 [GeForce RTX 3090] (rev a1)", "NVIDIA GeForce RTX 3090")]
    [InlineData("NVIDIA GeForce RTX 3090 (NVK GA102)", "NVIDIA GeForce RTX 3090")]
    [InlineData("MSI GeForce RTX 3090 SUPRIM", "NVIDIA GeForce RTX 3090")]
    [InlineData("3090 ti", "NVIDIA GeForce RTX 3090 Ti")]
    [InlineData("3060", "NVIDIA GeForce RTX 3060")]
    [InlineData("RTX 3060 12GB", "NVIDIA GeForce RTX 3060")]
    [InlineData("RTX 3060 8GB", "NVIDIA GeForce RTX 3060 8GB")]
    [InlineData("3080 12GB", "NVIDIA GeForce RTX 3080 12GB")]
    [InlineData("rtx 3080 10g", "NVIDIA GeForce RTX 3080 10GB")]
    [InlineData("4060ti 16GB", "NVIDIA GeForce RTX 4060 Ti 16GB")]
    [InlineData("4070 Ti Super", "NVIDIA GeForce RTX 4070 Ti SUPER")]
    [InlineData("4070 GDDR6", "NVIDIA GeForce RTX 4070 GDDR6")]
    [InlineData("4090 laptop", "NVIDIA GeForce RTX 4090 Laptop GPU")]
    [InlineData("RTX 4090 Mobile", "NVIDIA GeForce RTX 4090 Laptop GPU")]
    [InlineData("NVIDIA GeForce RTX 5090 Laptop GPU", "NVIDIA GeForce RTX 5090 Laptop GPU")]
    [InlineData("RTX 5090 Laptop", "NVIDIA GeForce RTX 5090 Laptop GPU")]
    [InlineData("RTX 5090", "NVIDIA GeForce RTX 5090")]
    [InlineData("RTX 4090 48GB", "NVIDIA GeForce RTX 4090 48GB")]
    [InlineData("GTX 1650 Ti", "NVIDIA GeForce GTX 1650 Ti Laptop GPU")]
    [InlineData("GTX 1060 6GB", "NVIDIA GeForce GTX 1060 6GB")]
    [InlineData("GTX 1080 with Max-Q Design", "NVIDIA GeForce GTX 1080 with Max-Q Design")]
    [InlineData("NVIDIA TITAN RTX", "NVIDIA TITAN RTX")]
    [InlineData("TITAN Xp", "NVIDIA TITAN Xp")]
    [InlineData("TITAN X (Pascal)", "NVIDIA TITAN X (Pascal)")]
    [InlineData("A1000", "NVIDIA RTX A1000")]
    [InlineData("A100 80GB", "NVIDIA A100 SXM4 80GB")]
    [InlineData("a100-sxm4-80gb", "NVIDIA A100 SXM4 80GB")]
    [InlineData("NVIDIA A100-SXM4-40GB", "NVIDIA A100 SXM4 40GB")]
    [InlineData("NVIDIA A100 80GB PCIe", "NVIDIA A100 PCIe 80GB")]
    [InlineData("NVIDIA A100-PCIE-40GB", "NVIDIA A100 PCIe 40GB")]
    [InlineData("H100", "NVIDIA H100 SXM5 80GB")]
    [InlineData("H100 80GB", "NVIDIA H100 SXM5 80GB")]
    [InlineData("H100 PCIe", "NVIDIA H100 PCIe 80GB")]
    [InlineData("NVIDIA H100 80GB HBM3", "NVIDIA H100 SXM5 80GB")]
    [InlineData("NVIDIA H100 NVL", "NVIDIA H100 NVL 94GB")]
    [InlineData("H200", "NVIDIA H200 SXM 141GB")]
    [InlineData("NVIDIA GH200 480GB", "NVIDIA GH200 96GB")]
    [InlineData("GB10", "NVIDIA GB10")]
    [InlineData("DGX Spark", "NVIDIA GB10")]
    [InlineData("l40s", "NVIDIA L40S")]
    [InlineData("L4", "NVIDIA L4")]
    [InlineData("Tesla T4", "NVIDIA Tesla T4")]
    [InlineData("NVIDIA T4", "NVIDIA Tesla T4")]
    [InlineData("Tesla V100-SXM2-32GB", "NVIDIA Tesla V100 SXM2 32GB")]
    [InlineData("Tesla P100-PCIE-16GB", "NVIDIA Tesla P100 PCIe 16GB")]
    [InlineData("P40", "NVIDIA Tesla P40")]
    [InlineData("M40 24GB", "NVIDIA Tesla M40 24GB")]
    [InlineData("RTX A6000", "NVIDIA RTX A6000")]
    [InlineData("A6000", "NVIDIA RTX A6000")]
    [InlineData("Quadro RTX A6000", "NVIDIA RTX A6000")]
    [InlineData("Quadro RTX 6000", "NVIDIA Quadro RTX 6000")]
    [InlineData("RTX 6000 Ada", "NVIDIA RTX 6000 Ada Generation")]
    [InlineData("NVIDIA RTX 6000 Ada Generation", "NVIDIA RTX 6000 Ada Generation")]
    [InlineData("RTX 8000", "NVIDIA Quadro RTX 8000")]
    [InlineData("P5000", "NVIDIA Quadro P5000")]
    [InlineData("RTX PRO 6000", "NVIDIA RTX PRO 6000 Blackwell Workstation Edition")]
    [InlineData("RTX PRO 6000 Blackwell Server Edition", "NVIDIA RTX PRO 6000 Blackwell Server Edition")]
    [InlineData("RTX PRO 6000 Max-Q", "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition")]
    [InlineData("7900xtx", "AMD Radeon RX 7900 XTX")]
    [InlineData("AMD Radeon RX 7900 XTX", "AMD Radeon RX 7900 XTX")]
    [InlineData("AMD Radeon RX 7900 XTX (RADV NAVI31)", "AMD Radeon RX 7900 XTX")]
    [InlineData("AMD Radeon(TM) RX 7900 XT", "AMD Radeon RX 7900 XT")]
    [InlineData("7900M", "AMD Radeon RX 7900M")]
    [InlineData("9060 xt 16gb", "AMD Radeon RX 9060 XT 16GB")]
    [InlineData("W7900", "AMD Radeon PRO W7900")]
    [InlineData("R9700", "AMD Radeon AI PRO R9700")]
    [InlineData("MI300X", "AMD Instinct MI300X")]
    [InlineData("AMD Instinct MI300X", "AMD Instinct MI300X")]
    [InlineData("MI50 32GB", "AMD Radeon Instinct MI50 32GB")]
    [InlineData("Radeon VII", "AMD Radeon VII")]
    [InlineData("AMD Radeon(TM) Graphics", "AMD Radeon Graphics")]
    [InlineData("AMD Radeon 780M Graphics", "AMD Radeon 780M Graphics")]
    [InlineData("Radeon 8060S", "AMD Radeon 8060S Graphics")]
    [InlineData("Ryzen AI Max+ 395", "AMD Radeon 8060S Graphics")]
    [InlineData("Intel(R) Arc(TM) A750 Graphics", "Intel Arc A750")]
    [InlineData("Intel(R) Arc(TM) A770 Graphics 16GB", "Intel Arc A770 16GB")]
    [InlineData("b580", "Intel Arc B580")]
    [InlineData("Arc Pro B60", "Intel Arc Pro B60")]
    [InlineData("Intel(R) UHD Graphics 630", "Intel UHD Graphics 630")]
    [InlineData("Intel Corporation CoffeeLake-S GT2 [UHD Graphics 630]", "Intel UHD Graphics 630")]
    [InlineData("Intel(R) UHD Graphics", "Intel UHD Graphics")]
    [InlineData("Intel(R) Iris(R) Xe Graphics", "Intel Iris Xe Graphics")]
    [InlineData("M3 Max 64GB", "Apple M3 Max 64GB")]
    [InlineData("Apple M4 Max (40-core GPU) 128GB", "Apple M4 Max 128GB")]
    [InlineData("Apple M2 24 GB", "Apple M2 24GB")]
    [InlineData("Jetson AGX Orin 64GB", "NVIDIA Jetson AGX Orin 64GB")]
    [InlineData("Jetson AGX Thor", "NVIDIA Jetson Thor T5000")]
    [InlineData("Jetson Nano", "NVIDIA Jetson Nano")]
    public void Names_resolve(string written, string expected) =>
        Assert.Equal(expected, GpuCatalog.Resolve(written, null, NullSink.Instance).Name);

    [Theory]
    [InlineData("3080", "NVIDIA GeForce RTX 3080 10GB", "NVIDIA GeForce RTX 3080 12GB")]
    [InlineData("RTX 3080", "NVIDIA GeForce RTX 3080 10GB", "NVIDIA GeForce RTX 3080 12GB")]
    [InlineData("RTX 6000", "NVIDIA Quadro RTX 6000", "NVIDIA RTX 6000 Ada Generation")]
    [InlineData("A100", "NVIDIA A100 SXM4 40GB", "NVIDIA A100 SXM4 80GB")]
    [InlineData("M3 Max", "Apple M3 Max 36GB", "Apple M3 Max 128GB")]
    [InlineData("MI300", "AMD Instinct MI300X", "AMD Instinct MI300A")]
    [InlineData("Navi 31 [Radeon RX 7900 XT/7900 XTX]", "AMD Radeon RX 7900 XT", "AMD Radeon RX 7900 XTX")]
    [InlineData("TU102GL [Quadro RTX 6000/8000]", "NVIDIA Quadro RTX 6000", "NVIDIA Quadro RTX 8000")]
    public void Names_of_several_cards_are_ambiguous(string written, string one, string other)
    {
        var error = Assert.Throws<ModelFitException>(() => GpuCatalog.Resolve(written, null, NullSink.Instance));
        Assert.Equal(ErrorIds.GpuAmbiguous, error.ErrorId);
        Assert.Contains("'" + one + "'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'" + other + "'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RTX 3095")]
    [InlineData("GTX 3090")]
    [InlineData("A10000")]
    [InlineData("RTX A100")]
    [InlineData("RTX A6000 Ada")]
    [InlineData("RX 3090")]
    [InlineData("AMD RTX 3090")]
    [InlineData("RTX 3090 40GB")]
    [InlineData("Microsoft Basic Display Adapter")]
    [InlineData("graphics card")]
    [InlineData("[")]
    [InlineData("(/)")]
    public void Other_names_are_not_found(string written)
    {
        var error = Assert.Throws<ModelFitException>(() => GpuCatalog.Resolve(written, null, NullSink.Instance));
        Assert.Equal(ErrorIds.GpuNotFound, error.ErrorId);
        Assert.Equal(FailureKind.NotFound, error.Kind);
    }

    [Fact]
    public void Not_found_names_the_nearest()
    {
        var error = Assert.Throws<ModelFitException>(() => GpuCatalog.Resolve("RTX 3091", null, NullSink.Instance));
        Assert.Contains("'NVIDIA GeForce RTX 3090'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NVIDIA GeForce RTX 3080", 12288L << 20, "NVIDIA GeForce RTX 3080 12GB")]
    [InlineData("NVIDIA GeForce RTX 3080", 10240L << 20, "NVIDIA GeForce RTX 3080 10GB")]
    [InlineData("NVIDIA GeForce RTX 3060", 8192L << 20, "NVIDIA GeForce RTX 3060 8GB")]
    [InlineData("Apple M3 Max", 64 * GiB, "Apple M3 Max 64GB")]
    [InlineData("Tesla T4", 15360L << 20, "NVIDIA Tesla T4")]
    [InlineData("Navi 31 [Radeon RX 7900 XT/7900 XTX/7900 GRE/7900M]", 24 * GiB, "AMD Radeon RX 7900 XTX")]
    [InlineData("RTX 3090", 48 * GiB, "NVIDIA GeForce RTX 3090")]
    public void Memory_decides_and_is_the_answers(string written, long memoryBytes, string expected)
    {
        var gpu = GpuCatalog.Resolve(written, memoryBytes, NullSink.Instance);
        Assert.Equal(expected, gpu.Name);
        Assert.Equal(memoryBytes, gpu.MemoryBytes);
    }

    [Theory]
    [InlineData("3090", 1)]
    [InlineData("2x RTX 3090", 2)]
    [InlineData("2xL40S", 2)]
    [InlineData("2 x L40S", 2)]
    [InlineData("RTX 3090 x2", 2)]
    [InlineData("3090x2", 2)]
    [InlineData("4× A100 80GB", 4)]
    [InlineData("8 H100", 8)]
    [InlineData("2x RTX 3090 + RTX 3060", 3)]
    [InlineData("3090+3060", 2)]
    [InlineData("3090, 3060; 3060 and 3070", 4)]
    [InlineData("2x 24GB GPU", 2)]
    public void Lists_count(string written, int count) =>
        Assert.Equal(count, GpuCatalog.ResolveMany(written, null, NullSink.Instance).Count);

    [Theory]
    [InlineData("0x RTX 3090", ErrorIds.InvalidArgument)]
    [InlineData("9999x RTX 3090", ErrorIds.InvalidArgument)]
    [InlineData("", ErrorIds.EmptyArgument)]
    [InlineData("[N/A]", ErrorIds.EmptyArgument)]
    [InlineData("2x RTX 3095", ErrorIds.GpuNotFound)]
    [InlineData("RTX 9999", ErrorIds.GpuNotFound)]
    [InlineData("RX 9999", ErrorIds.GpuNotFound)]
    [InlineData("3090 + 3080", ErrorIds.GpuAmbiguous)]
    public void Lists_say_what_is_wrong(string written, string errorId) => Assert.Equal(
        errorId,
        Assert.Throws<ModelFitException>(
            () => GpuCatalog.ResolveMany(written, null, NullSink.Instance)).ErrorId);

    public static TheoryData<string> EveryName => new(GpuCatalog.All.Select(gpu => gpu.Name));

    [Theory]
    [MemberData(nameof(EveryName))]
    public void Every_card_is_found_by_its_own_name_and_described_by_it(string name)
    {
        var gpu = GpuCatalog.Resolve(name, null, NullSink.Instance);
        Assert.Equal(name, gpu.Name);
        var text = GpuCatalog.Describe(new[] { gpu, gpu });
        Assert.Equal(
            new[] { name, name },
            GpuCatalog.ResolveMany(text!, null, NullSink.Instance).Select(card => card.Name));
    }

    [Fact]
    public void Descriptions_keep_memory_that_is_not_the_catalogs()
    {
        var gpus = new[]
        {
            GpuCatalog.Resolve("3090", 47 * GiB + 1, NullSink.Instance),
            GpuCatalog.Unnamed(24 * GiB),
            GpuCatalog.Unnamed(24 * GiB),
        };
        var text = GpuCatalog.Describe(gpus);
        Assert.Equal(
            gpus.Select(gpu => (gpu.Name, gpu.MemoryBytes)),
            GpuCatalog.ResolveMany(text!, null, NullSink.Instance).Select(gpu => (gpu.Name, gpu.MemoryBytes)));
        Assert.Null(GpuCatalog.Describe(Array.Empty<GpuSpec>()));
    }

    [Theory]
    [InlineData("10de", "2204", null, "NVIDIA GeForce RTX 3090")]
    [InlineData("0x10DE", "0x2684", null, "NVIDIA GeForce RTX 4090")]
    [InlineData("10de", "220a", null, "NVIDIA GeForce RTX 3080 12GB")]
    [InlineData("10de", "2757", null, "NVIDIA GeForce RTX 4090 Laptop GPU")]
    [InlineData("10de", "20b2", null, "NVIDIA A100 SXM4 80GB")]
    [InlineData("1002", "744c", "c8", "AMD Radeon RX 7900 XTX")]
    [InlineData("1002", "744c", "0xCC", "AMD Radeon RX 7900 XT")]
    [InlineData("1002", "744c", null, null)]
    [InlineData("10de", "ffff", null, null)]
    public void Pci_ids_find_cards(string vendor, string device, string? revision, string? expected) =>
        Assert.Equal(expected, GpuCatalog.FindByPciId(vendor, device, null, revision)?.Name);

    [Theory]
    [InlineData("RTX 30*", "NVIDIA GeForce RTX 3090")]
    [InlineData("NVIDIA GeForce RTX 30*", "NVIDIA GeForce RTX 3090")]
    [InlineData("radeon rx 7900*", "AMD Radeon RX 7900 XTX")]
    [InlineData("RTX 3080", "NVIDIA GeForce RTX 3080 12GB")]
    [InlineData("rtx 5070 t?", "NVIDIA GeForce RTX 5070 Ti")]
    public void Searches_find(string pattern, string expected) =>
        Assert.Contains(expected, GpuCatalog.Search(pattern).Select(gpu => gpu.Name));

    [Fact]
    public void Searches_without_a_match_are_empty_for_wildcards_alone()
    {
        Assert.Empty(GpuCatalog.Search("GTX 99*"));
        Assert.Equal(
            ErrorIds.GpuNotFound, Assert.Throws<ModelFitException>(() => GpuCatalog.Search("GTX 9999")).ErrorId);
    }

    /// <summary>Vendors' data sheets.</summary>
    [Theory]
    [InlineData("RTX 3090", 24, 936.2, 10496, 328, 350)]
    [InlineData("RTX 4090", 24, 1008.4, 16384, 512, 450)]
    [InlineData("RTX 5090", 32, 1792, 21760, 680, 575)]
    [InlineData("L40S", 48, 864, 18176, 568, 350)]
    [InlineData("Tesla T4", 16, 320, 2560, 320, 70)]
    [InlineData("RX 7900 XTX", 24, 960, 6144, null, 355)]
    [InlineData("MI300X", 192, 5300, 19456, null, 750)]
    [InlineData("MI250X", 64, 1638.4, 7040, null, null)]
    public void Facts(string name, int gib, double gigabytes, int shaders, int? tensorCores, int? watts)
    {
        var gpu = GpuCatalog.Resolve(name, null, NullSink.Instance);
        Assert.Equal(gib * GiB, gpu.MemoryBytes);
        Assert.Equal(gigabytes, gpu.MemoryBandwidth!.Value / 1e9, 1);
        Assert.Equal(shaders, gpu.ShaderUnits);
        if (tensorCores is not null) Assert.Equal(tensorCores, gpu.TensorCores);
        if (watts is not null) Assert.Equal(watts, gpu.TdpWatts);
    }

    [Fact]
    public void The_catalog_is_large_and_its_rows_are_whole()
    {
        Assert.True(GpuCatalog.All.Count >= 500, $"{GpuCatalog.All.Count} cards");
        var segments = new HashSet<string>
        {
            "Consumer", "Workstation", "DataCenter", "Mobile", "Integrated", "Embedded", "Mining",
        };
        Assert.All(GpuCatalog.All, gpu =>
        {
            Assert.Contains(gpu.Segment!, segments);
            Assert.True(gpu.MemoryBytes > 0 || gpu.IsUnifiedMemory, gpu.Name);
            Assert.True(gpu.MemoryBandwidth is null or > 1_000_000_000, gpu.Name);
            Assert.StartsWith(gpu.Vendor!, gpu.Name, StringComparison.Ordinal);
            Assert.Matches(@"^(\d{4}-\d\d-\d\d)?$", gpu.ReleaseDate ?? string.Empty);
        });
    }
}
