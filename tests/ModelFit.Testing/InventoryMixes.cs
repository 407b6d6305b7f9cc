using System.IO;
using System.Text;
using System.Text.RegularExpressions;
using ModelFit.Catalog;
using ModelFit.Hardware.Inventory;

namespace ModelFit.Testing;

/// <summary>
/// Recorded inventories cut, joined and mixed line by line, by a seed; and whether what is read of them is named in
/// them.
/// </summary>
internal static class InventoryMixes
{
    /// <summary>Names that stand for a card of which nothing but its kind is told.</summary>
    private static readonly Regex Generic = new(
        @"^((NVIDIA|AMD|Intel|Apple|Huawei)( Corporation)? ?)?(GPU|Graphics|Device)?$|^NVIDIA Jetson$|" +
        @"^[\d.]+ \w+ GPU$|^PCI device ");

    /// <summary>A name that nvidia-smi cut off, and that is completed.</summary>
    private static readonly Regex Cut = new(@"[A-Z]\w+(?: [\w-]+){1,6}\.\.\.", RegexOptions.CultureInvariant);

    private static readonly Regex Types = new(@"[A-Za-z][\w.-]{3,40}", RegexOptions.CultureInvariant);

    private static readonly Regex Words = new(@"[A-Za-z]*\d+[A-Za-z0-9]*", RegexOptions.CultureInvariant);

    /// <summary>The recordings of the tests.</summary>
    public static IReadOnlyList<string> Originals { get; } = Directory
        .GetFiles(RepositoryFolder.Path("tests", "data", "hardware", "exports")).Order(StringComparer.Ordinal)
        .Select(File.ReadAllText).ToList();

    /// <summary>The text of a seed: two or three originals, cut, joined or interleaved.</summary>
    public static string Mix(IReadOnlyList<string> originals, int seed)
    {
        var random = new Random(seed);
        string Next() => originals[random.Next(originals.Count)];
        string Cut(string text) => text.Length == 0 ? text
            : random.Next(2) == 0 ? text[random.Next(text.Length)..] : text[..random.Next(text.Length)];
        return random.Next(4) switch
        {
            0 => Next() + "\n" + Next(),
            1 => Cut(Next()),
            2 => Cut(Next()) + "\n" + Cut(Next()) + "\n" + Next(),
            _ => Interleaved(Next().Split('\n'), Next().Split('\n'), random),
        };
    }

    /// <summary>
    /// What is wrong with the reading of a text: a card or a machine that it does not name, or a foreign exception;
    /// null if nothing is.
    /// </summary>
    public static string? Problem(string text)
    {
        List<MachineSpec> machines;
        try
        {
            machines = InventoryReader.ReadText(
                text, null, GpuCatalogLookup.Instance, NullSink.Instance, _ => { }).ToList();
        }
        catch (ModelFitException)
        {
            return null;
        }
        catch (Exception error)
        {
            return error.ToString();
        }

        var plain = Plain(TerminalText.Plain(text));
        var card = machines.SelectMany(machine => machine.Gpus).DistinctBy(gpu => (gpu.Name, gpu.PciId))
            .FirstOrDefault(gpu => !IsNamed(gpu, plain, text));
        if (card is not null) return $"the card '{card.Name}' ({card.PciId}) is in no part of the text";
        var machine = machines.FirstOrDefault(machine => machine.ComputerName is { } name
            && !plain.Contains(Plain(name), StringComparison.Ordinal) && !IsOfRange(name, plain));
        return machine is null ? null : $"the machine '{machine.ComputerName}' is in no part of the text";
    }

    private static bool IsNamed(GpuSpec gpu, string plain, string text) =>
        Generic.IsMatch(gpu.Name) || plain.Contains(Plain(gpu.Name), StringComparison.Ordinal)
            || (gpu.PciId is { } id && text.Contains(id[5..], StringComparison.OrdinalIgnoreCase))
            || Words.Matches(gpu.Name).All(word => plain.Contains(Plain(word.Value), StringComparison.Ordinal))
            || Cut.Matches(text).Any(cut => Plain(gpu.Name).Replace("nvidia", "", StringComparison.Ordinal)
                .StartsWith(Plain(cut.Value).Replace("nvidia", "", StringComparison.Ordinal), StringComparison.Ordinal))
            || Types.Matches(text).Any(type => CloudTypes.Find(type.Value)?.Card == gpu.Name);

    /// <summary>A name out of a range has its letters in the text, <c>gpu03</c> of <c>gpu[01-04]</c>.</summary>
    private static bool IsOfRange(string name, string plain) =>
        Plain(name.TrimEnd("0123456789".ToCharArray())) is { Length: > 0 } letters
            && plain.Contains(letters, StringComparison.Ordinal);

    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Where(char.IsLetterOrDigit)) plain.Append(char.ToLowerInvariant(c));
        return plain.ToString();
    }

    private static string Interleaved(string[] one, string[] other, Random random)
    {
        var lines = new List<string>();
        var (i, j) = (0, 0);
        while (i < one.Length || j < other.Length)
            lines.Add(i < one.Length && (j >= other.Length || random.Next(2) == 0) ? one[i++] : other[j++]);
        return string.Join("\n", lines);
    }
}
