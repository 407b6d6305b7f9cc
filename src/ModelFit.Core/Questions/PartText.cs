using System.Globalization;

namespace ModelFit.Questions;

/// <summary>
/// Reads one value as it was typed, or as it stands in a row. Blanks are null; what cannot be used throws
/// <see cref="ErrorIds.InvalidArgument"/>. Nothing is looked up, and all is invariant.
/// </summary>
internal static class PartText
{
    private const long LeastSize = 1L << 20;

    /// <summary>More than any rate, price or share.</summary>
    private const double MostNumber = 1e15;

    /// <summary>Trimmed text, or null for a blank.</summary>
    public static string? Text(object? value)
    {
        var text = value switch
        {
            null => null,
            string typed => typed,
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };
        return SizeText.IsBlank(text) ? null : text!.Trim();
    }

    /// <summary>Bytes, a fraction rounded; of zero only where zero says something.</summary>
    public static object? Size(object? value, bool allowZero)
    {
        var bytes = value switch
        {
            null => null,
            string text => SizeOf(text),
            _ => Whole(Rounded(value)),
        };
        if (bytes is null or (>= LeastSize and <= SizeText.Most) || (bytes == 0 && allowZero)) return bytes;
        if (bytes > SizeText.Most) throw Invalid(value, "more than 1 PiB, which no machine has");
        throw Invalid(value, $"less than 1 MiB; sizes have a unit, for example {bytes}GB");
    }

    /// <summary>Bytes a second: a number, a size, or text with <c>/s</c>, whose units are decimal.</summary>
    public static object? Rate(object? value)
    {
        if (value is not string text) return Size(value, allowZero: false);
        var trimmed = text.Trim();
        if (!trimmed.EndsWith("/s", StringComparison.OrdinalIgnoreCase)) return Size(text, allowZero: false);
        var number = trimmed.Substring(0, trimmed.Length - 2).Trim();
        var unit = number.TrimStart("0123456789.".ToCharArray()).Trim().ToUpperInvariant();
        var factor = unit switch { "MB" => 1e6m, "GB" => 1e9m, "TB" => 1e12m, _ => 0 };
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        const decimal most = 1_000;
        var digits = number.Substring(0, number.Length - unit.Length).Trim();
        var isNumber = decimal.TryParse(digits, style, CultureInfo.InvariantCulture, out var rate);
        if (isNumber && factor > 0 && rate < most) return (long)(rate * factor);
        throw Invalid(text, "not a bandwidth; bandwidths look like 89.6GB/s");
    }

    /// <summary>Watts, as a number or with <c>W</c> after it; a fraction is rounded.</summary>
    public static object? Watts(object? value)
    {
        if (Text(value) is not { } text) return null;
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        var digits = text.TrimEnd('W', 'w').TrimEnd();
        if (double.TryParse(digits, style, CultureInfo.InvariantCulture, out var watts) && watts is >= 1 and <= 100_000)
            return (int)Math.Round(watts);
        throw Invalid(value, "not a power limit; those look like 250 or 250W");
    }

    /// <summary>A count of at least <paramref name="minimum"/>.</summary>
    public static object? Count(object? value, int minimum)
    {
        var count = value switch
        {
            null => null,
            string text => CountOf(text),
            _ => Whole(value),
        };
        if (count is null) return null;
        if (count < minimum || count > int.MaxValue)
            throw Invalid(value, $"not a count between {minimum} and {int.MaxValue}");
        return (int)count;
    }

    /// <summary>A number of parameters.</summary>
    public static object? ParameterCount(object? value)
    {
        if (Text(value) is not { } text) return null;
        if (ParameterCountText.TryParse(text, out var count)) return count;
        throw Invalid(text, "not a number of parameters; those look like 21B or 350M");
    }

    /// <summary>A share, which is a number from 0.</summary>
    public static object? Share(object? value) => Decimal(value, "a share; shares look like 3 or 0.75");

    /// <summary>A number from 0.</summary>
    public static object? Number(object? value) => Decimal(value, "a number from 0; those look like 3 or 0.75");

    /// <summary>Tokens a second, from 0.</summary>
    public static object? TokensPerSecond(object? value) =>
        Decimal(value, "tokens a second; those look like 20 or 7.5");

    /// <summary>A member of an enumeration, its name in any case and punctuation (<c>llama.cpp</c>).</summary>
    public static object? Choice(object? value, Type enumeration)
    {
        if (value is null || enumeration.IsInstanceOfType(value)) return value;
        if (Text(value) is not { } text) return null;
        var wanted = Letters(text);
        foreach (var name in Enum.GetNames(enumeration))
        {
            if (Letters(name).Equals(wanted, StringComparison.OrdinalIgnoreCase))
                return Enum.Parse(enumeration, name);
        }

        throw Invalid(value, $"not one of {string.Join(", ", Enum.GetNames(enumeration))}");
    }

    /// <summary>The type of a cache, by its name or a runtime's word for it.</summary>
    public static object? CacheType(object? value) =>
        value is not KvCacheType && Text(value) is { } text && KvCacheTypes.Named(text) is { } type
            ? type
            : Choice(value, typeof(KvCacheType));

    /// <summary>The failure of a value that cannot be used.</summary>
    public static ModelFitException Invalid(object? value, string why) =>
        new(ErrorIds.InvalidArgument, $"'{Text(value)}' is {why}.", value);

    private static object? Decimal(object? value, string kind)
    {
        if (Text(value) is not { } text) return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number <= MostNumber) return number;
        throw Invalid(value, $"not {kind}, with a point for decimals");
    }

    private static string Letters(string text) => new(text.Where(char.IsLetterOrDigit).ToArray());

    private static long? SizeOf(string text)
    {
        if (IsBlankSize(text)) return null;
        if (SizeText.TryParse(text, out var bytes)) return bytes;
        throw Invalid(text, "not a size; sizes look like 24GB, 24.5 GiB or 24576MiB, with a point for decimals");
    }

    private static long? CountOf(string text)
    {
        if (SizeText.IsBlank(text)) return null;
        if (CountText.TryParse(text, out var count)) return count;
        throw Invalid(text, "not a count; counts look like 8192 or 32k");
    }

    // A delay-bind such as {$_.RAM + 'GB'} leaves the unit alone where the column is blank.
    private static bool IsBlankSize(string text) =>
        SizeText.IsBlank(text) || (!text.Any(char.IsDigit) && SizeText.TryParse("0" + text.Trim(), out _));

    // PowerShell's 15.9GB is 17072495001.6 bytes.
    private static object Rounded(object number) => number switch
    {
        double value => Math.Round(value),
        float value => Math.Round((double)value),
        decimal value => decimal.Round(value),
        _ => number,
    };

    private static long? Whole(object number)
    {
        try
        {
            var exact = Convert.ToDecimal(number, CultureInfo.InvariantCulture);
            if (exact == decimal.Truncate(exact)) return decimal.ToInt64(exact);
        }
        catch (Exception error) when (error is InvalidCastException or OverflowException or FormatException)
        {
            throw Invalid(number, "not a number of the kind that is expected");
        }

        throw Invalid(number, "not a whole number");
    }
}
