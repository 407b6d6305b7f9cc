using System.Globalization;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>inxi --output json</c> as the sections that inxi prints: keys such as <c>001#1#2#driver</c> are numbered in their
/// order, and a device of several gets its number only when it is printed (inxi, <c>generate_json</c>).
/// </summary>
internal static class InxiJson
{
    private static readonly Regex Key = new(@"^(\d{3})#\d#\d#(.+)$");

    /// <summary>The sections by their titles; empty if the text is no such JSON.</summary>
    public static Dictionary<string, string> Sections(InventoryText text)
    {
        var sections = new Dictionary<string, string>(StringComparer.Ordinal);
        var parts = text.Json.SelectMany(value => value is JArray array ? array : (IEnumerable<JToken>)new[] { value });
        foreach (var part in parts.OfType<JObject>().SelectMany(item => item.Properties()))
        {
            if (Key.Match(part.Name) is not { Success: true } title || part.Value is not JArray rows) continue;
            var count = 0;
            var pairs = rows.OfType<JObject>().SelectMany(Pairs)
                .Select(pair => pair.Key == "Device" ? ($"Device-{++count}", pair.Value) : pair);
            sections[title.Groups[2].Value] = string.Join(" ", pairs.Select(pair => $"{pair.Item1}: {pair.Item2}"));
        }

        return sections;
    }

    private static IEnumerable<(string Key, string Value)> Pairs(JObject row) => row.Properties()
        .Select(property => (Match: Key.Match(property.Name), property.Value)).Where(pair => pair.Match.Success)
        .OrderBy(pair => pair.Match.Groups[1].Value, StringComparer.Ordinal)
        .Select(pair => (pair.Match.Groups[2].Value, pair.Value is JValue value
            ? value.ToString(CultureInfo.InvariantCulture) : string.Empty));
}
