using System.Text.RegularExpressions;

namespace ModelFit.Runtimes;

/// <summary>
/// A unit of systemd, or a container of Podman's Quadlet, as a launch line: its variables and what it starts.
/// </summary>
internal static class UnitFile
{
    private const RegexOptions Lines = RegexOptions.Multiline;

    private static readonly Regex Start = Key("ExecStart="), Variables = Key("Environment=");
    private static readonly Regex Image = Key("Image="), Exec = Key("Exec=");

    /// <summary>Whether a text is such a file.</summary>
    public static bool Is(string text) =>
        Start.IsMatch(text) || Image.IsMatch(text) || Variables.IsMatch(text);

    /// <summary>The words of what it starts, its variables in front.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var variables = Variables.Matches(text).Cast<Match>().SelectMany(ValueOf);
        if (Image.Match(text) is not { Success: true } image)
        {
            // What stands before the program says how systemd starts it.
            var words = ValueOf(Start.Match(text)).ToArray();
            if (words.Length > 0) words[0] = words[0].TrimStart('-', '@', ':', '+', '!', '|');
            return variables.Concat(words).ToArray();
        }

        return new[] { "podman", "run" }.Concat(variables.SelectMany(variable => new[] { "-e", variable }))
            .Concat(ValueOf(image)).Concat(ValueOf(Exec.Match(text))).ToArray();
    }

    /// <summary>A line with those that continue it.</summary>
    private static Regex Key(string key) => new("^" + key + @"((?:.*\\\r?\n)*.*)$", Lines);

    private static IEnumerable<string> ValueOf(Match match) => ShellWords.Split(match.Groups[1].Value);
}
