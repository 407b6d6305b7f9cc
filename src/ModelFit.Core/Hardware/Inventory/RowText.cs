using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>Rows from text: CSV with a header line, JSON objects.</summary>
internal static class RowText
{
    /// <summary>Whether the first record names columns that mean something here.</summary>
    public static bool RecognizesCsv(InventoryText text) =>
        text.Json.Count == 0 && CsvRows(text).Take(1).Any(IsMeaningful);

    /// <summary>Whether the JSON is objects with columns that mean something here.</summary>
    public static bool RecognizesJson(InventoryText text) => JsonRows(text).Take(50).Any(IsMeaningful);

    /// <summary>The machines of CSV rows.</summary>
    public static IEnumerable<DetectedMachine> ReadCsv(InventoryText text, ReadContext context) =>
        RowReader.Read(CsvRows(text), "CSV", context);

    /// <summary>The machines of JSON rows.</summary>
    public static IEnumerable<DetectedMachine> ReadJson(InventoryText text, ReadContext context)
    {
        if (text.JsonError is not null) context.Failed(context.Damaged(
            $"the JSON ends early or is damaged: {text.JsonError}"));
        return RowReader.Read(JsonRows(text), "JSON", context);
    }

    private static bool IsMeaningful(InventoryRow row) => VideoController.IsRow(row)
        || row.Has(RowColumns.Meaning.Gpu) || row.Has(RowColumns.Meaning.GpuMemory)
        || row.Has(RowColumns.Meaning.SystemMemory) || row.Has(RowColumns.Meaning.GpuCount);

    private static IEnumerable<InventoryRow> CsvRows(InventoryText text)
    {
        var first = text.Lines.FirstOrDefault(line => !line.StartsWith("#TYPE", StringComparison.Ordinal)) ?? "";
        using var records = CsvText.Records(text.Text, CsvText.Separator(first)).GetEnumerator();
        if (!records.MoveNext()) yield break;
        var header = records.Current;
        for (var number = 1; records.MoveNext(); number++)
        {
            var cells = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < header.Length; i++)
            {
                if (header[i].Length > 0) cells[header[i]] = i < records.Current.Length ? records.Current[i] : null;
            }

            yield return new InventoryRow(cells, number);
        }
    }

    private static IEnumerable<InventoryRow> JsonRows(InventoryText text) =>
        text.Json.SelectMany(value => value is JArray array ? array : Enumerable.Repeat(value, 1)).OfType<JObject>()
            .Select((row, index) => new InventoryRow(JsonRow(row), index + 1));

    private static Dictionary<string, object?> JsonRow(JObject row)
    {
        var cells = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in row.Properties()) cells[property.Name] = Cell(property.Value);
        return cells;
    }

    private static object? Cell(JToken value) => value switch
    {
        JValue scalar => scalar.Value,
        JObject nested => JsonRow(nested),
        JArray array => array.Select(Cell).ToArray(),
        _ => null,
    };
}
