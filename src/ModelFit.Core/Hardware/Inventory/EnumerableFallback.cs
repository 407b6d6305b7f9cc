namespace ModelFit.Hardware.Inventory;

/// <summary>One list or, where it is empty, another.</summary>
internal static class EnumerableFallback
{
    /// <summary>The items, or those of the other list if there are none.</summary>
    public static IReadOnlyList<T> DefaultIfNone<T>(this IEnumerable<T> items, Func<IEnumerable<T>> others)
    {
        var list = items.ToList();
        return list.Count > 0 ? list : others().ToList();
    }
}
