using System.Globalization;
using System.Xml.Linq;

namespace ModelFit.Fleet.Reports.Html;

/// <summary>Makes the elements that pages are made of.</summary>
internal static class Tags
{
    private const int BarWidth = 1000, BarHeight = 28;

    private static readonly string[] PartClasses = { "weights", "cache", "compute", "overhead" };

    /// <summary>An element.</summary>
    public static XElement E(string name, params object?[] content) => new(name, content);

    /// <summary>An attribute.</summary>
    public static XAttribute A(string name, object value) => new(name, value);

    /// <summary>A coordinate as a picture has it.</summary>
    public static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>The attribute class.</summary>
    public static XAttribute Class(string name) => new("class", name);

    /// <summary>A section under a heading; null if it would be empty.</summary>
    public static XElement? Section(string id, string title, params object?[] content) =>
        content.All(part => part is null) ? null
            : E("section", A("aria-labelledby", id), E("h2", A("id", id), title), content);

    /// <summary>A list; null if it would be empty.</summary>
    public static XElement? List(IEnumerable<XElement> items)
    {
        var all = items.ToArray();
        return all.Length == 0 ? null : E("ul", all);
    }

    /// <summary>Names with their values; null if there are none.</summary>
    public static XElement? Pairs(IReadOnlyList<(string Name, string Value)> pairs) => pairs.Count == 0 ? null
        : E("dl", pairs.SelectMany(pair => new[] { E("dt", pair.Name), E("dd", pair.Value) }));

    /// <summary>A verdict or a state as a coloured word.</summary>
    public static XElement Badge(string word) => E("span", Class($"badge {Identifier(word)}"), word);

    /// <summary>A table that scrolls by itself where it is too wide, by the keyboard too.</summary>
    public static XElement Table(
        string caption, IReadOnlyList<string> heads, IEnumerable<XElement> rows, string? id = null) => E(
            "div", Class("scroll"), A("role", "region"), A("aria-label", caption), A("tabindex", 0),
            E("table", id is null ? null : A("id", id),
                E("caption", caption),
                E("thead", E("tr", heads.Select(head => E("th", A("scope", "col"), head)))),
                E("tbody", rows)));

    /// <summary>A bar from left to right, with what is read aloud of it.</summary>
    public static XElement Bar(string says, params object?[] parts) => E(
        "svg", A("viewBox", $"0 0 {BarWidth} {BarHeight}"), A("preserveAspectRatio", "none"), A("role", "img"),
        A("aria-label", says), parts);

    /// <summary>The place of an amount on a bar whose whole length is <paramref name="scale"/>.</summary>
    public static string BarPlace(long amount, long scale) => N((double)amount / scale * BarWidth);

    /// <summary>A part of a bar.</summary>
    public static XElement Box(string x, string width, string name, int height = BarHeight) => E(
        "rect", Class(name), A("x", x), A("y", 0), A("width", width), A("height", height));

    /// <summary>A line across a bar.</summary>
    public static XElement Mark(string x, string name, int height = BarHeight) => E(
        "line", Class(name), A("x1", x), A("x2", x), A("y1", 0), A("y2", height));

    /// <summary>The class, which is a colour, of the part of a bar at this place.</summary>
    public static string PartClass(int index) => PartClasses[index % PartClasses.Length];

    /// <summary>A row whose first cell names it; the others are numbers or texts.</summary>
    public static XElement Row(string name, params string[] cells) => E(
        "tr", E("th", A("scope", "row"), name), cells.Select(cell => E("td", Class("number"), cell)));

    /// <summary>A word as the name of a class: letters only.</summary>
    private static string Identifier(string word) => new(word.Where(char.IsLetter).ToArray());
}
