using System.Globalization;
using System.Text;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Sizes in the cells of inventories: <c>16384</c> under <c>RAM (MB)</c>, <c>31,8 GB</c>, <c>16 309 Mo</c>,
/// <c>2x16GB DDR5</c>. Binary units.
/// </summary>
internal static class CellSize
{
    private const int MaxLength = 64;
    private const char None = '\0';

    private static readonly Dictionary<string, int> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        ["b"] = 0, ["byte"] = 0, ["bytes"] = 0, ["octets"] = 0,
        ["k"] = 10, ["kb"] = 10, ["kib"] = 10, ["ko"] = 10, ["ki"] = 10, ["kbytes"] = 10, ["кб"] = 10,
        ["m"] = 20, ["mb"] = 20, ["mib"] = 20, ["mo"] = 20, ["mi"] = 20, ["mbytes"] = 20, ["мб"] = 20,
        ["megabytes"] = 20, ["g"] = 30, ["gb"] = 30, ["gib"] = 30, ["go"] = 30, ["gi"] = 30, ["gbytes"] = 30,
        ["гб"] = 30, ["gigabytes"] = 30, ["t"] = 40, ["tb"] = 40, ["tib"] = 40, ["to"] = 40, ["тб"] = 40,
    };

    /// <summary>How a number without any unit is understood.</summary>
    public enum Bare
    {
        /// <summary>As bytes.</summary>
        Bytes,

        /// <summary>As the memory of a card: from 512 on MiB, from a million on bytes.</summary>
        Card,

        /// <summary>As the memory of a computer: GiB, from 512 on MiB, from a million on KiB, then bytes.</summary>
        System,
    }

    /// <summary>Bytes of a text; null if it is no size, or if it is one only by a guess that is not allowed.</summary>
    /// <param name="text">The cell.</param>
    /// <param name="unit">The unit that the column's name says; null if it says none.</param>
    /// <param name="bare">How a number without any unit is understood.</param>
    /// <param name="culture">Whose decimals; null for those that cannot be anything else.</param>
    /// <param name="hasDecimalCommas">Whether a comma is a decimal point there.</param>
    public static long? Parse(string text, string? unit, Bare bare, CultureInfo? culture, bool hasDecimalCommas)
    {
        var plain = new string(text.Trim().Take(MaxLength).Select(c => c is '\u00A0' or '\u202F' ? ' ' : c).ToArray());
        var (count, start) = Count(plain);
        var end = NumberEnd(plain, start);
        if (end == start) return null;
        var unitEnd = end;
        while (unitEnd < plain.Length && plain[unitEnd] == ' ') unitEnd++;
        var unitStart = unitEnd;
        while (unitEnd < plain.Length && char.IsLetter(plain[unitEnd])) unitEnd++;
        var word = plain.Substring(unitStart, unitEnd - unitStart);
        var own = Units.TryGetValue(word, out var shift);
        if (!own && word.Length > 0) return null;
        if (unitEnd < plain.Length && plain[unitEnd] is not (' ' or '(' or ',' or ';' or '/')) return null;
        if (!own && unitEnd < plain.TrimEnd().Length) return null;
        var isLarge = (own ? shift : unit is null ? 0 : Units.TryGetValue(unit, out var named) ? named : 0) >= 30;
        if (Number(plain.Substring(start, end - start), culture, hasDecimalCommas || own, isLarge) is not { } number)
            return null;
        number *= count;
        if (!own && (unit is null || !Units.TryGetValue(unit, out shift)))
        {
            if (Implied(number, bare) is not { } implied) return null;
            shift = implied;
        }

        var limit = (decimal)(long.MaxValue >> shift);
        return number > limit ? null : (long)(number * (1L << shift));
    }

    private static int? Implied(decimal number, Bare bare) => bare switch
    {
        Bare.Card => number >= 1 << 20 ? 0 : number >= 512 ? 20 : number == 0 ? 0 : null,
        Bare.System => number >= 1 << 29 ? 0 : number >= 1 << 20 ? 10 : number >= 512 ? 20 : 30,
        _ => 0,
    };

    /// <summary>The modules of <c>2x16GB</c>, and where their size begins.</summary>
    private static (int Count, int Start) Count(string text)
    {
        var end = 0;
        while (end < text.Length && end < 3 && text[end] is >= '0' and <= '9') end++;
        var mark = end;
        while (mark < text.Length && text[mark] == ' ') mark++;
        if (end == 0 || mark + 1 >= text.Length || text[mark] is not ('x' or 'X' or '×')) return (1, 0);
        for (mark++; mark < text.Length && text[mark] == ' ';) mark++;
        return (int.Parse(text.Substring(0, end), CultureInfo.InvariantCulture), mark);
    }

    private static int NumberEnd(string text, int start)
    {
        var end = start;
        while (end < text.Length)
        {
            if (text[end] is >= '0' and <= '9') end++;
            else if (end > start && text[end] is '.' or ',' or '\'' or '’' or ' ' && IsGroup(text, end)) end++;
            else break;
        }

        return end;
    }

    /// <summary>Whether digits follow: after a blank exactly three of them.</summary>
    private static bool IsGroup(string text, int at)
    {
        var digits = 0;
        while (at + 1 + digits < text.Length && text[at + 1 + digits] is >= '0' and <= '9') digits++;
        return text[at] is '.' or ',' ? digits > 0 : digits == 3;
    }

    private static decimal? Number(string text, CultureInfo? culture, bool hasDecimalCommas, bool isLarge)
    {
        var separator = culture?.NumberFormat.NumberDecimalSeparator[0] ?? Decimal(text, hasDecimalCommas, isLarge);
        if (separator == '!' || (separator == None && HasOddGroups(text))) return null;
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is >= '0' and <= '9') plain.Append(c);
            else if (c == separator) plain.Append('.');
        }

        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(plain.ToString(), style, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>
    /// The character before the decimals; none if there are no decimals, <c>!</c> where a comma could be either. Three
    /// digits behind a comma are a group, and behind a point too where a part of a small unit would be meant.
    /// </summary>
    private static char Decimal(string text, bool hasDecimalCommas, bool isLarge)
    {
        var (comma, point) = (text.LastIndexOf(','), text.LastIndexOf('.'));
        if (comma >= 0 && point >= 0) return comma > point ? ',' : '.';
        if (point >= 0) return text.IndexOf('.') < point || (!isLarge && IsThree(text, point)) ? None : '.';
        if (comma < 0) return None;
        if (text.IndexOf(',') < comma || IsThree(text, comma)) return None;
        return hasDecimalCommas ? ',' : '!';
    }

    /// <summary>Whether digits between two marks are no thousands: of a version, <c>31.0.12044</c>.</summary>
    private static bool HasOddGroups(string text) =>
        text.Split('.', ',', '\'', '’', ' ').Skip(1).Any(group => group.Length != 3);

    private static bool IsThree(string text, int at) => text.Length - at == 4 && at <= 3;
}
