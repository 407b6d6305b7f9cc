using System;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace ModelFit.Binding;

/// <summary>
/// Turns one value as it was typed, or as it stands in a row, into what a parameter holds. Blanks are null; what cannot
/// be used throws <see cref="ErrorIds.InvalidArgument"/>. Nothing is looked up.
/// </summary>
internal static class ArgumentText
{
    private const long LeastSize = 1L << 20;

    /// <summary>The value without its PSObject wrapper.</summary>
    public static object? Unwrap(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    /// <summary>Trimmed text, or null for a blank.</summary>
    public static string? Text(object? value)
    {
        var text = Unwrap(value) switch
        {
            null => null,
            string typed => typed,
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            var other => other.ToString(),
        };
        return SizeText.IsBlank(text) ? null : text!.Trim();
    }

    /// <summary>Bytes; of zero only where zero says something.</summary>
    public static long? Size(object? value, bool allowZero)
    {
        var bytes = Unwrap(value) switch
        {
            null => null,
            string text => SizeOf(text),
            var number => Whole(Rounded(number)),
        };
        if (bytes is null or >= LeastSize || (bytes == 0 && allowZero)) return bytes;
        throw Invalid(value, $"less than 1 MiB; sizes have a unit, for example {bytes}GB");
    }

    /// <summary>A count of at least <paramref name="minimum"/>.</summary>
    public static int? Count(object? value, int minimum)
    {
        var count = Unwrap(value) switch
        {
            null => null,
            string text => CountOf(text),
            var number => Whole(number),
        };
        if (count is null) return null;
        if (count < minimum || count > int.MaxValue)
            throw Invalid(value, $"not a count between {minimum} and {int.MaxValue}");
        return (int)count;
    }

    /// <summary>A number of parameters.</summary>
    public static long? ParameterCount(object? value)
    {
        if (Text(value) is not { } text) return null;
        if (ParameterCountText.TryParse(text, out var count)) return count;
        throw Invalid(text, "not a number of parameters; those look like 21B or 350M");
    }

    /// <summary>A share, which is a number from 0.</summary>
    public static double? Share(object? value)
    {
        if (Text(value) is not { } text) return null;
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        if (double.TryParse(text, style, CultureInfo.InvariantCulture, out var share)) return share;
        throw Invalid(value, "not a share; shares look like 3 or 0.75, with a point for decimals");
    }

    /// <summary>A member of an enumeration, its name in any case and punctuation (<c>llama.cpp</c>).</summary>
    public static object? Choice(object? value, Type enumeration)
    {
        var unwrapped = Unwrap(value);
        if (unwrapped is null || enumeration.IsInstanceOfType(unwrapped)) return unwrapped;
        if (Text(unwrapped) is not { } text) return null;
        var wanted = Letters(text);
        foreach (var name in Enum.GetNames(enumeration))
        {
            if (Letters(name).Equals(wanted, StringComparison.OrdinalIgnoreCase))
                return Enum.Parse(enumeration, name);
        }

        throw Invalid(value, $"not one of {string.Join(", ", Enum.GetNames(enumeration))}");
    }

    /// <summary>The failure of a value that cannot be used.</summary>
    public static ModelFitException Invalid(object? value, string why) =>
        new(ErrorIds.InvalidArgument, FailureKind.InvalidArgument, $"'{Text(value)}' is {why}.", value);

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
