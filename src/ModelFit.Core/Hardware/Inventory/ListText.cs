using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Meaning = ModelFit.Hardware.Inventory.RowColumns.Meaning;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// One machine as lines of <c>RAM: 64 GB</c> or <c>hw.memsize: …</c>, as people, scripts and <c>sysctl</c> write
/// them: at least two of card, memory and processor.
/// </summary>
internal static class ListText
{
    private const int MaxLines = 2000;
    private const int MaxLine = 300;

    private static readonly Regex Pair = new(
        @"^[ \t>*•-]{0,40}(?:\*\*)?([^\s:=|,;""{}][^:=|,;""{}\t]{0,59}?)(?:\*\*)?" +
        @"[ \t]*(?::|=|\t)(?:\*\*)?[ \t]+(\S(?:.*\S)?)\s*$", RegexOptions.CultureInvariant);

    private static readonly Regex Title = new(
        @"^\s{0,4}(?:[=#*\[-]{1,80}\s{0,4}(?<title>[^\s=#*\[\]:|-][^=#*\[\]:|]{0,40}?)\s{0,4}[=*\]-]{0,80}:?" +
        @"|(?<title>[^\s:=|#*-][^:=|,;]{0,40}):)\s*$", RegexOptions.CultureInvariant);

    private static readonly Regex Dashed = new(
        @"^[ \t]{0,8}([^\s:=|-][^:=|-]{0,40}) - (\S.*)$", RegexOptions.CultureInvariant);

    /// <summary>A row of Markdown, or a line of CSV, that is a label and a value.</summary>
    private static readonly Regex Drawn = new(
        @"^\s{0,4}(?:\|\s{0,40}(?<label>[^|]{1,40}?)\s{0,40}\|\s{0,40}(?<value>[^|]{1,200}?)\s{0,40}\|.*" +
        @"|""?(?<label>[A-Za-z][^,;:=""]{1,40})""?[,;] ?""?(?<value>[^"",;]{1,200})""?)$",
        RegexOptions.CultureInvariant);

    /// <summary>Labels of a card that say little: its number, its vendor, that it is a name.</summary>
    private static readonly Regex Naming = new(
        @"^(?:(?:name|model|product name|device|device name|nvidia|amd|intel|apple)" +
        @"|(?:gpu|device|cuda|card)[ :#]{0,2}(\d{1,2}))$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private static readonly Regex Sized = new(
        @"^(.{1,200}?)(?:,| \(|\s-)\s{0,4}(?:[A-Za-z][A-Za-z ]{0,20}[:=]\s{0,4})?" +
        @"(\d{1,7}(?:[.,]\d{1,3})? ?[KMGT]i?B)\)?$", RegexOptions.CultureInvariant);

    /// <summary>Whether the lines tell two things that a machine is known by.</summary>
    public static bool Recognizes(InventoryText text)
    {
        if (text.Json.Count > 0) return false;
        var row = Row(text, null);
        var cards = row.Cells(Meaning.Gpu).Any(cell => AdapterKind.IsGpuName(cell.Text) || Apple.IsChip(cell.Text));
        var memory = Sizes(row, Meaning.SystemMemory);
        var told = new[]
        {
            cards, memory, RowProcessors.Name(row) is not null, Sizes(row, Meaning.GpuMemory),
            row.Has(Meaning.Computer), Sizes(row, Meaning.SystemMemoryFree),
        };
        return (cards || memory) && told.Count(fact => fact) > 1;
    }

    /// <summary>The one machine of the list.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) =>
        RowReader.Read(new[] { Row(text, context) }, "list", context);

    private static bool Sizes(InventoryRow row, Meaning meaning) => row.Cells(meaning)
        .Any(cell => row.Style.Size(cell.Text, cell.Unit, CellSize.Bare.Bytes) >= 1 << 20);

    /// <summary>
    /// The first value of each label, that of a label which says nothing alone together with the title above it. A
    /// memory right below a card is the card's or the machine's: it is the machine's only where the processor was told
    /// before the card.
    /// </summary>
    private static InventoryRow Row(InventoryText text, ReadContext? context)
    {
        var cells = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        Meaning? before = null;
        foreach (var (label, value) in Pairs(text.Lines.Take(MaxLines).Where(line => line.Length < MaxLine)))
        {
            var meaning = RowColumns.Find(label)?.Meaning;
            var isUnsure = meaning == Meaning.SystemMemory && before == Meaning.Gpu
                && !cells.Keys.Any(key => RowColumns.Find(key)?.Meaning == Meaning.Cpu);
            before = meaning;
            // neofetch's Host is the model of the computer.
            var isModel = meaning == Meaning.Computer && value.IndexOf(' ') >= 0;
            if (meaning is null || isUnsure || isModel) continue;
            if (meaning == Meaning.Gpu) AddCard(cells, label, value);
            else if (!cells.ContainsKey(label)) cells[label] = value;
        }

        return new InventoryRow(cells, 1, context is null ? null : new NumberStyle(context.Culture, false));
    }

    /// <summary>A card, with the memory behind its name; it counts more than a word such as <c>cuda</c>.</summary>
    private static void AddCard(Dictionary<string, object?> cells, string label, string value)
    {
        var sized = Sized.Match(value);
        var name = sized.Success ? sized.Groups[1].Value : value;
        if (cells.TryGetValue(label, out var known)
            && (AdapterKind.IsGpuName(known as string) || !AdapterKind.IsGpuName(name))) return;
        // The same card under another label is no second one; under numbers it is.
        if (!char.IsDigit(label[label.Length - 1]) && cells.ContainsValue(name)) return;
        cells[label] = name;
        if (sized.Success && !cells.ContainsKey("VRAM")) cells["VRAM"] = sized.Groups[2].Value;
    }

    /// <summary>Labels and values; a title is a line of its own, or a label without a value.</summary>
    private static IEnumerable<(string Label, string Value)> Pairs(IEnumerable<string> lines)
    {
        string? title = null;
        var isBelow = false;
        foreach (var line in lines)
        {
            if (line.Trim().Length == 0) continue;
            if (Title.Match(line) is { Success: true } found)
            {
                title = found.Groups["title"].Value.Trim();
                isBelow = true;
            }
            else if (Drawn.Match(line) is { Success: true } drawn)
            {
                yield return (drawn.Groups["label"].Value, drawn.Groups["value"].Value);
            }
            else if (Pair.Match(line) is { Success: true } pair)
            {
                isBelow = false;
                yield return (Label(pair.Groups[1].Value.Trim(), pair.Groups[2].Value, title), pair.Groups[2].Value);
            }
            else if (title is not null && Dashed.Match(line) is { Success: true } dashed)
            {
                isBelow = false;
                yield return ($"{title} {dashed.Groups[1].Value}", dashed.Groups[2].Value.Trim());
            }
            else if (isBelow)
            {
                isBelow = false;
                yield return (title!, line.Trim());
            }
        }
    }

    private static string Label(string label, string value, string? title)
    {
        if (RowColumns.Find(label) is { Meaning: not Meaning.Label }) return label;
        if (AdapterKind.IsGpuName(value) && Naming.Match(label) is { Success: true } named)
            return $"GPU {named.Groups[1].Value}".TrimEnd();
        return title is not null && RowColumns.Find(title) is not null ? $"{title} {label}" : label;
    }
}
