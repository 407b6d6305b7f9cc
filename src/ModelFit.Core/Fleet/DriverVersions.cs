using System.Globalization;

namespace ModelFit.Fleet;

/// <summary>Versions of drivers: numbers with dots between them, compared number by number.</summary>
internal static class DriverVersions
{
    /// <summary>Whether a text begins as a version does.</summary>
    public static bool IsVersion(string text) => Numbers(text).Length > 0;

    /// <summary>
    /// Whether a version is older than another; null if it is none. What follows the numbers, such as a build of a
    /// distribution, is not compared.
    /// </summary>
    public static bool? IsOlder(string version, string than)
    {
        var (own, other) = (Numbers(version), Numbers(than));
        if (own.Length == 0) return null;
        for (var i = 0; i < other.Length; i++)
        {
            var number = i < own.Length ? own[i] : 0;
            if (number != other[i]) return number < other[i];
        }

        return false;
    }

    private static long[] Numbers(string text) => text.Trim().Split('.')
        .Select(part => new string(part.TakeWhile(letter => letter is >= '0' and <= '9').ToArray()))
        .TakeWhile(digits => digits.Length is > 0 and < 18)
        .Select(digits => long.Parse(digits, CultureInfo.InvariantCulture))
        .ToArray();
}
