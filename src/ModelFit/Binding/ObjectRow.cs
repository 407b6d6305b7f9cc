using System.Collections;
using System.Management.Automation;

namespace ModelFit.Binding;

/// <summary>Any object as a row of named values, for the inventory readers.</summary>
internal static class ObjectRow
{
    private const int MaxDepth = 5;

    /// <summary>The readable properties of an object, or the entries of a hashtable, by name in any case.</summary>
    public static IReadOnlyDictionary<string, object?> Of(PSObject element, int depth = 0)
    {
        var row = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        if (element.BaseObject is IDictionary table)
        {
            foreach (DictionaryEntry entry in table) row[entry.Key.ToString()!] = Cell(entry.Value, depth);
            return row;
        }

        foreach (var property in element.Properties)
        {
            try
            {
                row[property.Name] = Cell(property.Value, depth);
            }
            catch (GetValueException)
            {
                row[property.Name] = null;
            }
        }

        return row;
    }

    /// <summary>A value; of an object without a type of its own, and of lists of such, rows inside the row.</summary>
    private static object? Cell(object? value, int depth) => value switch
    {
        PSObject { BaseObject: PSCustomObject } nested when depth < MaxDepth => Of(nested, depth + 1),
        object[] list when depth < MaxDepth => Array.ConvertAll(list, item => Cell(item, depth + 1)),
        _ => ArgumentText.Unwrap(value),
    };
}
