using System.Globalization;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>Values in JSON whose keys differ in case and in blanks between versions of a tool.</summary>
internal static class JsonFields
{
    /// <summary>The value under the first key that is there, as text; null if it is absent or says nothing.</summary>
    public static string? Text(JToken? token, params string[] keys) =>
        keys.Select(key => Scalar(At(token, key))).FirstOrDefault(value => value is not null);

    /// <summary>The value under a path of keys, whatever their case.</summary>
    public static JToken? At(JToken? token, string path) =>
        path.Split('/').Aggregate(
            token, (at, key) => (at as JObject)?.GetValue(key, StringComparison.OrdinalIgnoreCase));

    /// <summary>The sum of the numbers above 0 under a key of each; null where one does not tell.</summary>
    public static int? Sum(IEnumerable<JToken> items, params string[] keys)
    {
        var numbers = items.Select(item => Fields.PositiveInteger(Text(item, keys))).ToList();
        return numbers.Count > 0 && numbers.All(number => number is not null) ? numbers.Sum() : null;
    }

    /// <summary>
    /// A scalar as text; of <c>{"value": 65520, "unit": "MB"}</c> both with a blank between them. Null if it says
    /// nothing.
    /// </summary>
    public static string? Scalar(JToken? token) => token switch
    {
        JValue value => Fields.Text(Convert.ToString(value.Value, CultureInfo.InvariantCulture)),
        JObject quantity when At(quantity, "value") is JValue value && Scalar(value) is { } number =>
            $"{number} {Scalar(At(quantity, "unit"))}".TrimEnd(),
        _ => null,
    };
}
