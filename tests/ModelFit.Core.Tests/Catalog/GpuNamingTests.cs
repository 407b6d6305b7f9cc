using ModelFit.Catalog;
using ModelFit.Hardware;
using Xunit;

namespace ModelFit.Core.Tests.Catalog;

/// <summary>The rules by which names of cards are made: by drivers, shops, clouds and those who share a card.</summary>
public class GpuNamingTests
{
    /// <summary>Names as drivers, shops and people write them, none of which stands in the catalog.</summary>
    [Theory]
    [InlineData("NVIDIA B300 SXM6 AC", "NVIDIA B300", 268)]
    [InlineData("NVIDIA H200 SXM5", "NVIDIA H200 SXM 141GB", 141)]
    [InlineData("AMD Instinct MI300X VF", "AMD Instinct MI300X", 192)]
    [InlineData("AMD Instinct MI210 VF", "AMD Instinct MI210", 64)]
    [InlineData("MSI GeForce RTX 4070 Ti SUPER 16G VENTUS 3X OC", "NVIDIA GeForce RTX 4070 Ti SUPER", 16)]
    [InlineData("Gigabyte Radeon RX 9070 XT GAMING OC 16G", "AMD Radeon RX 9070 XT", 16)]
    [InlineData("GV-R79XTXGAMING OC-24GD", "AMD Radeon RX 7900 XTX", 24)]
    [InlineData("GV-N407TSEAGLE OC-16GD", "NVIDIA GeForce RTX 4070 Ti SUPER", 16)]
    [InlineData("TUF-RTX4070TI-O12G-GAMING", "NVIDIA GeForce RTX 4070 Ti", 12)]
    [InlineData("PowerColor Hellhound AMD Radeon RX 7800 XT 16GB", "AMD Radeon RX 7800 XT", 16)]
    [InlineData("ROG Strix RTX 3080 10GB White", "NVIDIA GeForce RTX 3080 10GB", 10)]
    [InlineData("Lenovo Legion laptop with RTX 4070", "NVIDIA GeForce RTX 4070 Laptop GPU", 8)]
    [InlineData("AMD Ryzen 7 7840U w/ Radeon 780M Graphics", "AMD Radeon 780M Graphics", null)]
    [InlineData("AMD Ryzen 9 8945HS", "AMD Radeon 780M Graphics", null)]
    [InlineData("AMD RYZEN AI MAX+ PRO 395", "AMD Radeon 8060S Graphics", null)]
    [InlineData("Intel(R) Core(TM) Ultra 7 258V", "Intel Arc 140V GPU", null)]
    [InlineData("MacBook Pro M4 Max 36GB", "Apple M4 Max 36GB", 36)]
    [InlineData("Mac Studio M3 Ultra 256GB", "Apple M3 Ultra 256GB", 256)]
    [InlineData("Strix Halo [Radeon Graphics / Radeon 8050S Graphics / Radeon 8060S Graphics]",
        "AMD Radeon 8060S Graphics", null)]
    [InlineData("rtx4060ti16g", "NVIDIA GeForce RTX 4060 Ti 16GB", 16)]
    [InlineData("10de:2204", "NVIDIA GeForce RTX 3090", 24)]
    [InlineData("RTX 3070 16GB mod", "NVIDIA GeForce RTX 3070", 16)]
    [InlineData("Ryzen 5 5600G", "AMD Radeon Vega 7 Graphics", null)]
    [InlineData("GMKtec EVO-X2 96GB", "AMD Radeon 8060S Graphics", 96)]
    [InlineData("Tenstorrent Blackhole p150a", "Tenstorrent Blackhole p150", 32)]
    [InlineData("rtx4060ti16", "NVIDIA GeForce RTX 4060 Ti 16GB", 16)]
    [InlineData("rtx2080ti22", "NVIDIA GeForce RTX 2080 Ti 22GB", 22)]
    public void A_name_is_understood_by_rule(string name, string card, int? gib)
    {
        var found = Assert.Single(GpuCatalog.ResolveMany(name, null, NullSink.Instance));
        Assert.Equal((card, gib * (1L << 30)), (found.Name, found.MemoryBytes));
    }

    /// <summary>Cards that were never made, and texts of two.</summary>
    [Theory]
    [InlineData("RTX 5090 Ti")]
    [InlineData("ryzen")]
    [InlineData("snapdragon")]
    [InlineData("9950X3D")]
    [InlineData("RTX 5060 Ti 12GB")]
    [InlineData("RTX 3090 SUPER")]
    [InlineData("M4 Ultra")]
    [InlineData("RTX 3060 Ti vs RTX 3070")]
    [InlineData("MSI RTX 9999 GAMING X TRIO 24GB")]
    [InlineData("rtx4060ti12")]
    public void What_was_never_made_is_unknown(string name) => Assert.Equal(
        ErrorIds.GpuNotFound,
        Assert.Throws<ModelFitException>(() => GpuCatalog.ResolveMany(name, null, NullSink.Instance)).ErrorId);

    /// <summary>Profiles of NVIDIA's MIG user guide: memory slices of eight, processor slices of seven.</summary>
    [Theory]
    [InlineData("NVIDIA A100-SXM4-80GB MIG 3g.40gb", "NVIDIA A100 SXM4 80GB MIG 3g.40gb", 40, 0.5, 3)]
    [InlineData("NVIDIA-H100-80GB-HBM3-MIG-1g.10gb", "NVIDIA H100 SXM5 80GB MIG 1g.10gb", 10, 0.125, 1)]
    [InlineData("NVIDIA A30 MIG 2g.12gb", "NVIDIA A30 MIG 2g.12gb", 12, 0.5, 2)]
    [InlineData("H200 NVL MIG 7g.141gb", "NVIDIA H200 NVL MIG 7g.141gb", 141, 1, 7)]
    public void An_instance_of_mig_is_a_share_of_its_card(string name, string card, int gib, double share, int slices)
    {
        var part = GpuCatalog.Resolve(name, null, NullSink.Instance);
        var whole = GpuCatalog.Resolve(
            name.Substring(0, name.IndexOf("MIG", StringComparison.Ordinal) - 1), null, NullSink.Instance);
        Assert.Equal((card, (long)gib << 30), (part.Name, part.MemoryBytes));
        Assert.Equal(share, (double)part.MemoryBandwidth! / (double)whole.MemoryBandwidth!, 0.01);
        Assert.Equal(whole.ShaderUnits * slices / 7, part.ShaderUnits);
        Assert.Equal(part.Name, GpuCatalog.Describe([part]));
    }

    /// <summary>Names of NVIDIA's Virtual GPU Software User Guide.</summary>
    [Theory]
    [InlineData("MIG 1g.23gb", "NVIDIA B200 MIG 1g.23gb", 23)]
    [InlineData("A100 3g.20gb", "NVIDIA A100 SXM4 40GB MIG 3g.20gb", 20)]
    [InlineData("nvidia.com/mig-2g.12gb", "NVIDIA A30 MIG 2g.12gb", 12)]
    public void A_profile_tells_its_card(string name, string card, int gib)
    {
        var part = GpuCatalog.Resolve(name, null, NullSink.Instance);
        Assert.Equal((card, (long)gib << 30), (part.Name, part.MemoryBytes));
    }

    [Theory]
    [InlineData("MIG 1g.10gb")]
    [InlineData("1g.24gb")]
    public void A_profile_of_cards_of_several_architectures_is_ambiguous(string name) => Assert.Equal(
        ErrorIds.GpuAmbiguous,
        Assert.Throws<ModelFitException>(() => GpuCatalog.Resolve(name, null, NullSink.Instance)).ErrorId);

    [Theory]
    [InlineData("NVIDIA RTXA6000-48Q", "NVIDIA RTX A6000", 48)]
    [InlineData("GRID A100X-40C", "NVIDIA A100 SXM4 40GB", 40)]
    [InlineData("GRID T4-16Q", "NVIDIA Tesla T4", 16)]
    [InlineData("NVIDIA A16-8Q", "NVIDIA A16", 8)]
    [InlineData("GRID V100DX-32C", "NVIDIA Tesla V100 SXM2 32GB", 32)]
    [InlineData("NVIDIA L40S-12Q", "NVIDIA L40S", 12)]
    [InlineData("H100XM-80C", "NVIDIA H100 SXM5 80GB", 80)]
    public void A_virtual_card_has_memory_of_its_own(string name, string card, int gib)
    {
        var part = GpuCatalog.Resolve(name, null, NullSink.Instance);
        Assert.Equal((card, (long)gib << 30, "VGPU"), (part.Name, part.MemoryBytes, part.VirtualizationMode));
    }

    [Theory]
    [InlineData("g6e.12xlarge", "4x NVIDIA L40S", 384)]
    [InlineData("ml.g5.48xlarge", "8x NVIDIA A10G", 768)]
    [InlineData("Standard_ND96isr_H100_v5", "8x NVIDIA H100 SXM5 80GB", 1900)]
    [InlineData("nv12ads_a10_v5", "NVIDIA A10 (8 GiB)", 110)]
    [InlineData("a2-ultragpu-4g", "4x NVIDIA A100 SXM4 80GB", 680)]
    [InlineData("BM.GPU.MI300X.8", "8x AMD Instinct MI300X", 2048)]
    [InlineData("DGX H100", "8x NVIDIA H100 SXM5 80GB", 2048)]
    [InlineData("g2.2xlarge", "NVIDIA GRID K520", 15)]
    [InlineData("Standard_NC12", "2x NVIDIA Tesla K80", 112)]
    [InlineData("ecs.gn6i-c4g1.xlarge", "NVIDIA Tesla T4", 15)]
    [InlineData("g6f.2xlarge", "NVIDIA L4 (6 GiB)", 32)]
    public void A_rented_machine_is_known_by_its_type(string name, string cards, int gib)
    {
        var machine = KnownMachines.Find(name, NullSink.Instance)!;
        Assert.Equal((cards, (long)gib << 30), (machine.Gpu, machine.SystemMemoryBytes));
        Assert.Equal(cards, GpuCatalog.Describe(GpuCatalog.ResolveMany(name, null, NullSink.Instance)));
    }

    [Fact]
    public void Every_system_names_cards_of_the_catalog_and_its_source()
    {
        Assert.True(KnownSystems.All.Count >= 120);
        Assert.All(KnownSystems.All, system =>
        {
            Assert.NotNull(GpuCatalog.Resolve(system.Card, null, NullSink.Instance).MemoryBytes);
            Assert.NotEmpty(system.Source);
            Assert.InRange(system.Count, 1, 72);
        });
    }

    [Fact]
    public void Every_processor_has_a_card_of_the_catalog() => Assert.All(
        ModelFit.Common.EmbeddedText.Rows("processors.tsv"),
        cells => Assert.Equal(cells[1], GpuCatalog.Resolve(cells[1], null, NullSink.Instance).Name));

    [Theory]
    [InlineData("dual RTX 3090", 2)]
    [InlineData("two RTX 3090", 2)]
    [InlineData("two 3090s", 2)]
    [InlineData("2x 3090s", 2)]
    [InlineData("three RTX 3090", 3)]
    [InlineData("quad 3090", 4)]
    [InlineData("2x Dell OEM RTX 3090", 2)]
    [InlineData("2x RTX 3090", 2)]
    public void Cards_are_counted_before_words_are_left_out(string name, int count) =>
        Assert.Equal(count, GpuCatalog.ResolveMany(name, null, NullSink.Instance)
            .Count(gpu => gpu.Name == "NVIDIA GeForce RTX 3090"));
}
