using System.Globalization;

namespace ModelFit;

/// <summary>Numbers of parameters as people write them: <c>21B</c>, <c>7.6b</c>, <c>350M</c>, <c>1T</c>.</summary>
public static class ParameterCountText
{
    private const string Units = "KMBT";

    /// <summary>The number that a text stands for; false if it is none, or nothing that a model can have.</summary>
    public static bool TryParse(string text, out long count)
    {
        count = 0;
        var trimmed = text.Trim();
        var power = trimmed.Length == 0 ? 0 : Units.IndexOf(char.ToUpperInvariant(trimmed[trimmed.Length - 1])) + 1;
        var digits = power == 0 ? trimmed : trimmed.Substring(0, trimmed.Length - 1).TrimEnd();
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(digits, style, CultureInfo.InvariantCulture, out var number)) return false;
        var whole = Math.Round(number * Math.Pow(1000, power));
        if (whole is not (>= 1 and <= 1e15)) return false;
        count = (long)whole;
        return true;
    }
}
