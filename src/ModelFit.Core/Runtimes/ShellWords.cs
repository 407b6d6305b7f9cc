using System.Text;

namespace ModelFit.Runtimes;

/// <summary>Splits a command line into words as shells do.</summary>
internal static class ShellWords
{
    /// <summary>
    /// The words of a line. Quotes of both kinds hold a word together; a backslash escapes only what a POSIX shell
    /// would not read in a Windows path (a quote, a space, a line break); a backslash, a back-tick or a caret at the
    /// end of a line continues it. An unclosed quote throws <see cref="ErrorIds.InvalidArgument"/>.
    /// </summary>
    public static List<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var inWord = false;
        for (var i = 0; i < line.Length; i++)
        {
            var mark = line[i];
            var next = i + 1 < line.Length ? line[i + 1] : '\n';
            if (mark is '\'' or '"')
            {
                i = Quoted(line, i, word);
                inWord = true;
            }
            else if (mark is '\\' or '`' or '^' && next is '\n' or '\r')
            {
                i += i + 2 < line.Length && next == '\r' && line[i + 2] == '\n' ? 2 : 1;
            }
            else if (mark == '\\' && next is '"' or '\'' or ' ')
            {
                word.Append(next);
                inWord = true;
                i++;
            }
            else if (char.IsWhiteSpace(mark))
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else
            {
                word.Append(mark);
                inWord = true;
            }
        }

        if (inWord) words.Add(word.ToString());
        return words;
    }

    /// <summary>
    /// Whether a double quote after a backslash belongs to the word: not if it ends it, as in <c>"C:\models\"</c>.
    /// Two backslashes stay two, as a UNC path has them.
    /// </summary>
    private static bool IsEscaped(string line, int quote) =>
        quote < line.Length && line[quote] == '"'
        && line.IndexOf('"', quote + 1) >= 0 && !(char.IsWhiteSpace(line[quote + 1]) && IsPaired(line, quote + 1));

    private static bool IsPaired(string line, int start)
    {
        var quotes = 0;
        for (var i = start; i < line.Length; i++)
            if (line[i] == '"') quotes++;
        return quotes % 2 == 0;
    }

    /// <summary>Appends what a quote holds; returns the place of the closing one.</summary>
    private static int Quoted(string line, int start, StringBuilder word)
    {
        var quote = line[start];
        for (var i = start + 1; i < line.Length; i++)
        {
            if (line[i] == quote) return i;
            if (quote == '"' && line[i] == '\\' && IsEscaped(line, i + 1)) i++;
            word.Append(line[i]);
        }

        throw new ModelFitException(
            ErrorIds.InvalidArgument, $"The command line has a {quote} at position {start + 1} that is never closed.",
            line);
    }
}
