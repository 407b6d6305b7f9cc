using System.Globalization;
using ModelFit.Hardware.Inventory;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ModelFit.Fit;

/// <summary>Reads calibrations that were saved as JSON (ConvertTo-Json) or CSV (Export-Csv).</summary>
internal static class CalibrationText
{
    /// <summary>The fields of each; empty where the text is neither.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string?>> Read(string text)
    {
        var start = text.TrimStart();
        return start.StartsWith("{", StringComparison.Ordinal) || start.StartsWith("[", StringComparison.Ordinal)
            ? Json(text)
            : Csv(text);
    }

    private static IEnumerable<IReadOnlyDictionary<string, string?>> Json(string text)
    {
        JToken token;
        try
        {
            token = JToken.Parse(text);
        }
        catch (JsonException)
        {
            return Enumerable.Empty<IReadOnlyDictionary<string, string?>>();
        }

        var all = token is JArray several ? several.OfType<JObject>() : new[] { token }.OfType<JObject>();
        return all.Select<JObject, IReadOnlyDictionary<string, string?>>(
            one => one.Properties().Where(property => property.Value is JValue).ToDictionary(
            property => property.Name,
            property => (string?)Convert.ToString(((JValue)property.Value).Value, CultureInfo.InvariantCulture)));
    }

    private static IEnumerable<IReadOnlyDictionary<string, string?>> Csv(string text)
    {
        var records = CsvText.Records(text, ',').AtMost(InventoryLimits.Rows, "rows").ToArray();
        if (records.Length == 0) yield break;
        foreach (var record in records.Skip(1))
        {
            yield return records[0].Zip(record, (name, value) => (name, value))
                .Where(pair => pair.value.Length > 0).GroupBy(pair => pair.name)
                .ToDictionary(cells => cells.Key, cells => (string?)cells.First().value);
        }
    }
}
