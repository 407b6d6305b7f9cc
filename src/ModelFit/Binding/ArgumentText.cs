using System.Management.Automation;
using ModelFit.Questions;

namespace ModelFit.Binding;

/// <summary>Reads a value that may be wrapped by PowerShell as <see cref="PartText"/> reads it.</summary>
internal static class ArgumentText
{
    /// <summary>The value without its PSObject wrapper.</summary>
    public static object? Unwrap(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    /// <summary>Trimmed text, or null for a blank.</summary>
    public static string? Text(object? value) => PartText.Text(Unwrap(value));

    /// <summary>Bytes; of zero only where zero says something.</summary>
    public static long? Size(object? value, bool allowZero) => (long?)PartText.Size(Unwrap(value), allowZero);

    /// <summary>A count of at least <paramref name="minimum"/>.</summary>
    public static int? Count(object? value, int minimum) => (int?)PartText.Count(Unwrap(value), minimum);

    /// <summary>A number from 0.</summary>
    public static double? Number(object? value) => (double?)PartText.Number(Unwrap(value));
}
