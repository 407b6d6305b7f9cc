using System.Globalization;
using System.Xml.Linq;

namespace ModelFit.Fleet.Reports.Html;

/// <summary>Makes the elements that pages are made of.</summary>
internal static class Tags
{
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

    /// <summary>A row whose first cell names it; the others are numbers or texts.</summary>
    public static XElement Row(string name, params string[] cells) => E(
        "tr", E("th", A("scope", "row"), name), cells.Select(cell => E("td", Class("number"), cell)));

    /// <summary>A word as the name of a class: letters only.</summary>
    private static string Identifier(string word) => new(word.Where(char.IsLetter).ToArray());
}
