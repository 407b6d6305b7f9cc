using ModelFit.Catalog;
using ModelFit.Hardware.Inventory;
using Xunit;

namespace ModelFit.Core.Tests.Hardware;

public class RowsTests
{
    private const long Gib = 1L << 30;

    [Theory]
    [InlineData("ComputerName,Gpu,SystemMemory\npc1,NVIDIA GeForce RTX 3090,64GB", "pc1", 1, 24, 64)]
    [InlineData("DNSHostName;Graphics card;RAM (GB)\npc1;2x NVIDIA GeForce RTX 3090;64", "pc1", 2, 24, 64)]
    [InlineData("host\tgpu\tGpuCount\tVRAM_GB\nn7\tFancyCard\t3\t12", "n7", 3, 12, null)]
    [InlineData("#TYPE System.Object\n\"PSComputerName\",\"Gpu\",\"GpuMemoryBytes\"\n\"a\",\"\",\"8589934592\"", "a",
        1, 8, null)]
    [InlineData("[{\"ComputerName\":\"j\",\"Gpu\":\"NVIDIA GeForce RTX 3090\",\"SystemMemoryBytes\":17179869184}]",
        "j", 1, 24, 16)]
    [InlineData("{\"Gpu\":\"x\",\"GpuCount\":2,\"GpuMemory\":\"6 GiB\"}\n", null, 2, 6, null)]
    [InlineData("{\"gpus\":[\"NVIDIA GeForce RTX 3090\",\"NVIDIA GeForce RTX 3090\"]}", null, 2, 24, null)]
    [InlineData("{\"Gpus\":[{\"Name\":\"?\"}],\"Gpu\":\"2x NVIDIA GeForce RTX 3090\"}", null, 2, 24, null)]
    [InlineData("Gpus,Gpu,GpuCount\nModelFit.GpuSpec[],2x NVIDIA GeForce RTX 3090,2", null, 2, 24, null)]
    [InlineData("ComputerName,Gpu,SystemMemory\nserver,[N/A],128GB", "server", 0, null, 128)]
    [InlineData("ComputerName,RAM\nserver,128GB", "server", null, null, 128)]
    public void Rows_of_a_spreadsheet_become_machines(
        string text, string? computer, int? count, int? gpuGib, int? systemGib)
    {
        var machine = Assert.Single(Read(text));
        Assert.Equal(computer, machine.ComputerName);
        Assert.Equal(count, machine.GpuCount);
        Assert.Equal(gpuGib * Gib, machine.GpuMemoryBytes);
        Assert.Equal(systemGib * Gib, machine.SystemMemoryBytes);
    }

    [Fact]
    public void What_Get_MachineSpec_says_of_a_processor_comes_back_from_its_csv()
    {
        const string text = "SystemMemoryBytes,MemoryBandwidth,GpuCount,LogicalProcessorCount,CpuFeatures,MemoryType,"
            + "MemorySpeed,MemoryChannels,NumaNodeCount,Virtualization\n"
            + "68719476736,307200000000,0,64,AVX2 AVX512BW AMX-INT8,DDR5,4800,8,2,KVM";
        var machine = Assert.Single(Read(text));
        Assert.Equal("AVX2 AVX512BW AMX-INT8", machine.CpuFeatures);
        Assert.Equal(
            (307_200_000_000, 64, 0), (machine.MemoryBandwidth, machine.LogicalProcessorCount, machine.GpuCount));
        Assert.Equal(("DDR5", 4800, 8, 2, "KVM"), (
            machine.MemoryType, machine.MemorySpeed, machine.MemoryChannels, machine.NumaNodeCount,
            machine.Virtualization));
    }

    [Fact]
    public void A_bad_row_is_an_error_and_the_others_are_read_in_order()
    {
        const string text = """
            ComputerName,Gpu,GpuMemory,SystemMemory
            a,NVIDIA GeForce RTX 3090,,32GB
            b,NVIDIA GeForce RTX 3090,"23,5",32GB
            c,Unheard Of 9000,48GB,32GB
            d,NVIDIA GeForce RTX 3090,24,32GB
            """;
        var errors = new List<ModelFitException>();
        var machines = InventoryReader.ReadText(
            text, "pcs.csv", FakeCatalog.Instance, NullSink.Instance, errors.Add).ToList();
        Assert.Equal(new[] { "a", "c" }, machines.Select(machine => machine.ComputerName));
        Assert.Equal(48 * Gib, machines[1].GpuMemoryBytes);
        Assert.Equal(new[] { ErrorIds.InvalidArgument, ErrorIds.InvalidArgument }, errors.Select(e => e.ErrorId));
    }

    [Fact]
    public void Rows_of_one_computer_are_one_machine()
    {
        var rows = new[]
        {
            Row(("PSComputerName", "a"), ("Name", "NVIDIA GeForce RTX 3080"), ("AdapterRAM", 4293918720u)),
            Row(("PSComputerName", "b"), ("Name", "Microsoft Basic Display Adapter"), ("AdapterRAM", null)),
            Row(("PSComputerName", "a"), ("Name", "Intel(R) UHD Graphics 770"), ("AdapterRAM", 1073741824u)),
        };
        var heard = new HeardMessages();
        var machines = InventoryReader.ReadRows(rows, null, FakeCatalog.Instance, heard).ToList();
        Assert.Equal(new[] { "a", "b" }, machines.Select(machine => machine.ComputerName));
        Assert.Equal(10 * Gib, Assert.Single(machines[0].Gpus).MemoryBytes);
        Assert.Equal(0, machines[1].GpuCount);
        Assert.Contains(heard.Verboses, text => text.Contains("UHD Graphics 770"));
    }

    [Fact]
    public void Rows_of_the_registrys_display_class_have_the_whole_memory()
    {
        var rows = new[]
        {
            Row(("DriverDesc", "NVIDIA GeForce RTX 3090"), ("MatchingDeviceId", "PCI\\VEN_10DE&DEV_2204"),
                ("HardwareInformation.qwMemorySize", 24 * Gib), ("PSPath", "Microsoft.PowerShell.Core\\Registry::x")),
        };
        var machine = Assert.Single(
            InventoryReader.ReadRows(rows, null, FakeCatalog.Instance, NullSink.Instance).ToList());
        Assert.Equal((1, 24 * Gib), (machine.GpuCount, machine.GpuMemoryBytes));
    }

    /// <summary>What a German, French or Chinese spreadsheet says of a size that nobody knows loses no row.</summary>
    [Theory]
    [InlineData("unbekannt")]
    [InlineData("k. A.")]
    [InlineData("keine Angabe")]
    [InlineData("inconnu")]
    [InlineData("desconocido")]
    [InlineData("未知")]
    [InlineData("--")]
    [InlineData("n.a.")]
    public void A_size_that_is_unknown_in_words_is_not_given(string unknown)
    {
        var machine = Assert.Single(Read($"ComputerName;Gpu;GpuMemory;RAM\npc1;{unknown};{unknown};{unknown}"));
        Assert.Equal("pc1", machine.ComputerName);
        Assert.Null(machine.SystemMemoryBytes);
        Assert.Null(machine.GpuMemoryBytes);
    }

    /// <summary>The row that sums a table up is no computer; one of that name with a card is.</summary>
    [Theory]
    [InlineData("Summe;;300;", 1)]
    [InlineData("Total:;2;;64", 1)]
    [InlineData("Итого;;;", 1)]
    [InlineData("Total;NVIDIA GeForce RTX 3090;24 GB;64 GB", 2)]
    [InlineData("Summer;;;16 GB", 2)]
    public void A_total_is_no_computer(string last, int computers) => Assert.Equal(
        computers, Read($"ComputerName;Gpu;GpuMemory;RAM\npc1;NVIDIA GeForce RTX 3090;;32 GB\n{last}").Count);

    /// <summary>An inventory names the chip, not its memory: the machine's own tells the variant (Apple's data).</summary>
    [Theory]
    [InlineData("Apple M3 Pro", 18, 150)]
    [InlineData("Apple M3 Pro", 36, 150)]
    [InlineData("Apple M2 Ultra", 192, 800)]
    [InlineData("M1", 8, 68)]
    [InlineData("M2 Pro", 16, 200)]
    public void A_chip_among_the_cards_is_the_variant_of_the_machines_memory(string chip, int gib, int bandwidth)
    {
        var card = Assert.Single(Assert.Single(ReadWithFacts($"ComputerName;RAM;Gpu\nmac;{gib} GB;{chip}")).Gpus);
        Assert.True(card.IsUnifiedMemory);
        Assert.InRange(card.MemoryBandwidth!.Value / 1e9, bandwidth - 5, bandwidth + 25);
    }

    /// <summary>One size beside two cards is that of the card that has it.</summary>
    [Fact]
    public void A_size_beside_several_cards_belongs_to_the_one_that_has_it()
    {
        var machine = Assert.Single(ReadWithFacts(
            "ComputerName;Gpu;GpuMemory\npc1;Quadro RTX 5000 / Quadro P400;16 GB"));
        Assert.Equal([16 * Gib, 2 * Gib], machine.Gpus.Select(card => card.MemoryBytes!.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("{\"a\":1}")]
    [InlineData("a,b,c\n1,2,3")]
    [InlineData("<html><body>502 Bad Gateway</body></html>")]
    public void A_text_that_nothing_recognizes_says_what_was_looked_for(string text)
    {
        var error = Assert.Throws<ModelFitException>(() => Read(text));
        Assert.Equal(ErrorIds.UnknownInventory, error.ErrorId);
        Assert.Contains("nvidia-smi", error.Message);
    }

    private static List<MachineSpec> ReadWithFacts(string text) => InventoryReader.ReadText(
        text, null, GpuCatalogLookup.Instance, NullSink.Instance).ToList();

    private static List<MachineSpec> Read(string text) =>
        InventoryReader.ReadText(text, null, FakeCatalog.Instance, NullSink.Instance).ToList();

    private static IReadOnlyDictionary<string, object?> Row(params (string Name, object? Value)[] cells) =>
        cells.ToDictionary(cell => cell.Name, cell => cell.Value, StringComparer.Ordinal);
}
