using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using Meaning = ModelFit.Hardware.Inventory.RowColumns.Meaning;

namespace ModelFit.Hardware.Inventory;

/// <summary>One row of an inventory: its cells by meaning and by name.</summary>
internal sealed class InventoryRow
{
    private const int MaxDepth = 6;
    private const int MaxCells = 4096;
    private const int MaxCount = 1 << 20;
    private const int MaxProduct = 120;

    /// <summary>Words of objects inside a row that only group its cells: <c>assetBasicInfo</c>.</summary>
    private static readonly string[] Groups =
    {
        "system", "sys", "host", "hardware", "computer", "machine", "specs", "spec", "information", "info", "hw",
        "general", "basic", "facts", "details", "inventory", "data", "properties", "attributes", "resources", "summary",
        "custom", "fields", "value", "config", "node", "server", "asset",
    };

    private static readonly Regex Times = new(@"(?<=\d)\s*[xX×]\s*(?=\d)");

    private static readonly Regex CountOfThings = new(
        @"^\s*(\d{1,6})\s+(?!(?:or|to|[KMGT]i?B|[KMG]?Hz|GT)\b)[\p{L}(]",
        RegexOptions.IgnoreCase);

    private static readonly Regex ProductSize = new(@"(?<![\w.,])(?:\d{1,2} ?[xX×] ?)?\d{1,4} ?[GT]i?B\b");

    private readonly IReadOnlyDictionary<string, object?> _cells;

    /// <summary>Wraps a row.</summary>
    /// <param name="cells">The cells by column; an object in a cell is more columns, <c>memory.total</c>.</param>
    /// <param name="number">Number of the row, from 1.</param>
    /// <param name="style">How its numbers are written; null for the invariant way.</param>
    public InventoryRow(IReadOnlyDictionary<string, object?> cells, int number, NumberStyle? style = null)
    {
        Given = cells;
        _cells = cells.Any(cell => cell.Value is IReadOnlyDictionary<string, object?> || Alone(cell) is not null)
            ? Flat(cells) : cells;
        Number = number;
        Style = style ?? NumberStyle.Invariant;
    }

    /// <summary>Number of the row, from 1.</summary>
    public int Number { get; }

    /// <summary>The cells as they came.</summary>
    public IReadOnlyDictionary<string, object?> Given { get; }

    /// <summary>How its numbers are written.</summary>
    public NumberStyle Style { get; }

    /// <summary>The column that names a card, where the row is one card and no computer; null elsewhere.</summary>
    public string? CardColumn { get; private init; }

    /// <summary>The version of the card's driver, where it is one and not the name of a file.</summary>
    public string? Driver => Cells(Meaning.GpuDriver).Select(cell => cell.Text)
        .FirstOrDefault(text => char.IsDigit(text[0]));

    /// <summary>The row with its numbers written in another way.</summary>
    public InventoryRow Written(NumberStyle style) => new(Given, Number, style) { CardColumn = CardColumn };

    /// <summary>The row as one card: what it says of a memory is the card's.</summary>
    public InventoryRow AsCard(string column) => new(Given, Number, Style) { CardColumn = column };

    /// <summary>The objects in the lists that cells hold, with the column of their list.</summary>
    public IEnumerable<(string Column, IReadOnlyDictionary<string, object?> Cells)> Listed => _cells
        .Where(cell => cell.Value is object?[]).SelectMany(cell => ((object?[])cell.Value!)
            .OfType<IReadOnlyDictionary<string, object?>>().Select(item => (cell.Key, item)));

    /// <summary>The names of the columns.</summary>
    public IEnumerable<string> Columns => _cells.Keys;

    /// <summary>The first cell of the meaning that is not blank, as text.</summary>
    public string? Text(Meaning meaning) => Cells(meaning).Select(cell => cell.Text).FirstOrDefault();

    /// <summary>The cells of the meaning that are not blank.</summary>
    public IEnumerable<(string Column, string Text, string? Unit)> Cells(Meaning meaning)
    {
        foreach (var cell in _cells)
        {
            if (RowColumns.Find(cell.Key, CardColumn is not null) is { } column && column.Meaning == meaning
                && Text(cell.Value) is { } text)
                yield return (cell.Key, text, column.Unit);
        }
    }

    /// <summary>
    /// The first size of the meaning, in bytes; of a cell that is no size, or one whose unit cannot be told,
    /// <see cref="ErrorIds.InvalidArgument"/>.
    /// </summary>
    /// <param name="meaning">The meaning.</param>
    /// <param name="bare">What a number without a unit is.</param>
    /// <param name="first">A word of the column that is asked before the others; null if their order decides.</param>
    public long? Size(Meaning meaning, CellSize.Bare bare, string? first = null)
    {
        var cells = first is null ? Cells(meaning)
            : Cells(meaning).OrderBy(cell => Fields.ContainsAny(cell.Column, first) ? 0 : 1);
        foreach (var (column, text, unit) in cells)
        {
            var bytes = Sum(text, unit, bare) ?? Style.Size(text, unit, bare)
                ?? (meaning == Meaning.SystemMemory ? OnlySize(text) : null) ?? throw (Whole(text) is null ? NoSize(text, column) : NoUnit(text, column));
            if (bytes == 0) continue;
            return bytes >= 1L << 20 ? bytes : throw NoUnit(text, column);
        }

        return null;
    }

    /// <summary>The bytes of modules told one by one, <c>3x 16 GB DDR4 + 8 GB</c>; null if they are not.</summary>
    private long? Sum(string text, string? unit, CellSize.Bare bare)
    {
        if (text.Length > MaxProduct || text.IndexOf('+') < 0) return null;
        var sizes = text.Split('+').Select(part => Style.Size(part.Trim(), unit, bare)).ToList();
        return sizes.All(size => size > 0) ? sizes.Sum() : null;
    }

    /// <summary>
    /// The one size in what a module is sold as, <c>Trident Z5 32GB DDR5 6000MHz</c>; null if it has two.
    /// </summary>
    private long? OnlySize(string text)
    {
        if (text.Length > MaxProduct || Fields.ContainsAny(text, "max", "up to", "from")) return null;
        var sizes = ProductSize.Matches(text).Cast<Match>()
            .Select(match => Style.Size(match.Value, null, CellSize.Bare.Bytes)).Distinct().ToList();
        return sizes.Count == 1 ? sizes[0] : null;
    }

    /// <summary>
    /// The first whole number of the meaning, the product of <c>2x32</c>; null with a warning for what is none: one odd
    /// cell does not cost the row.
    /// </summary>
    /// <param name="meaning">The meaning.</param>
    /// <param name="messages">Where an odd cell is said.</param>
    /// <param name="least">What the number is not below: a smaller one counts other things, such as sockets.</param>
    public int? Count(Meaning meaning, IMessageSink messages, int least = 0)
    {
        if (Cells(meaning).Select(cell => ((string, string)?)(cell.Column, cell.Text))
            .FirstOrDefault(cell => !(Whole(cell!.Value.Item2) < least)) is not { } cell) return null;
        var factors = Times.Split(cell.Item2).Select(Counted).ToArray();
        var product = factors.Aggregate((long?)1, (all, factor) => all > MaxCount ? null : all * factor);
        if (product is >= 0 and <= MaxCount) return (int)product;
        messages.Warning(
            $"Row {Number}: '{Short(cell.Item2)}' in column '{cell.Item1}' is not a count; it is left out.");
        return null;
    }

    /// <summary>
    /// The number that a text is or begins with: <c>8</c>, <c>8 available (1 per task)</c>; null for sizes.
    /// </summary>
    private static long? Counted(string text)
    {
        if (Whole(text) is { } whole) return whole;
        var match = CountOfThings.Match(text);
        return match.Success ? Whole(match.Groups[1].Value) : null;
    }

    /// <summary>
    /// The cell of a column by its own name, whatever its case and with the 0 that Configuration Manager puts behind
    /// it; null if it is absent or blank.
    /// </summary>
    public string? Named(string column)
    {
        var key = _cells.Keys.FirstOrDefault(name => Is(name, column)) ?? _cells.Keys.FirstOrDefault(name =>
            Is(name, column + "0"));
        return key is null ? null : Text(_cells[key]);
    }

    private static bool Is(string name, string column) =>
        name.Trim().Equals(column, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether there is a column of the meaning, blank or not.</summary>
    public bool Has(Meaning meaning) => _cells.Keys.Any(column =>
        RowColumns.Find(column, CardColumn is not null)?.Meaning == meaning);

    /// <summary>Whether there is a column of one of these names, written in letters and digits alone.</summary>
    public bool HasAny(params string[] names) =>
        _cells.Keys.Any(column => names.Contains(RowColumns.Normalize(column)));

    /// <summary>The whole number that a text is; null if it is none.</summary>
    public static long? Whole(string text)
    {
        const NumberStyles style = NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite
            | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && Math.Abs(number) < int.MaxValue ? (long)number : null;
    }

    /// <summary>A cell as text; null if it is blank, or holds objects that no text says.</summary>
    public static string? Text(object? value)
    {
        var text = value is IEnumerable list and not string
            ? Joined(list.Cast<object?>().ToArray())
            : Convert.ToString(value, CultureInfo.InvariantCulture)?.Trim();
        if (SizeText.IsBlank(text) || IsTypeName(text!)) return null;
        // What is beyond the limit is an error where the row is read; until then nothing looks at all of it.
        return text!.Length > InventoryLimits.Characters ? text.Substring(0, InventoryLimits.Characters) : text;
    }

    /// <summary>The cells of nested objects beside those of the row: <c>memory.total</c>.</summary>
    public static IReadOnlyDictionary<string, object?> Flat(IReadOnlyDictionary<string, object?> cells)
    {
        var flat = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var cell in cells.Where(cell => cell.Value is not IReadOnlyDictionary<string, object?>))
            flat[cell.Key] = cell.Value;
        Add(flat, cells, string.Empty, 0);
        return flat;
    }

    private static void Add(
        Dictionary<string, object?> flat, IReadOnlyDictionary<string, object?> cells, string prefix, int depth)
    {
        foreach (var cell in cells)
        {
            if (flat.Count >= MaxCells) return;
            var isGroup = IsGroup(RowColumns.Normalize(cell.Key));
            var path = prefix.Length == 0 ? cell.Key : $"{prefix}.{cell.Key}";
            if (Alone(cell) is { } only) Add(flat, only, path, depth + 1);
            else if (cell.Value is IReadOnlyDictionary<string, object?> nested && depth < MaxDepth)
                Add(flat, nested, isGroup ? prefix : path, depth + 1);
            else if (!flat.ContainsKey(isGroup && prefix.Length > 0 ? prefix : path))
                flat[isGroup && prefix.Length > 0 ? prefix : path] = cell.Value;
        }
    }

    /// <summary>Whether a name has such words alone; of two that begin alike the longer one comes first.</summary>
    private static bool IsGroup(string name)
    {
        while (Groups.FirstOrDefault(word => name.StartsWith(word, StringComparison.Ordinal)) is { } word)
        {
            name = name.Substring(word.Length);
            if (name.Length == 0) return true;
        }

        return false;
    }

    /// <summary>The one processor of a list of processors.</summary>
    private static IReadOnlyDictionary<string, object?>? Alone(KeyValuePair<string, object?> cell) =>
        cell.Value is object?[] { Length: 1 } list && list[0] is IReadOnlyDictionary<string, object?> only
            && RowColumns.Find(cell.Key)?.Meaning == Meaning.Cpu ? only : null;

    private static ModelFitException NoSize(string text, string column) => new(
        ErrorIds.InvalidArgument,
        $"'{Short(text)}' in column '{column}' is not a size such as 24GB, with a decimal point (or -Culture).",
        text);

    private static ModelFitException NoUnit(string text, string column) => new(
        ErrorIds.InvalidArgument,
        $"'{Short(text)}' in column '{column}' has no unit: write it in the cell, for example '{Short(text.Trim())}GB', "
            + $"or in the column's name, '{column} (GB)'.",
        text);

    private static string Short(string text) => text.Length > 60 ? text.Substring(0, 60) + "…" : text;

    // What Export-Csv writes for a list (ModelFit.GpuSpec[]): another column says what it holds.
    private static bool IsTypeName(string text) => text.EndsWith("[]", StringComparison.Ordinal)
        && text.IndexOf(' ') < 0;

    // A list of names is cards of one machine; a list of objects is no cell, and another column says what it holds.
    private static string? Joined(object?[] elements) => elements.All(element => element is IConvertible)
        ? string.Join(" + ", elements.Select(element => Convert.ToString(element, CultureInfo.InvariantCulture)))
        : null;
}
