using System.Globalization;
using System.Management.Automation;

namespace ModelFit.Tool.Rows;

/// <summary>Values as text that other programs read: invariant, UTC instants as ISO 8601, null as nothing.</summary>
internal static class ValueText
{
    /// <summary>The text of a value.</summary>
    public static string Of(object? value) => (value is PSObject wrapper ? wrapper.BaseObject : value) switch
    {
        null => string.Empty,
        DateTime instant => instant.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString() ?? string.Empty,
    };
}
