using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace ModelFit;

/// <summary>The shells that a command line can be written for.</summary>
public enum CommandShell
{
    /// <summary>sh, bash, zsh and their kin.</summary>
    Posix,

    /// <summary>Windows PowerShell and PowerShell.</summary>
    PowerShell,
}

/// <summary>
/// Words as a shell takes them for text and nothing else, whatever they hold: the one place where commands are quoted.
/// A line that is pasted into the other kind of shell may be misread there, but runs nothing that a word holds.
/// </summary>
internal static class ShellText
{
    private const string Plain = "_./:+-";

    /// <summary>
    /// What ends a single-quoted string of PowerShell: the apostrophe and its typographic forms
    /// (CharTraits.IsSingleQuote of PowerShell's parser). One that is doubled is text.
    /// </summary>
    private const string SingleQuotes = "'\u2018\u2019\u201a\u201b";

    private static readonly Regex Apostrophes = new("[" + SingleQuotes + "]+", RegexOptions.CultureInvariant);

    /// <summary>A command line of a program and its arguments.</summary>
    public static string Join(CommandShell shell, string program, IEnumerable<string> arguments) =>
        string.Join(" ", new[] { program }.Concat(arguments).Select(word => Quote(shell, word)));

    /// <summary>One word: bare where letters, digits and a few harmless marks are all, else quoted.</summary>
    public static string Quote(CommandShell shell, string word) =>
        shell == CommandShell.PowerShell ? ForPowerShell(word) : ForPosix(word);

    /// <summary>
    /// One word for a POSIX shell: in single quotes, apostrophes of all forms in double quotes between them.
    /// </summary>
    public static string ForPosix(string word) =>
        word.Length > 0 && word.All(IsPlain) ? word
        : word.Any(char.IsControl) ? ForPosixByNumber(word)
        : InSingleQuotes(word, run => "'\"" + run + "\"'");

    /// <summary>
    /// One word for PowerShell: in single quotes, each apostrophe of any form doubled. What starts with a hyphen is bare
    /// only as options are written: PowerShell parts <c>-a.b</c> at its dot.
    /// </summary>
    public static string ForPowerShell(string word) =>
        IsBareInPowerShell(word) ? word
        : word.Any(char.IsControl) ? ForPowerShellByNumber(word)
        : InSingleQuotes(word, Doubled);

    // A terminal acts on control characters while a line is pasted: they are written by number. No other mark that
    // either kind of shell knows stands in these forms outside of quotes.
    private static string ForPosixByNumber(string word)
    {
        var text = new StringBuilder("$'");
        foreach (var mark in word)
        {
            if (!char.IsControl(mark) && mark != '\\' && SingleQuotes.IndexOf(mark) < 0) text.Append(mark);
            else foreach (var part in Encoding.UTF8.GetBytes(new[] { mark })) text.Append('\\').Append(Octal(part));
        }

        return text.Append('\'').ToString();
    }

    private static string ForPowerShellByNumber(string word)
    {
        var parts = new List<string> { "''" };
        var text = new StringBuilder();
        foreach (var mark in word + '\0')
        {
            if (!char.IsControl(mark))
            {
                text.Append(mark);
                continue;
            }

            if (text.Length > 0) parts.Add(InSingleQuotes(text.ToString(), Doubled));
            text.Clear();
            parts.Add("[char]" + ((int)mark).ToString(CultureInfo.InvariantCulture));
        }

        parts.RemoveAt(parts.Count - 1);
        return "(" + string.Join("+", parts) + ")";
    }

    private static string Octal(byte part) => Convert.ToString(part, 8).PadLeft(3, '0');

    private static string Doubled(string run) => string.Concat(run.Select(mark => new string(mark, 2)));

    private static string InSingleQuotes(string word, Func<string, string> apostrophes) =>
        "'" + Apostrophes.Replace(word, run => apostrophes(run.Value)) + "'";

    private static bool IsBareInPowerShell(string word) => word.Length > 0 && (word[0] == '-'
        ? word.All(mark => mark == '-' || IsLetterOrDigit(mark)) && word.Any(IsLetterOrDigit)
        : word.All(IsPlain));

    private static bool IsPlain(char mark) => IsLetterOrDigit(mark) || Plain.IndexOf(mark) >= 0;

    private static bool IsLetterOrDigit(char mark) =>
        mark is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9';
}
