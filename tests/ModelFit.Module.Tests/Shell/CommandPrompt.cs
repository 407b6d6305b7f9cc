using System.Text;

namespace ModelFit.Module.Tests.Shell;

/// <summary>
/// The command prompt of Windows and the run time of a program that it starts, as Microsoft documents them: what of a
/// line the prompt acts on, and which arguments the program gets. It knows nothing of how this project quotes.
/// </summary>
internal static class CommandPrompt
{
    /// <summary>
    /// What the prompt acts on in a line outside of double quotes (<c>&amp; | &lt; &gt; ( ) ^</c> and the end of the
    /// line), or anywhere (<c>%</c>, and <c>!</c> with delayed expansion): documented in <c>cmd /?</c>.
    /// </summary>
    public static IReadOnlyList<char> ActsOn(string line)
    {
        var (acted, isQuoted) = (new List<char>(), false);
        foreach (var mark in line)
        {
            if (mark == '"') isQuoted = !isQuoted;
            else if (mark is '%' or '!' or '\n' or '\r' or '\0') acted.Add(mark);
            else if (!isQuoted && mark is '&' or '|' or '<' or '>' or '(' or ')' or '^') acted.Add(mark);
        }

        // A quote that stays open takes what is appended to the line with it.
        if (isQuoted) acted.Add('"');
        return acted;
    }

    /// <summary>
    /// The arguments behind the program (CommandLineToArgvW): blanks part them outside of quotes; of backslashes before
    /// a quote two are one, and an odd one makes the quote text; two quotes inside of quotes are one.
    /// </summary>
    public static string[] Arguments(string line)
    {
        var arguments = new List<string>();
        var at = line.IndexOf(' ', StringComparison.Ordinal);
        while (at >= 0 && at < line.Length)
        {
            while (at < line.Length && line[at] is ' ' or '\t') at++;
            if (at < line.Length) arguments.Add(Argument(line, ref at));
        }

        return [.. arguments];
    }

    private static string Argument(string line, ref int at)
    {
        var (argument, isQuoted) = (new StringBuilder(), false);
        while (at < line.Length && (isQuoted || line[at] is not (' ' or '\t')))
        {
            var backslashes = line.Skip(at).TakeWhile(mark => mark == '\\').Count();
            at += backslashes;
            var isBeforeQuote = at < line.Length && line[at] == '"';
            argument.Append('\\', isBeforeQuote ? backslashes / 2 : backslashes);
            if (!isBeforeQuote)
            {
                if (backslashes == 0) argument.Append(line[at++]);
                continue;
            }

            var isText = backslashes % 2 == 1;
            var isDoubled = !isText && isQuoted && at + 1 < line.Length && line[at + 1] == '"';
            if (isText || isDoubled) argument.Append('"');
            else isQuoted = !isQuoted;
            at += isDoubled ? 2 : 1;
        }

        return argument.ToString();
    }
}
