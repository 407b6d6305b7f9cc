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
        @"^[ \t>*•-]{0,12}(?:\*\*)?([^\s:=|,;""{}][^:=|,;""{}\t]{0,59}?)(?:\*\*)?" +
        @"[ \t]*(?::|=|\t)(?:\*\*)?[ \t]+(\S(?:.*\S)?)\s*$", RegexOptions.CultureInvariant);

    /// <summary>Whether the lines tell two things that a machine is known by.</summary>
    public static bool Recognizes(InventoryText text)
    {
        if (text.Json.Count > 0) return false;
        var row = Row(text, null);
        var cards = row.Cells(Meaning.Gpu).Any(cell => AdapterKind.IsGpuName(cell.Text));
        var memory = Sizes(row, Meaning.SystemMemory);
        var told = new[] { cards, memory, RowProcessors.Name(row) is not null, Sizes(row, Meaning.GpuMemory) };
        return (cards || memory) && told.Count(fact => fact) > 1;
    }

    /// <summary>The one machine of the list.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context) =>
        RowReader.Read(new[] { Row(text, context) }, "list", context);

    private static bool Sizes(InventoryRow row, Meaning meaning) => row.Cells(meaning)
        .Any(cell => row.Style.Size(cell.Text, cell.Unit, CellSize.Bare.Bytes) >= 1 << 20);

    /// <summary>
    /// The first value of each label. A memory right below a card is the card's or the machine's: it is the machine's
    /// only where the processor was told before the card.
    /// </summary>
    private static InventoryRow Row(InventoryText text, ReadContext? context)
    {
        var cells = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        Meaning? before = null;
        foreach (var match in text.Lines.Take(MaxLines).Where(line => line.Length < MaxLine)
            .Select(line => Pair.Match(line)).Where(match => match.Success))
        {
            var label = match.Groups[1].Value.Trim();
            var meaning = RowColumns.Find(label)?.Meaning;
            var isUnsure = meaning == Meaning.SystemMemory && before == Meaning.Gpu
                && !cells.Keys.Any(key => RowColumns.Find(key)?.Meaning == Meaning.Cpu);
            before = meaning;
            if (meaning is null || isUnsure || cells.ContainsKey(label)) continue;
            cells[label] = match.Groups[2].Value;
        }

        return new InventoryRow(cells, 1, context is null ? null : new NumberStyle(context.Culture, false));
    }
}
