using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ModelFit.Common;

/// <summary>
/// A value in a JSON document that people write, which knows its place: what is wrong is said with it.
/// </summary>
internal sealed class PlacedValue
{
    private static readonly string[] DayForms = { "yyyy-MM-dd", "yyyy-MM", "yyyy" };

    private readonly JToken _token;
    private readonly JToken _place;
    private readonly PlacedText _source;

    /// <summary>Wraps a value; errors are placed where it stands.</summary>
    public PlacedValue(JToken token, PlacedText source, JToken? place = null) =>
        (_token, _source, _place) = (token, source, place ?? token);

    /// <summary>The value as an object; an error that names what was expected if it is none.</summary>
    public PlacedValue AsObject(string what) =>
        _token is JObject ? this : throw Wrong($"{what} is an object ({{ ... }}), not {Kind()}");

    /// <summary>Whether the value is an object.</summary>
    public bool IsObject => _token is JObject;

    /// <summary>The members of an object, each with its value placed at its name.</summary>
    public IEnumerable<(string Name, PlacedValue Value)> Members() => ((JObject)_token).Properties().Until(_source.Stop)
        .Select(member => (member.Name, new PlacedValue(member.Value, _source, member)));

    /// <summary>Fails at the first member that is not one of these.</summary>
    public void Allow(IReadOnlyList<string> names)
    {
        foreach (var (name, value) in Members())
            if (!names.Contains(name)) throw value.Unknown(name, names);
    }

    /// <summary>
    /// Fails where <c>$schema</c> names another form than this version reads: its name, alone or at the end of an
    /// address.
    /// </summary>
    public void CheckForm(string form)
    {
        if (Find("$schema") is not { } schema) return;
        var text = schema.Text();
        var name = text.Substring(text.LastIndexOf('/') + 1);
        if (name != form && name != form + ".schema.json")
            throw schema.Wrong($"'{text}' is not a format that this version reads; it reads {form}");
    }

    /// <summary>A member's value; null if there is none.</summary>
    public PlacedValue? Find(string name) =>
        _token is JObject node && node[name] is { } value ? new PlacedValue(value, _source) : null;

    /// <summary>A member's value; an error if there is none.</summary>
    public PlacedValue Require(string name) => Find(name) ?? throw Wrong($"the member '{name}' is missing");

    /// <summary>The elements of an array that is not empty.</summary>
    public IEnumerable<PlacedValue> Elements() => _token is JArray { Count: > 0 } array
        ? array.Until(_source.Stop).Select(element => new PlacedValue(element, _source))
        : throw Wrong($"an array with at least one element is expected, not {Kind()}");

    /// <summary>A text that is not blank.</summary>
    public string Text() => _token is JValue { Value: string text } && text.Trim().Length > 0
        ? text : throw Wrong($"text is expected, not {Kind()}");

    /// <summary>A text or a number as text, or each element of an array of them.</summary>
    public IReadOnlyList<string> Texts() => _token is JArray
        ? Elements().Select(element => element.Scalar()).ToArray()
        : new[] { Scalar() };

    /// <summary>One of some words, in any case.</summary>
    public string Choice(IReadOnlyList<string> words) =>
        words.FirstOrDefault(word => word.Equals(Text(), StringComparison.OrdinalIgnoreCase))
        ?? throw Wrong($"'{Text()}' is not one of {string.Join(", ", words)}");

    /// <summary>One of the names of an enumeration.</summary>
    public T Choice<T>()
        where T : struct, Enum => (T)Enum.Parse(typeof(T), Choice(Enum.GetNames(typeof(T))));

    /// <summary>A count of at least 1: a number, or a text such as 32k.</summary>
    public int Count()
    {
        var count = 0;
        var isCount = _token is JValue && CountText.TryParse(Scalar(), out count) && count >= 1;
        return isCount
            ? count
            : throw Wrong($"a count of at least 1 is expected, for example 8192 or \"32k\", not {Kind()}");
    }

    /// <summary>Bytes: a text with its unit, such as 16GB.</summary>
    public long Size() => _token is JValue { Value: string text } && SizeText.TryParse(text, out var bytes)
            && (bytes == 0 || bytes >= 1L << 20)
        ? bytes : throw Wrong($"a size with its unit is expected, for example \"16GB\", not {Kind()}");

    /// <summary>A number above 0.</summary>
    public double Number()
    {
        var number = _token is JValue { Value: long or double } value
            ? Convert.ToDouble(value.Value, CultureInfo.InvariantCulture) : 0;
        return number > 0 && number < double.PositiveInfinity
            ? number : throw Wrong($"a number above 0 is expected, not {Kind()}");
    }

    /// <summary>A whole number above 0.</summary>
    public long Whole() => _token is JValue { Value: long number } && number > 0
        ? number : throw Wrong($"a whole number above 0 is expected, not {Kind()}");

    /// <summary>A day as <c>yyyy-MM-dd</c>, a month or a year.</summary>
    public string Day() => _token is JValue { Value: string text } && DateTime.TryParseExact(
            text, DayForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        ? text : throw Wrong($"a day is expected, for example \"2026-11-30\", not {Kind()}");

    /// <summary>True or false.</summary>
    public bool Flag() =>
        _token is JValue { Value: bool flag } ? flag : throw Wrong($"true or false is expected, not {Kind()}");

    /// <summary>An error at this value.</summary>
    public ModelFitException Wrong(string message) => _source.Wrong(_place, message);

    /// <summary>An error about a member that is not known, with the nearest names.</summary>
    public ModelFitException Unknown(string name, IEnumerable<string> known) =>
        Wrong($"'{name}' is not known here." + NearestNames.Sentence(
            NearestNames.Of(name, known, 3), $"Known are {string.Join(", ", known)}.").TrimEnd('.'));

    private string Scalar() => _token is JValue { Value: string or long or double or bool } value
            && Convert.ToString(value.Value, CultureInfo.InvariantCulture) is { } text && text.Trim().Length > 0
        ? text : throw Wrong($"text or a number is expected, not {Kind()}");

    private string Kind() => _token.Type switch
    {
        JTokenType.Object => "an object",
        JTokenType.Array => "an array",
        JTokenType.Null => "null",
        _ => _token.ToString(Formatting.None),
    };
}
