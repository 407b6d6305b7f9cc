using System.Globalization;

namespace ModelFit.Catalog;

/// <summary>
/// Values of the model catalog: true and false, whole numbers, numbers with a point, texts, and one value a layer as
/// <c>4x10,8,4</c> (ten times 4, then 8, then 4).
/// </summary>
internal static class ModelCatalogValue
{
    /// <summary>A flag, a <see cref="long"/>, <see cref="double"/>, <c>long[]</c> or <see cref="string"/>.</summary>
    public static object Parse(string text)
    {
        if (text is "true" or "false") return text == "true";
        if (TryWhole(text, out var number)) return number;
        const NumberStyles style = NumberStyles.Float;
        if (double.TryParse(text, style, CultureInfo.InvariantCulture, out var real)) return real;
        return TryList(text, out var list) ? list : text;
    }

    private static bool TryList(string text, out long[] list)
    {
        var values = new List<long>();
        foreach (var part in text.Split(','))
        {
            var times = part.Split('x');
            long count = 1;
            if (!TryWhole(times[0], out var value) || (times.Length > 1 && !TryWhole(times[1], out count)))
            {
                list = System.Array.Empty<long>();
                return false;
            }
            for (var i = 0; i < count; i++) values.Add(value);
        }
        list = values.ToArray();
        return true;
    }

    private static bool TryWhole(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
