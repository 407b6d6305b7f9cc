namespace ModelFit.Hardware.Inventory;

/// <summary>What no honest inventory has more of; beyond it is an error, and nothing is cut off in silence.</summary>
internal static class InventoryLimits
{
    /// <summary>Rows of a text or a pipeline: those of a spreadsheet.</summary>
    public const int Rows = 1 << 20;

    /// <summary>Characters of a cell: those of a spreadsheet's.</summary>
    public const int Characters = 32_767;

    /// <summary>Nodes of one list: those of Slurm's hostlist (MAX_RANGE).</summary>
    public const int Nodes = 1 << 16;

    /// <summary>
    /// The elements; one more than so many is <see cref="ErrorIds.UnknownInventory"/>, which names what is too many.
    /// </summary>
    public static IEnumerable<T> AtMost<T>(this IEnumerable<T> elements, int most, string what)
    {
        var count = 0;
        foreach (var element in elements)
        {
            if (count++ == most) throw TooMany(FormattableString.Invariant($"there are more than {most} {what}."));
            yield return element;
        }
    }

    /// <summary>A failure about what is beyond a limit.</summary>
    public static ModelFitException TooMany(string message) =>
        new(ErrorIds.UnknownInventory, message);
}
