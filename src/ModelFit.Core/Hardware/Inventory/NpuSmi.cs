using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>Huawei's <c>npu-smi info</c>: two rows a chip, the last pair its memory.</summary>
internal static class NpuSmi
{
    private const RegexOptions Options = RegexOptions.CultureInvariant;

    private static readonly Regex Pair = new(@"(\d{1,9}) */ *(\d{1,9})", Options);
    private static readonly Regex Name = new(@"^\s*(\d{1,4})\s+([0-9A-Za-z][0-9A-Za-z_.-]{1,30})\s*$", Options);

    /// <summary>Whether the text is its table.</summary>
    public static bool Recognizes(InventoryText text) => text.Contains("Memory-Usage(MB)") && text.Contains("| NPU");

    /// <summary>The one machine of the text.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var cards = new List<DetectedGpu>();
        string? name = null;
        foreach (var cells in text.Lines.Select(line => line.Trim().Trim('|').Split('|')).Where(row => row.Length == 3))
        {
            if (name is null && Name.Match(cells[0]) is { Success: true } named) name = named.Groups[2].Value;
            else if (name is not null && Pair.Matches(cells[2]).Cast<Match>().LastOrDefault() is { } memory)
            {
                cards.Add(FoundCard.Create(
                    name.StartsWith("Ascend", StringComparison.Ordinal) ? name : "Ascend " + name,
                    "npu-smi", cards.Count, Fields.PositiveBytes(memory.Groups[2].Value, "MiB"),
                    Fields.Bytes(memory.Groups[1].Value, "MiB"), bus: cells[1], vendor: "Huawei", isIntegrated: false));
                name = null;
            }
        }

        if (cards.Count == 0) throw context.Damaged("the table of npu-smi has no row of a chip.");
        yield return new DetectedMachine(new MachineSpec { Source = "npu-smi" }, cards);
    }
}
