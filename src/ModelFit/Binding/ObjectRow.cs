using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;

namespace ModelFit.Binding;

/// <summary>Any object as a row of named values, for the inventory readers.</summary>
internal static class ObjectRow
{
    /// <summary>The readable properties of an object, or the entries of a hashtable, by name in any case.</summary>
    public static IReadOnlyDictionary<string, object?> Of(PSObject element)
    {
        var row = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        if (element.BaseObject is IDictionary table)
        {
            foreach (DictionaryEntry entry in table) row[entry.Key.ToString()!] = ArgumentText.Unwrap(entry.Value);
            return row;
        }

        foreach (var property in element.Properties)
        {
            try
            {
                row[property.Name] = ArgumentText.Unwrap(property.Value);
            }
            catch (GetValueException)
            {
                row[property.Name] = null;
            }
        }

        return row;
    }
}
