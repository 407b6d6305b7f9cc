using System.Threading;
using ModelFit.Catalog;
using ModelFit.Common;
using ModelFit.Hardware;
using ModelFit.Hardware.Inventory;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Hardware;

/// <summary>What no honest inventory has more of is an error, and every reader can be stopped.</summary>
public sealed class InventoryLimitTests
{
    /// <summary>Texts of every kind that the tests have recordings of.</summary>
    public static TheoryData<int> Recordings => [.. Enumerable.Range(0, InventoryMixes.Originals.Count)];

    [Fact]
    public void More_rows_than_a_spreadsheet_has_are_an_error()
    {
        var row = new Dictionary<string, object?> { ["Host"] = "a", ["Gpu"] = "RTX 3090" };
        var rows = Enumerable.Repeat<IReadOnlyDictionary<string, object?>>(row, InventoryLimits.Rows + 1);
        var error = Assert.Throws<ModelFitException>(() =>
            InventoryReader.ReadRows(rows, null, GpuCatalogLookup.Instance, NullSink.Instance).Count());
        Assert.Equal(ErrorIds.UnknownInventory, error.ErrorId);
        Assert.Contains("1048576 rows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_cards_than_a_machine_has_are_an_error_and_the_others_are_read()
    {
        var lines = Enumerable.Range(0, CardText.MostCards + 1)
            .Select(gpu => $"GPU {gpu}: NVIDIA A2 (UUID: GPU-{gpu})");
        Assert.Contains("has 257 cards", Failures(string.Join("\n", lines)).Single().Message, StringComparison.Ordinal);
        Assert.Empty(Failures(string.Join("\n", lines.Skip(1))));
    }

    [Theory]
    [InlineData("n[0-65535]", 65536)]
    [InlineData("n[0-32767],m[0-32767]", 65536)]
    [InlineData("n[0-65536]", null)]
    [InlineData("n[0-2147483647]", null)]
    [InlineData("n[0-65535],m", null)]
    [InlineData("n[5-1]", 0)]
    public void More_nodes_than_a_list_has_are_an_error(string list, int? expected)
    {
        if (expected is not null) Assert.Equal(expected, NodeNames.Expand(list).Count());
        else Assert.Throws<ModelFitException>(() => NodeNames.Expand(list).Count());
    }

    [Fact]
    public void A_line_of_sinfo_with_too_many_nodes_is_an_error_and_the_others_are_read()
    {
        var failures = new List<ModelFitException>();
        var machines = Read("NODELIST CPUS MEMORY GRES STATE\na[0-99999] 8 64000 gpu:a100:1 idle\n"
            + "b[1-2] 8 64000 gpu:a100:1 idle", failures);
        Assert.Equal(["b1", "b2"], machines.Select(machine => machine.ComputerName));
        Assert.Contains("more than 65536 nodes", failures.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_longer_than_a_spreadsheet_s_is_an_error_of_its_row()
    {
        var failures = new List<ModelFitException>();
        var machines = Read($"Host,Gpu,Note\na,RTX 3090,x\nb,RTX 3090,{new string('y', 32_768)}\n"
            + $"c,RTX 3090,{new string('z', 32_767)}", failures);
        Assert.Equal(["a", "c"], machines.Select(machine => machine.ComputerName));
        Assert.Contains("'Note' has 32768 characters", failures.Single().Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Every_reader_of_a_text_can_be_stopped(int recording)
    {
        var text = InventoryMixes.Originals[recording];
        Assert.SkipWhen(text.Length == 0, "Nothing is read of an empty text.");
        Assert.Throws<OperationCanceledException>(() => InventoryReader.ReadText(
            text, null, GpuCatalogLookup.Instance, NullSink.Instance, _ => { },
            options: new InventoryOptions(null, new CancellationToken(true))).Count());
    }

    /// <summary>A parser that asks for the next block is stopped there, in the middle of a value.</summary>
    [Fact]
    public void A_reader_is_stopped_at_its_next_block()
    {
        using var stop = new CancellationTokenSource();
        var reader = new StoppableReader(new string('x', 100), stop.Token, 10);
        Assert.Equal(40, reader.Read(new char[40], 0, 40));
        Assert.Equal(50, reader.Read(new char[99], 0, 99));
        Assert.Equal(0, reader.Read(new char[1], 0, 1));
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => reader.Read(new char[1], 0, 1));
        Assert.Throws<OperationCanceledException>(() => reader.ReadLine());
    }

    [Fact]
    public void A_list_is_stopped_at_its_next_element()
    {
        using var stop = new CancellationTokenSource();
        IReadOnlyList<int> list = Enumerable.Range(0, 9).ToArray().Until(stop.Token);
        using var elements = list.GetEnumerator();
        Assert.True(elements.MoveNext());
        Assert.Equal(8, list[8]);
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => elements.MoveNext());
        Assert.Throws<OperationCanceledException>(() => list[0]);
    }

    private static List<ModelFitException> Failures(string text)
    {
        var failures = new List<ModelFitException>();
        Read(text, failures);
        return failures;
    }

    private static List<MachineSpec> Read(string text, List<ModelFitException> failures) => InventoryReader.ReadText(
        text, null, GpuCatalogLookup.Instance, NullSink.Instance, failures.Add).ToList();
}
