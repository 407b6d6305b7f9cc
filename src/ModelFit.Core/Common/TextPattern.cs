using System.Text;
using System.Text.RegularExpressions;
using Expression = System.Text.RegularExpressions.Regex;

namespace ModelFit.Common;

/// <summary>
/// A regular expression with a limit of time, for text that strangers wrote. All of Core means it by <c>Regex</c> (an
/// alias in the project file); what runs longer ends in a <see cref="RegexMatchTimeoutException"/>. The limit is by the
/// clock, so it is far above what our own expressions need: a machine that stands still for a second is no error.
/// Digits are those that numbers are parsed from, 0 to 9, and no other script's; letters are those of no culture.
/// </summary>
internal sealed class TextPattern : Expression
{
    private const RegexOptions Plain = RegexOptions.CultureInvariant;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Creates the expression.</summary>
    public TextPattern(string pattern, RegexOptions options = RegexOptions.None, TimeSpan? patience = null)
        : base(WithPlainDigits(pattern), options | Plain, patience ?? Patience)
    {
    }

    /// <summary>As <see cref="Expression.IsMatch(string, string, RegexOptions, TimeSpan)"/>.</summary>
    public static new bool IsMatch(string input, string pattern, RegexOptions options = RegexOptions.None) =>
        Expression.IsMatch(input, WithPlainDigits(pattern), options | Plain, Patience);

    /// <summary>As <see cref="Expression.Match(string, string, RegexOptions, TimeSpan)"/>.</summary>
    public static new Match Match(string input, string pattern, RegexOptions options = RegexOptions.None) =>
        Expression.Match(input, WithPlainDigits(pattern), options | Plain, Patience);

    /// <summary>As <see cref="Expression.Matches(string, string, RegexOptions, TimeSpan)"/>.</summary>
    public static new MatchCollection Matches(string input, string pattern, RegexOptions options = RegexOptions.None) =>
        Expression.Matches(input, WithPlainDigits(pattern), options | Plain, Patience);

    /// <summary>As <see cref="Expression.Replace(string, string, string, RegexOptions, TimeSpan)"/>.</summary>
    public static new string Replace(
        string input, string pattern, string replacement, RegexOptions options = RegexOptions.None) =>
        Expression.Replace(input, WithPlainDigits(pattern), replacement, options | Plain, Patience);

    private static string WithPlainDigits(string pattern)
    {
        if (pattern.IndexOf(@"\d", StringComparison.Ordinal) < 0) return pattern;
        var plain = new StringBuilder(pattern.Length + 16);
        var isClass = false;
        for (var at = 0; at < pattern.Length; at++)
        {
            var mark = pattern[at];
            if (mark == '\\' && at + 1 < pattern.Length)
            {
                at++;
                if (pattern[at] == 'd') plain.Append(isClass ? "0-9" : "[0-9]");
                else plain.Append(mark).Append(pattern[at]);
                continue;
            }

            isClass = isClass ? mark != ']' : mark == '[';
            plain.Append(mark);
        }

        return plain.ToString();
    }
}
