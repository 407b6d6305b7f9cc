using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using ModelFit.Hardware.Inventory;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Hardware;

/// <summary>
/// Inventories that are cut off, mixed up or very long: read as far as they go, or an error; never a hang.
/// </summary>
public class DamagedInventoryTests
{
    private static readonly string Folder = RepositoryFolder.Path("tests", "data", "hardware", "exports");

    public static TheoryData<string> Files() =>
        new(Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)!).Order());

    [Theory]
    [MemberData(nameof(Files))]
    public void A_damaged_export_is_read_as_far_as_it_goes_or_is_an_error(string file)
    {
        var text = File.ReadAllText(Path.Combine(Folder, file));
        var random = new Random(file.Length * 7919);
        for (var i = 0; i < 30; i++) Read(Damage(text, random));
    }

    [Theory]
    [InlineData("ComputerName,Gpu,SystemMemory\n", "pc{0},2x NVIDIA GeForce RTX 3090,64GB\n", 5_000, 5_000)]
    [InlineData("", "NodeName=n{0} RealMemory=64000 Gres=gpu:a100:4(S:0-1) CPUTot=8\n", 5_000, 5_000)]
    [InlineData("", "a line of nothing that anybody exports, number {0}: GPU, Device, card | 12 % 34\n", 50_000, -1)]
    [InlineData("", " {0} \t ", 100_000, -1)]
    [InlineData("{", "\"{0}\":{{\"a\":[1,2,3]}},", 10_000, -1)]
    [InlineData("", "[", 8_000, -1)]
    [InlineData("", "][", 8_000, -1)]
    [InlineData("Host,GPU\nn1,", "x 2 ", 2_000, 1)]
    [InlineData("", "Device 0: ", 2_000, -1)]
    public void A_long_text_takes_time_in_proportion_to_its_length(string head, string line, int lines, int machines)
    {
        var text = new StringBuilder(head);
        for (var i = 0; i < lines; i++) text.AppendFormat(CultureInfo.InvariantCulture, line, i);
        var watch = Stopwatch.StartNew();
        Assert.Equal(machines, Read(text.ToString()));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    /// <summary>Machines of the text; -1 if it is an error of the inventory.</summary>
    private static int Read(string text)
    {
        try
        {
            return InventoryReader.ReadText(text, null, FakeCatalog.Instance, NullSink.Instance, _ => { }).Count();
        }
        catch (ModelFitException error)
        {
            Assert.Contains(error.ErrorId, new[] { ErrorIds.UnknownInventory, ErrorIds.InvalidArgument });
            return -1;
        }
    }

    /// <summary>Cut off, or with a line lost, doubled, or with characters that do not belong there.</summary>
    private static string Damage(string text, Random random)
    {
        var lines = new List<string>(text.Split('\n'));
        var at = random.Next(lines.Count);
        switch (random.Next(6))
        {
            case 0: return text[..random.Next(text.Length)];
            case 1: return text[random.Next(text.Length)..];
            case 2: lines.RemoveAt(at); break;
            case 3: lines.Insert(at, lines[random.Next(lines.Count)]); break;
            case 4: lines[at] = lines[at].Replace(':', '\0').Replace('1', '-').Replace('"', '{'); break;
            default: lines[at] += new string("}]>,:\"=|9e\u00e9"[random.Next(11)], random.Next(40)); break;
        }

        return string.Join('\n', lines);
    }
}
