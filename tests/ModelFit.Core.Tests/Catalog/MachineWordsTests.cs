using ModelFit.Catalog;
using Xunit;

namespace ModelFit.Core.Tests.Catalog;

/// <summary>What people type of a machine beside its cards.</summary>
public sealed class MachineWordsTests
{
    [Theory]
    [InlineData("RTX 3090 24GB, 64GB DDR4", "RTX 3090 24GB", 64, null)]
    [InlineData("2x A100-SXM4-80GB + 1TB RAM", "2x A100-SXM4-80GB", 1024, null)]
    [InlineData("RTX 4090 with 64 GiB of RAM", "RTX 4090", 64, null)]
    [InlineData("RTX 4090, Ryzen 9 7950X, 64 GB DDR5-6000", "RTX 4090", 64, "Ryzen 9 7950X")]
    [InlineData("2x L40S, 512 GiB DDR5-4800 ECC, Xeon 8480+", "2x L40S", 512, "Xeon 8480+")]
    [InlineData("2x 3090 + 64GB RAM + Threadripper 3960X", "2x 3090", 64, "Threadripper 3960X")]
    [InlineData("NVIDIA RTX A6000 (48GB), 128 GB system memory", "NVIDIA RTX A6000 (48GB)", 128, null)]
    [InlineData("RTX 3090 64GB RAM", "RTX 3090", 64, null)]
    [InlineData("RTX 3090, RTX 3090, i9-13900K, 64GB RAM", "RTX 3090, RTX 3090", 64, "i9-13900K")]
    [InlineData("RTX 3090, Ryzen AI Max+ 395", "RTX 3090", null, "Ryzen AI Max+ 395")]
    [InlineData("RTX 3060, 9950X3D, 64GB RAM", "RTX 3060", 64, "9950X3D")]
    [InlineData("no gpu, 128 GB ram, EPYC 7763", "", 128, "EPYC 7763")]
    [InlineData("64 GB RAM", "", 64, null)]
    [InlineData("CPU only", "", null, null)]
    public void The_rest_of_a_machine_is_told_from_its_cards(string text, string cards, int? gib, string? cpu)
    {
        var words = MachineWords.Of(text);
        Assert.NotNull(words);
        Assert.Equal(cards, words.Cards);
        Assert.Equal(gib * (1L << 30), words.Rest.SystemMemoryBytes);
        Assert.Equal(cpu, words.Rest.Cpu);
    }

    [Theory]
    [InlineData("M3 Max, 64GB RAM", "M3 Max 64GB")]
    [InlineData("M2 Ultra with 192GB unified memory", "M2 Ultra 192GB")]
    [InlineData("Ryzen AI Max+ 395, 128GB RAM", "Ryzen AI Max+ 395 128GB")]
    [InlineData("RTX 3090 24GB RAM", "RTX 3090 24GB")]
    public void The_memory_of_a_chip_or_of_the_card_itself_stays_with_it(string text, string cards)
    {
        var words = MachineWords.Of(text);
        Assert.NotNull(words);
        Assert.Equal(cards, words.Cards);
        Assert.Null(words.Rest.SystemMemoryBytes);
    }

    [Theory]
    [InlineData("RTX 3090")]
    [InlineData("2x RTX 3090 + RTX 3060 12GB")]
    [InlineData("Ryzen AI Max+ 395")]
    [InlineData("AMD Ryzen 7 5800H with Radeon Graphics")]
    [InlineData("Intel Core i7-1165G7 with Iris Xe")]
    [InlineData("Intel(R) Core(TM) Ultra 7 155H")]
    [InlineData("Ryzen 9 7950X")]
    [InlineData("Processor graphics")]
    [InlineData("RTX 3090 24GB GDDR6X")]
    [InlineData("NVIDIA A100-SXM4-80GB, NVIDIA A100-SXM4-80GB")]
    [InlineData("")]
    [InlineData(", ; +")]
    public void A_text_of_cards_alone_is_left_as_it_is(string text) => Assert.Null(MachineWords.Of(text));

    [Fact]
    public void The_speed_of_its_memory_is_read()
    {
        var words = MachineWords.Of("RTX 4090, 64 GB DDR5-6000");
        Assert.Equal(6000, words?.Rest.MemorySpeed);
        Assert.Equal("DDR5", words?.Rest.MemoryType);
    }

    /// <summary>A link that is said is no faster than the card's own, and the form of a card is no link.</summary>
    [Theory]
    [InlineData("RTX 3090 PCIe 3.0 x4", 1, 3, 4)]
    [InlineData("2x RTX 3090 (PCIe 3.0 x8)", 2, 3, 8)]
    [InlineData("RTX 3090 @ PCI-E Gen3", 1, 3, 16)]
    [InlineData("RTX 3090, PCIe x4", 1, 4, 4)]
    [InlineData("RTX 3090 PCI Express 4.0 x 8", 1, 4, 8)]
    [InlineData("RTX 3090 Gen4 x8", 1, 4, 8)]
    [InlineData("RTX 3090 PCIe3x4", 1, 3, 4)]
    [InlineData("RTX 3090 PCIe x4 x2", 2, 4, 4)]
    [InlineData("RTX 3090 PCIe 5.0 x16", 1, 4, 16)]
    [InlineData("RTX 3090 PCIe", 1, 4, 16)]
    [InlineData("A100 PCIe 40GB", 1, 4, 16)]
    public void The_link_of_a_card_is_read(string text, int count, int generation, int lanes)
    {
        var cards = GpuCatalog.ResolveMany(text, null, NullSink.Instance);
        Assert.Equal(count, cards.Count);
        Assert.All(cards, card => Assert.Equal((generation, lanes), (card.PcieGeneration, card.PcieLanes)));
    }
}
