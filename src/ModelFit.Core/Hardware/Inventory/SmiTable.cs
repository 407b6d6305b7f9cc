using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// The tables of makers who follow nvidia-smi's: Intel's <c>hl-smi</c> and <c>xpu-smi</c>, Iluvatar's <c>ixsmi</c>:
/// a row with index, name and bus, and one below it with used and total memory.
/// </summary>
internal static class SmiTable
{
    private const RegexOptions Options = RegexOptions.IgnoreCase;

    /// <summary>What marks a tool, whose cards it shows, and what stands before their names.</summary>
    private static readonly (string Mark, string Vendor, string Prefix)[] Tools =
    {
        ("HL-SMI Version", "Intel", "Intel Gaudi "), ("Intel XPU-SMI", "Intel", string.Empty),
        ("IX-SMI", "Iluvatar", "Iluvatar "),
    };

    private static readonly Regex Name = new(@"^\s*(\d{1,3})\s+(\S.{0,60})$", Options);
    private static readonly Regex Bus = new(@"[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]", Options);
    private static readonly Regex Memory = new(@"(\d{1,9}) ?Mi?B ?/ ?(\d{1,9}) ?Mi?B", Options);
    private static readonly Regex Driver = new(@"Driver(?: Version)?: +([^\s|]{1,40})", Options);

    /// <summary>Whether the text is such a table.</summary>
    public static bool Recognizes(InventoryText text) =>
        Tools.Any(tool => text.Contains(tool.Mark)) && text.Contains("|");

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var (_, vendor, prefix) = Tools.First(tool => text.Contains(tool.Mark));
        var driver = Fields.Text(Driver.Match(text.Text).Groups[1].Value);
        var cards = new List<DetectedGpu>();
        DetectedGpu? open = null;
        foreach (var line in text.Lines)
        {
            var cells = line.Trim().Trim('|').Split('|');
            if (cells.Length < 2) continue;
            if (Bus.Match(cells[1]) is { Success: true } bus && Name.Match(cells[0]) is { Success: true } name)
                open = FoundCard.Create(
                    prefix + WithoutMode(name.Groups[2].Value), "xpu-smi", Fields.Integer(name.Groups[1].Value),
                    driver: driver, bus: bus.Value, vendor: vendor, isIntegrated: vendor == "Intel" ? null : false);
            else if (open is not null && Memory.Match(cells[1]) is { Success: true } memory)
            {
                cards.Add(WithMemory(open, memory));
                open = null;
            }
        }

        if (cards.Count == 0) throw context.Damaged("the table has no row of a card.");
        yield return new DetectedMachine(new MachineSpec { Source = vendor == "Intel" ? "xpu-smi" : "ixsmi" }, cards);
    }

    /// <summary>What a maker sells under its own short name, and who it is.</summary>
    public static (string Name, string Vendor) Sold(string name) =>
        name.StartsWith("HL-", StringComparison.Ordinal) ? ("Intel Gaudi " + name, "Intel")
            : name.StartsWith("MTT", StringComparison.Ordinal) ? (name, "Moore Threads") : (name, "Iluvatar");

    /// <summary>The name without the mode of persistence that the last column of its cell shows.</summary>
    private static string WithoutMode(string text)
    {
        var name = text.Trim();
        foreach (var mode in new[] { "N/A", "Off", "On" })
        {
            if (name.EndsWith(" " + mode, StringComparison.Ordinal))
                return name.Substring(0, name.Length - mode.Length).Trim();
        }

        return name;
    }

    private static DetectedGpu WithMemory(DetectedGpu card, Match memory)
    {
        var (used, total) =
            (Fields.Bytes(memory.Groups[1].Value, "MiB"), Fields.PositiveBytes(memory.Groups[2].Value, "MiB"));
        return card with { Facts = card.Facts with { MemoryBytes = total, MemoryUsedBytes = used } };
    }
}
