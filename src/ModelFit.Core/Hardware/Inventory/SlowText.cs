using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Text on which an expression runs out of its time, as an error of the inventory that says the line: it is hostile, or
/// the machine stood still.
/// </summary>
internal static class SlowText
{
    private const int Shown = 80;

    /// <summary>What a step of the reading gives.</summary>
    public static T Run<T>(Func<T> step, string? origin, InventoryText? text)
    {
        try
        {
            return step();
        }
        catch (RegexMatchTimeoutException error)
        {
            throw Failure(error, origin, text);
        }
    }

    /// <summary>The elements, each read in its time.</summary>
    public static IEnumerable<T> Timed<T>(this IEnumerable<T> elements, string? origin, InventoryText? text)
    {
        using var each = Run(elements.GetEnumerator, origin, text);
        while (Run(each.MoveNext, origin, text)) yield return each.Current;
    }

    private static ModelFitException Failure(RegexMatchTimeoutException error, string? origin, InventoryText? text)
    {
        var input = error.Input ?? string.Empty;
        var line = Line(text, input);
        var where = line is null ? string.Empty : FormattableString.Invariant($" in line {line}");
        var start = input.Length > Shown ? input.Substring(0, Shown) + "…" : input;
        return new ModelFitException(
            ErrorIds.UnknownInventory,
            $"{origin ?? "The text"}: '{start}'{where} took longer than " +
            FormattableString.Invariant($"{error.MatchTimeout.TotalSeconds:0} s to read; try again, or leave it out."),
            origin, error);
    }

    private static int? Line(InventoryText? text, string input)
    {
        for (var i = 0; i < (text?.Lines.Count ?? 0); i++)
        {
            if (ReferenceEquals(text!.Lines[i], input) || text.Lines[i] == input) return i + 1;
        }

        return null;
    }
}
