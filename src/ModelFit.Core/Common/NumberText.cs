using System.Globalization;

namespace ModelFit.Common;

/// <summary>Numbers in sentences and launch lines, the same in every culture.</summary>
internal static class NumberText
{
    /// <summary>A whole number.</summary>
    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number with so many decimals at most, for example <c>1.25</c>.</summary>
    public static string Number(double number, int decimals) =>
        number.ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture);

    /// <summary>A whole number and its noun, which ends in s unless it is one.</summary>
    public static string Count(long number, string noun) =>
        $"{Number(number)} {noun}{(number == 1 ? string.Empty : "s")}";

    /// <summary>Tokens a second: with a decimal below ten.</summary>
    public static string Rate(double rate) => rate.ToString(rate < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
