using System.Globalization;

namespace ModelFit.Hardware;

/// <summary>Values as tools print them; what is blank or not a value is null, never 0 and never an exception.</summary>
internal static class Fields
{
    private static readonly Regex Quantity = new(@"^\s*([+-]?\d+(?:\.\d+)?)\s*(?:([A-Za-z/%°]+)\s*)?$");

    /// <summary>The text without blanks around; null where it says "not given", as without a letter or digit.</summary>
    public static string? Text(string? value)
    {
        var trimmed = value?.Trim().Trim('\0').Trim();
        return SizeText.IsBlank(trimmed) || IsComplaint(trimmed!) || !trimmed!.Any(char.IsLetterOrDigit)
            ? null : trimmed;
    }

    /// <summary>
    /// Bytes of a size with a unit, <c>24576 MiB</c>, <c>8 GB</c>; a bare number is in the unit given. Binary units.
    /// </summary>
    public static long? Bytes(string? value, string bareUnit = "B")
    {
        var text = Text(value);
        if (text is null) return null;
        var match = Quantity.Match(text);
        if (!match.Success || text.StartsWith("-", StringComparison.Ordinal)) return null;
        var unit = match.Groups[2].Value.Length == 0 ? bareUnit : match.Groups[2].Value;
        return SizeText.TryParse(match.Groups[1].Value.TrimStart('+') + unit, out var bytes) ? bytes : null;
    }

    /// <summary>Bytes as <see cref="Bytes"/>, but none where the size is zero: no memory is of that size.</summary>
    public static long? PositiveBytes(string? value, string bareUnit = "B") =>
        Bytes(value, bareUnit) is { } bytes and > 0 ? bytes : null;

    /// <summary>The number before a unit.</summary>
    public static double? Number(string? value)
    {
        var match = Quantity.Match(Text(value) ?? string.Empty);
        const NumberStyles style = NumberStyles.Float;
        return match.Success
            && double.TryParse(match.Groups[1].Value, style, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    /// <summary>The whole number before a unit.</summary>
    public static int? Integer(string? value) =>
        Number(value) is { } number && Math.Abs(number) < int.MaxValue ? (int)Math.Round(number) : null;

    /// <summary>A whole positive number before a unit.</summary>
    public static int? PositiveInteger(string? value) => Integer(value) is { } number and > 0 ? number : null;

    /// <summary>A PCI address as <c>0000:01:00.0</c>, from any of the ways it is written; null if it is none.</summary>
    public static string? PciAddress(string? value)
    {
        var text = Text(value);
        if (text is null) return null;
        var match = Regex.Match(text, @"(?:([0-9A-Fa-f]{4,8}):)?([0-9A-Fa-f]{2}):([0-9A-Fa-f]{2})\.([0-7])");
        if (!match.Success) return null;
        var domain = match.Groups[1].Success ? match.Groups[1].Value.TrimStart('0').PadLeft(4, '0') : "0000";
        var tail = $"{match.Groups[2].Value}:{match.Groups[3].Value}.{match.Groups[4].Value}";
        return $"{domain}:{tail}".ToLowerInvariant();
    }

    /// <summary>Whether any word is part of the text, whatever the case.</summary>
    public static bool ContainsAny(string text, params string[] words) =>
        words.Any(word => text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);

    private static bool IsComplaint(string text) => ContainsAny(
        text, "Unknown Error", "GPU is lost", "Insufficient Permissions", "Not Supported", "Not Found", "Not Active",
        "Requested functionality has been deprecated", "No data", "ERR!", "Function Not Found", "(null)",
        "To Be Filled By O.E.M", "Default string");
}
