using System;
using System.Text.RegularExpressions;
using Expression = System.Text.RegularExpressions.Regex;

namespace ModelFit.Common;

/// <summary>
/// A regular expression with a limit of time, for text that strangers wrote. All of Core means it by <c>Regex</c> (an
/// alias in the project file); what runs longer ends in a <see cref="RegexMatchTimeoutException"/>.
/// </summary>
internal sealed class TextPattern : Expression
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Creates the expression.</summary>
    public TextPattern(string pattern, RegexOptions options = RegexOptions.None, TimeSpan? patience = null)
        : base(pattern, options, patience ?? Patience)
    {
    }

    /// <summary>As <see cref="Expression.IsMatch(string, string, RegexOptions, TimeSpan)"/>.</summary>
    public static new bool IsMatch(string input, string pattern, RegexOptions options = RegexOptions.None) =>
        Expression.IsMatch(input, pattern, options, Patience);

    /// <summary>As <see cref="Expression.Match(string, string, RegexOptions, TimeSpan)"/>.</summary>
    public static new Match Match(string input, string pattern, RegexOptions options = RegexOptions.None) =>
        Expression.Match(input, pattern, options, Patience);

    /// <summary>As <see cref="Expression.Matches(string, string, RegexOptions, TimeSpan)"/>.</summary>
    public static new MatchCollection Matches(string input, string pattern, RegexOptions options = RegexOptions.None) =>
        Expression.Matches(input, pattern, options, Patience);

    /// <summary>As <see cref="Expression.Replace(string, string, string, RegexOptions, TimeSpan)"/>.</summary>
    public static new string Replace(
        string input, string pattern, string replacement, RegexOptions options = RegexOptions.None) =>
        Expression.Replace(input, pattern, replacement, options, Patience);

    /// <summary>As <see cref="Expression.Split(string, string, RegexOptions, TimeSpan)"/>.</summary>
    public static new string[] Split(string input, string pattern, RegexOptions options = RegexOptions.None) =>
        Expression.Split(input, pattern, options, Patience);
}
