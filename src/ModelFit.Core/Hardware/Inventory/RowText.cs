using System.Threading;
using ModelFit.Common;
using Newtonsoft.Json.Linq;
using Meaning = ModelFit.Hardware.Inventory.RowColumns.Meaning;

namespace ModelFit.Hardware.Inventory;

/// <summary>Rows from text: CSV with a header line, JSON objects, tables.</summary>
internal static class RowText
{
    private const int MaxDepth = 5;
    private const int HeaderLines = 10;
    private const int MaxNesting = 8;
    private const int MaxYaml = 20_000;

    private static readonly Regex YamlLine = new(
        @"^\s*(?:- )?(?:[\w./""'()-][\w ./""'()-]{0,60}:(?:\s.*)?|- \S.*|---.*)$");

    /// <summary>Arrays that hold the rows of an answer.</summary>
    private static readonly HashSet<string> Lists = new(StringComparer.OrdinalIgnoreCase)
    {
        "hosts", "computers", "machines", "nodes", "results", "result", "items", "data", "devices", "value", "rows",
        "assets", "endpoints", "vms", "instances", "resources", "servers", "systems", "records", "inventory",
    };

    /// <summary>What a container or a job may use is no machine.</summary>
    private static readonly HashSet<string> Asked = new(StringComparer.OrdinalIgnoreCase)
    {
        "limits", "requests", "reservations",
    };

    /// <summary>
    /// Whether a record near the beginning names columns that mean something here, and others follow it: one column
    /// alone is no table, and a first line alone says nothing.
    /// </summary>
    public static bool RecognizesCsv(InventoryText text) => text.Json.Count == 0 && Header(text) is not null;

    /// <summary>Whether the JSON is objects with columns that mean something here.</summary>
    public static bool RecognizesJson(InventoryText text) => JsonRows(text).Take(50).Any();

    /// <summary>Whether there is a table whose columns mean something here.</summary>
    public static bool RecognizesTable(InventoryText text) =>
        text.Json.Count == 0 && RowKinds.AreMachines(TableText.Rows(text, RowKinds.IsTable));

    /// <summary>The machines of CSV rows.</summary>
    public static IEnumerable<DetectedMachine> ReadCsv(InventoryText text, ReadContext context) =>
        RowReader.Read(CsvRows(text, context), "CSV", context);

    public static IEnumerable<DetectedMachine> ReadTable(InventoryText text, ReadContext context) =>
        RowReader.Read(TableText.Rows(text, RowKinds.IsTable), "table", context);

    /// <summary>Whether there are columns between blanks that mean something here.</summary>
    public static bool RecognizesColumns(InventoryText text) =>
        text.Json.Count == 0 && RowKinds.AreMachines(TableText.Columns(text, RowKinds.IsTable));

    /// <summary>The machines of columns between blanks.</summary>
    public static IEnumerable<DetectedMachine> ReadColumns(InventoryText text, ReadContext context) =>
        RowReader.Read(TableText.Columns(text, RowKinds.IsTable), "table", context);

    /// <summary>Whether the whole text is YAML with something nested, and rows that mean something here.</summary>
    public static bool RecognizesYaml(InventoryText text) =>
        text.Json.Count == 0 && IsYaml(text.Lines) && !ListText.IsMarkdown(text)
            && YamlRows(text).Take(50).ToList() is var rows && rows.Any(RowKinds.Tells)
            && !rows.Any(row => row.Columns.Any(AdapterKind.IsGpuName));

    public static IEnumerable<DetectedMachine> ReadYaml(InventoryText text, ReadContext context) =>
        RowReader.Read(YamlRows(text), "YAML", context);

    /// <summary>The machines of JSON rows.</summary>
    public static IEnumerable<DetectedMachine> ReadJson(InventoryText text, ReadContext context) =>
        RowReader.Read(JsonRows(text), text.Text[0] == '<' ? "XML" : "JSON", context);

    private static (int Start, char Separator)? Header(InventoryText text)
    {
        var start = 0;
        for (var i = 0; i < text.Lines.Count && i < HeaderLines; i++)
        {
            var line = text.Lines[i];
            var separator = CsvText.Separator(line);
            if (line.IndexOf(separator) >= 0 && !line.StartsWith("#TYPE", StringComparison.Ordinal))
            {
                var rows = Rows(text.Text.Substring(Math.Min(start, text.Text.Length)), separator, null).Take(1);
                if (rows.Any(row => row.Columns.Count() > 1 && RowKinds.IsTable(row) && HasCells(row)))
                    return (start, separator);
            }

            start = text.Text.IndexOf('\n', Math.Min(start, text.Text.Length)) + 1;
            if (start == 0) break;
        }

        return null;
    }

    /// <summary>Whether the record below the header is as wide as one, and no rule of a table that is none.</summary>
    private static bool HasCells(InventoryRow row) => row.Given.Values.Count(value => value is not null) > 1
        && row.Given.Values.Any(value => value is not string text || text.Trim(' ', '-', ':').Length > 0);

    private static IEnumerable<InventoryRow> CsvRows(InventoryText text, ReadContext context)
    {
        if (Header(text) is not { } header) return Array.Empty<InventoryRow>();
        var style = new NumberStyle(context.Culture, header.Separator == ';');
        return Rows(text.Text.Substring(header.Start), header.Separator, style);
    }

    private static IEnumerable<InventoryRow> Rows(string text, char separator, NumberStyle? style)
    {
        using var records = CsvText.Records(text, separator).GetEnumerator();
        if (!records.MoveNext()) yield break;
        var header = records.Current;
        for (var number = 1; records.MoveNext(); number++)
        {
            var cells = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < header.Length; i++)
            {
                if (header[i].Length > 0) cells[header[i]] = i < records.Current.Length ? records.Current[i] : null;
            }

            yield return new InventoryRow(cells, number, style);
        }
    }

    private static bool IsYaml(IReadOnlyList<string> lines)
    {
        var told = lines.Where(line => line.Trim().Length > 0 && line.TrimStart()[0] != '#').ToList();
        return told.Count is > 2 and < MaxYaml && told.All(line => YamlLine.IsMatch(line))
            && told.Any(line => line.TrimEnd().EndsWith(":", StringComparison.Ordinal));
    }

    private static IEnumerable<InventoryRow> YamlRows(InventoryText text) =>
        Rows(YamlText.Documents(text.Lines), text.Stop);

    private static IEnumerable<InventoryRow> JsonRows(InventoryText text) => Rows(text.Json, text.Stop);

    private static IEnumerable<InventoryRow> Rows(IEnumerable<JToken> values, CancellationToken stop) => values
        .SelectMany(value => Objects(value, null, 0, stop))
        .Select((row, index) => new InventoryRow(row, index + 1));

    /// <summary>
    /// The objects that are rows: those that say something of hardware, looked for from the outside in, lists first.
    /// </summary>
    private static IEnumerable<IReadOnlyDictionary<string, object?>> Objects(
        JToken token, string? key, int depth, CancellationToken stop)
    {
        if (depth > MaxDepth) return Array.Empty<IReadOnlyDictionary<string, object?>>();
        if (token is JArray array) return array.Until(stop).SelectMany(item => Objects(item, null, depth + 1, stop));
        if (token is not JObject value) return Array.Empty<IReadOnlyDictionary<string, object?>>();
        var lists = value.Properties().Where(property => Lists.Contains(property.Name) && property.Value is JArray)
            .SelectMany(property => Objects(property.Value, null, depth + 1, stop)).ToList();
        if (lists.Count > 0) return lists;
        var row = Cells(value, 0);
        if (RowKinds.IsMeaningful(new InventoryRow(row, 1))) return new[] { Named(row, key) };
        var parts = value.Properties().Where(property => property.Value is JContainer && !Asked.Contains(property.Name))
            .SelectMany(property => Objects(property.Value, property.Name, depth + 1, stop)).ToList();
        return parts.Count == 1 ? new[] { Owned(parts[0], row) } : parts;
    }

    /// <summary>The one row of an object, with the computer that the object around it names.</summary>
    private static IReadOnlyDictionary<string, object?> Owned(
        IReadOnlyDictionary<string, object?> part, IReadOnlyDictionary<string, object?> around)
    {
        var name = around.FirstOrDefault(cell =>
            cell.Value is string && RowColumns.Find(cell.Key)?.Meaning == Meaning.Computer);
        if (name.Key is null || part is not Dictionary<string, object?> cells
            || new InventoryRow(part, 1).Has(Meaning.Computer)) return part;
        cells[name.Key] = name.Value;
        return cells;
    }

    /// <summary>The row under the key that it stands for, where it has no name of its own.</summary>
    private static IReadOnlyDictionary<string, object?> Named(Dictionary<string, object?> row, string? key)
    {
        var flat = new InventoryRow(row, 1);
        var isName = key is not null && RowColumns.Find(key) is null && !Lists.Contains(key)
            && !flat.Has(Meaning.Computer) && !flat.Has(Meaning.Label) && key.Any(c => char.IsDigit(c) || c == '-');
        if (isName) row["name"] = key;
        return row;
    }

    private static Dictionary<string, object?> Cells(JObject row, int depth)
    {
        var cells = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in row.Properties()) cells[property.Name] = Cell(property.Value, depth);
        return cells;
    }

    private static object? Cell(JToken value, int depth) => value switch
    {
        JValue scalar => scalar.Value,
        JObject nested when depth < MaxNesting => Cells(nested, depth + 1),
        JArray array when depth < MaxNesting => array.Select(item => Cell(item, depth + 1)).ToArray(),
        _ => null,
    };
}
