using System.Management.Automation;

namespace ModelFit.Binding;

/// <summary>Knows the module's own objects, live or deserialized.</summary>
internal static class TypeNames
{
    private const string Prefix = "Deserialized.ModelFit.";

    /// <summary>Whether an object is of the type, live or come back from remoting, a job or a file.</summary>
    public static bool Is<T>(object? value) =>
        ArgumentText.Unwrap(value) is T || Of(value) == typeof(T).Name;

    /// <summary>The plain name of the module's type that an object is of; null for any other object.</summary>
    public static string? Of(object? value)
    {
        if (value is not PSObject wrapped) return Live(value);
        if (wrapped.BaseObject is not PSCustomObject) return Live(wrapped.BaseObject);
        var names = wrapped.TypeNames;
        var first = names.Count == 0 ? string.Empty : names[0];
        if (!first.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var end = first.IndexOf('#');
        return first.Substring(Prefix.Length, (end < 0 ? first.Length : end) - Prefix.Length);
    }

    private static string? Live(object? value) =>
        value?.GetType() is { Namespace: "ModelFit" } type ? type.Name : null;
}
