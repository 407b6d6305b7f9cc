using System.Globalization;

namespace ModelFit.Hardware.Inventory;

/// <summary>How the numbers of an inventory are written.</summary>
/// <param name="Culture">The culture that was said; null if none was.</param>
/// <param name="HasDecimalCommas">Whether a comma stands before decimals, by what the inventory looks like.</param>
/// <param name="MemoryUnit">What bare numbers of a computer's memory are; null where each alone tells.</param>
internal sealed record NumberStyle(CultureInfo? Culture, bool HasDecimalCommas, string? MemoryUnit = null)
{
    /// <summary>With a decimal point.</summary>
    public static NumberStyle Invariant { get; } = new(null, false);

    /// <summary>Bytes of a size; null if it is none.</summary>
    public long? Size(string text, string? unit, CellSize.Bare bare) =>
        CellSize.Parse(
            text, unit ?? (bare == CellSize.Bare.System ? MemoryUnit : null), bare, Culture, HasDecimalCommas);
}
