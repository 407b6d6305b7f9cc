using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>One row of an inventory: its cells by meaning and by name.</summary>
internal sealed class InventoryRow
{
    private readonly IReadOnlyDictionary<string, object?> _cells;

    /// <summary>Wraps a row.</summary>
    /// <param name="cells">The cells by column.</param>
    /// <param name="number">Number of the row, from 1.</param>
    public InventoryRow(IReadOnlyDictionary<string, object?> cells, int number)
    {
        _cells = cells;
        Number = number;
    }

    /// <summary>Number of the row, from 1.</summary>
    public int Number { get; }

    /// <summary>The cells as they came.</summary>
    public IReadOnlyDictionary<string, object?> Cells => _cells;

    /// <summary>The names of the columns.</summary>
    public IEnumerable<string> Columns => _cells.Keys;

    /// <summary>The first cell of the meaning that is not blank, as text.</summary>
    public string? Text(RowColumns.Meaning meaning) => Find(meaning)?.Text;

    /// <summary>The first size of the meaning, in bytes.</summary>
    public long? Size(RowColumns.Meaning meaning) =>
        Find(meaning) is { } cell ? RowColumns.Size(cell.Text, cell.Column, cell.Unit) : null;

    /// <summary>The first whole number of the meaning; an error if it is not one.</summary>
    public int? Count(RowColumns.Meaning meaning)
    {
        if (Find(meaning) is not { } cell) return null;
        const NumberStyles style = NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        if (int.TryParse(cell.Text, style, CultureInfo.InvariantCulture, out var count)) return count;
        throw new ModelFitException(
            ErrorIds.InvalidArgument,
            FailureKind.InvalidArgument,
            $"'{cell.Text}' in column '{cell.Column}' is not a count.",
            cell.Text);
    }

    /// <summary>The cell of a column by its own name, whatever its case; null if it is absent or blank.</summary>
    public string? Named(string column)
    {
        var key = _cells.Keys.FirstOrDefault(name => name.Trim().Equals(column, StringComparison.OrdinalIgnoreCase));
        return key is null ? null : Text(_cells[key]);
    }

    /// <summary>Whether there is a column of the meaning, blank or not.</summary>
    public bool Has(RowColumns.Meaning meaning) =>
        _cells.Keys.Any(column => RowColumns.Find(column)?.Meaning == meaning);

    private (string Column, string Text, string? Unit)? Find(RowColumns.Meaning meaning)
    {
        foreach (var cell in _cells)
        {
            if (RowColumns.Find(cell.Key) is { } column && column.Meaning == meaning && Text(cell.Value) is { } text)
                return (cell.Key, text, column.Unit);
        }

        return null;
    }

    private static string? Text(object? value)
    {
        var text = value is IEnumerable list and not string
            ? Joined(list.Cast<object?>().ToArray())
            : Convert.ToString(value, CultureInfo.InvariantCulture)?.Trim();
        return SizeText.IsBlank(text) || IsTypeName(text!) ? null : text;
    }

    // What Export-Csv writes for a list (ModelFit.GpuSpec[]): another column says what it holds.
    private static bool IsTypeName(string text) => text.EndsWith("[]", StringComparison.Ordinal)
        && text.IndexOf(' ') < 0;

    // A list of names is cards of one machine; a list of objects is no cell, and another column says what it holds.
    private static string? Joined(object?[] elements) => elements.All(element => element is IConvertible)
        ? string.Join(" + ", elements.Select(element => Convert.ToString(element, CultureInfo.InvariantCulture)))
        : null;
}
