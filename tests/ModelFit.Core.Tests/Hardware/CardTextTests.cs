using System.Globalization;
using ModelFit.Catalog;
using ModelFit.Common;
using ModelFit.Testing;
using ModelFit.Hardware;
using ModelFit.Hardware.Inventory;
using Xunit;

namespace ModelFit.Core.Tests.Hardware;

/// <summary>The digits of a name are no count: one parser of count and name for every door.</summary>
public sealed class CardTextTests
{
    /// <summary>Every name and alias of the catalog, as it is and in both cases.</summary>
    private static IEnumerable<string> Names =>
        EmbeddedText.Rows("gpus.tsv").SelectMany(row => row[21].Split(';').Prepend(row[0]))
            .Where(name => name.Length > 0)
            .SelectMany(name => new[] { name, name.ToUpperInvariant(), name.ToLowerInvariant() }).Distinct();

    [Fact]
    public void Every_name_of_the_catalog_is_one_card_as_it_is_typed() =>
        Assert.All(Names, name => Assert.Equal(
            (name.Trim(), 1), Assert.Single(CardText.Read(name, GpuCatalogLookup.Instance.IsCard, NullSink.Instance))));

    [Fact]
    public void Every_name_of_the_catalog_is_one_card_in_a_row()
    {
        var rows = Names.Select((name, index) => (IReadOnlyDictionary<string, object?>)new Dictionary<string, object?>
        {
            ["ComputerName"] = $"pc{index}",
            ["Gpu"] = name,
        });
        AssertOneEach(InventoryReader.ReadRows(rows, null, GpuCatalogLookup.Instance, NullSink.Instance));
    }

    [Fact]
    public void Every_name_of_the_catalog_is_one_card_in_csv() => AssertOneEach(Read(
        "ComputerName,Graphics card\n" + string.Join("\n", Names.Select((name, index) => $"pc{index},\"{name}\""))));

    [Fact]
    public void Every_name_of_the_catalog_is_one_card_in_json() => AssertOneEach(Read("[" + string.Join(
        ",", Names.Select((name, index) => $"{{\"hostname\":\"pc{index}\",\"gpu\":\"{name}\"}}")) + "]"));

    [Theory]
    [InlineData("GPU 0: {0} (UUID: GPU-5f1cb2ed-d3f2-1a6b-8d4c-6a1d2c3b4e5f)")]
    [InlineData("Name                 : {0}\nAdapterRAM           : 4293918720\nDriverVersion        : 31.0.15.1")]
    public void Every_name_of_the_catalog_is_one_card_in_a_text(string text) => Assert.All(Names, name =>
        Assert.Equal(name, Assert.Single(Assert.Single(Read(
            string.Format(CultureInfo.InvariantCulture, text, name))).Gpus).Name));

    [Theory]
    [InlineData("2x RTX 3090 + RTX 3060", "2 RTX 3090, 1 RTX 3060")]
    [InlineData("2xL40S", "2 L40S")]
    [InlineData("4 × A100 80GB", "4 A100 80GB")]
    [InlineData("2 RTX 3090", "2 RTX 3090")]
    [InlineData("RTX 3090 x2", "2 RTX 3090")]
    [InlineData("RTX 3090 X2", "2 RTX 3090")]
    [InlineData("rtx3090x2", "2 rtx3090")]
    [InlineData("RTX 3090 (x2)", "2 RTX 3090")]
    [InlineData("RTX 3090 (2x)", "2 RTX 3090")]
    [InlineData("RTX 3090 ×2", "2 RTX 3090")]
    [InlineData("20x 3090", "20 3090")]
    [InlineData("16 x 5090", "16 5090")]
    [InlineData("3090 x 16", "16 3090")]
    [InlineData("5090x24", "24 5090")]
    [InlineData("GTX 970", "1 GTX 970")]
    [InlineData("gtx970", "1 gtx970")]
    [InlineData("7900 XTX", "1 7900 XTX")]
    [InlineData("2x 7900 XTX", "2 7900 XTX")]
    [InlineData("RTX 9999", "1 RTX 9999")]
    [InlineData("Unheard FX 5200", "1 Unheard FX 5200")]
    [InlineData("2x Unheard Of", "2 Unheard Of")]
    [InlineData("Unheard Of x2", "1 Unheard Of x2")]
    [InlineData("3090 + 3090", "1 3090, 1 3090")]
    [InlineData("3090, 3090", "1 3090, 1 3090")]
    [InlineData("NVIDIA GeForce RTX 3060, Intel(R) UHD Graphics 770",
        "1 NVIDIA GeForce RTX 3060, 1 Intel(R) UHD Graphics 770")]
    [InlineData("NVIDIA, Inc. RTX 3090", "1 NVIDIA, Inc. RTX 3090")]
    [InlineData("NVIDIA GeForce RTX 3080, 10GB", "1 NVIDIA GeForce RTX 3080, 10GB")]
    [InlineData("Radeon RX 7900 XT/7900 XTX/7900M", "1 Radeon RX 7900 XT/7900 XTX/7900M")]
    [InlineData("Quadro RTX 5000 / Quadro P400", "1 Quadro RTX 5000, 1 Quadro P400")]
    [InlineData("Intel UHD Graphics 630 / NVIDIA GeForce RTX 2060",
        "1 Intel UHD Graphics 630, 1 NVIDIA GeForce RTX 2060")]
    [InlineData("GeForce GTX 1650 Mobile / Max-Q", "1 GeForce GTX 1650 Mobile / Max-Q")]
    [InlineData("Radeon RX 6700/6700 XT/6750 XT / 6800M", "1 Radeon RX 6700/6700 XT/6750 XT / 6800M")]
    public void A_count_is_one_only_where_nothing_else_can_be_meant(string text, string expected) =>
        Assert.Equal(expected, string.Join(", ", CardText.Read(text, GpuCatalogLookup.Instance.IsCard,
            NullSink.Instance).Select(card => $"{card.Count} {card.Name}")));

    [Fact]
    public void More_than_16_cards_are_a_warning_and_more_than_256_an_error()
    {
        var messages = new RecordingSink();
        Assert.Equal(17, Assert.Single(CardText.Read("17x RTX 3090", IsCard, messages)).Count);
        Assert.Contains("17 cards", Assert.Single(messages.Warnings));
        Assert.Equal(16, Assert.Single(CardText.Read("16x RTX 3090", IsCard, messages)).Count);
        Assert.Single(messages.Warnings);
        foreach (var text in new[] { "257x RTX 3090", "2147483647x RTX 3090", "200x 3090 + 57x 3060", "0x 3090" })
        {
            var error = Assert.Throws<ModelFitException>(() => CardText.Read(text, IsCard, messages));
            Assert.Equal(ErrorIds.InvalidArgument, error.ErrorId);
        }

        var failures = new List<string>();
        const string rows = "ComputerName,Gpu,GpuCount\na,RTX 3090,300\nb,300x RTX 3090,\nc,RTX 3090,2";
        var machine = Assert.Single(InventoryReader.ReadText(
            rows, null, GpuCatalogLookup.Instance, NullSink.Instance, error => failures.Add(error.ErrorId)));
        Assert.Equal(("c", 2), (machine.ComputerName, machine.GpuCount));
        Assert.Equal([ErrorIds.InvalidArgument, ErrorIds.InvalidArgument], failures);
    }

    /// <summary>A card that the catalog does not know keeps its name, and the text of it is read back.</summary>
    [Theory]
    [InlineData("Unheard Of 9000", "Unheard Of 9000 (24 GiB)")]
    [InlineData("Weird (rev 2) + card, x2", "Weird  rev 2    card  x2 (24 GiB)")]
    public void A_card_that_is_not_listed_keeps_its_name(string name, string expected)
    {
        var text = GpuCatalog.Describe(
            Enumerable.Repeat(new GpuSpec { Name = name, MemoryBytes = 24L << 30 }, 2).ToList());
        Assert.Equal($"2x {expected}", text);
        var cards = GpuCatalog.ResolveMany(text!, null, NullSink.Instance);
        Assert.Equal((2, 24L << 30), (cards.Count, cards[0].MemoryBytes!.Value));
        Assert.Equal(text, GpuCatalog.Describe(cards));
    }

    [Fact]
    public void Free_memory_is_the_rest_where_only_total_and_used_are_told()
    {
        const string text = "name, memory.total [MiB], memory.used [MiB]\n"
            + "NVIDIA GeForce RTX 3090, 24576 MiB, 20013 MiB";
        Assert.Equal((24576L - 20013) << 20, Assert.Single(Assert.Single(Read(text)).Gpus).MemoryFreeBytes);
    }

    private static bool IsCard(string name) => GpuCatalogLookup.Instance.IsCard(name);

    private static void AssertOneEach(IEnumerable<MachineSpec> machines) => Assert.Equal(
        Names.Select(name => (name, (int?)1)),
        machines.Select(machine => (Assert.Single(machine.Gpus).Name, machine.GpuCount)));

    private static List<MachineSpec> Read(string text) =>
        InventoryReader.ReadText(text, null, GpuCatalogLookup.Instance, NullSink.Instance).ToList();
}
