using System.Text;

namespace ModelFit;

/// <summary>The shells that a command line can be written for.</summary>
public enum CommandShell
{
    /// <summary>sh, bash, zsh and their kin.</summary>
    Posix,

    /// <summary>Windows PowerShell and PowerShell.</summary>
    PowerShell,

    /// <summary>The command prompt of Windows.</summary>
    Cmd,
}

/// <summary>
/// Words as a shell takes them for text and nothing else, whatever they hold: the one place where commands are quoted.
/// A line that is pasted into another shell may be misread there, but runs nothing that a word holds.
/// </summary>
internal static class ShellText
{
    private const string Plain = "_./:+-";

    /// <summary>
    /// What ends a single-quoted string of PowerShell: the apostrophe and its typographic forms
    /// (CharTraits.IsSingleQuote of PowerShell's parser). One that is doubled is text.
    /// </summary>
    private const string SingleQuotes = "'\u2018\u2019\u201a\u201b";

    /// <summary>
    /// What double quotes do not make text: variables of the prompt, and what runs in the other shells.
    /// </summary>
    private const string MarksInDoubleQuotes = "\"%!$`\u201c\u201d\u201e";

    private static readonly Regex Apostrophes = new("[" + SingleQuotes + "]+");

    /// <summary>
    /// A command line of a program and its arguments; null if a word cannot be pasted: a terminal acts on control
    /// characters, and the command prompt has no quotes for some marks.
    /// </summary>
    public static string? Join(CommandShell shell, string program, IEnumerable<string> arguments)
    {
        var words = new[] { program }.Concat(arguments).Select(word => Quote(shell, word)).ToArray();
        return words.Contains(null) ? null : string.Join(" ", words);
    }

    /// <summary>
    /// One word: bare where letters, digits and a few harmless marks are all, else quoted; null if no quotes help.
    /// </summary>
    public static string? Quote(CommandShell shell, string word) => word.Any(char.IsControl) ? null : shell switch
    {
        CommandShell.PowerShell => ForPowerShell(word),
        CommandShell.Cmd => ForCmd(word),
        _ => ForPosix(word),
    };

    /// <summary>
    /// One word for a POSIX shell: in single quotes, apostrophes of all forms in double quotes between them.
    /// </summary>
    private static string ForPosix(string word) =>
        word.Length > 0 && word.All(IsPlain) ? word : InSingleQuotes(word, run => "'\"" + run + "\"'");

    /// <summary>
    /// One word for PowerShell: in single quotes, each apostrophe of any form doubled. What starts with a hyphen is
    /// bare only as options are written: PowerShell parts <c>-a.b</c> at its dot. <c>--%</c> never reaches a program,
    /// however it is quoted (NativeCommandParameterBinder).
    /// </summary>
    private static string? ForPowerShell(string word) =>
        IsBareInPowerShell(word) ? word : word == "--%" ? null : InSingleQuotes(word, Doubled);

    /// <summary>
    /// One word for the command prompt: in double quotes, with the backslashes before the last doubled, as programs
    /// that are started from it read them (CommandLineToArgvW).
    /// </summary>
    private static string? ForCmd(string word)
    {
        if (word.Length > 0 && word.All(IsPlain)) return word;
        if (word.Any(mark => MarksInDoubleQuotes.IndexOf(mark) >= 0)) return null;
        var backslashes = word.Length - word.TrimEnd('\\').Length;
        return new StringBuilder("\"").Append(word).Append('\\', backslashes).Append('"').ToString();
    }

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
