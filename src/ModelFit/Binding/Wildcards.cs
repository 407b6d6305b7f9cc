using System.Management.Automation;

namespace ModelFit.Binding;

/// <summary>Filters by PowerShell's wildcards.</summary>
internal static class Wildcards
{
    /// <summary>Whether any pattern matches the text, in any case; no patterns match all.</summary>
    public static bool MatchAny(string[]? patterns, string? text) =>
        patterns is null
        || patterns.Any(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(text ?? ""));
}
