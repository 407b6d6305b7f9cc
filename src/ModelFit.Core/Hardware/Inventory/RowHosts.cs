using System;
using System.Collections.Generic;
using System.Linq;
using Meaning = ModelFit.Hardware.Inventory.RowColumns.Meaning;

namespace ModelFit.Hardware.Inventory;

/// <summary>Which column of an inventory names the computers: by meaning, and by what stands in it.</summary>
internal static class RowHosts
{
    private const int Sample = 200;

    /// <summary>The column; null if none names them.</summary>
    public static string? Column(IReadOnlyList<InventoryRow> rows, ReadContext context)
    {
        var sample = rows.Take(Sample).ToList();
        var found = Best(sample, Meaning.Computer);
        var label = sample.Any(VideoController.IsRow) ? null : Best(sample, Meaning.Label);
        if (label is null || NamesCards(sample, label, context)) return found;
        if (found is null) return label;
        // Of virtual machines the host comes again and again, and the name differs in every row.
        return sample.Count > 1 && Distinct(sample, found) < sample.Count && Distinct(sample, label) == sample.Count
            ? label : found;
    }

    /// <summary>Whether names of cards are in the column.</summary>
    public static bool NamesCards(IReadOnlyList<InventoryRow> rows, string column, ReadContext context) =>
        rows.Select(row => row.Named(column)).Where(text => text is not null).Take(10)
            .Any(name => context.Catalog?.IsCard(name!) == true);

    private static string? Best(IReadOnlyList<InventoryRow> rows, Meaning meaning) => rows
        .SelectMany(row => row.Columns).Distinct(StringComparer.OrdinalIgnoreCase)
        .Where(column => RowColumns.Find(column)?.Meaning == meaning)
        .OrderBy(RowColumns.Rank).FirstOrDefault(column => rows.Any(row => row.Named(column) is not null));

    private static int Distinct(IReadOnlyList<InventoryRow> rows, string column) =>
        rows.Select(row => row.Named(column)).Distinct(StringComparer.OrdinalIgnoreCase).Count();
}
