using System.Text;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Text as a terminal shows it: without colours, cursor movements, byte order marks and zero bytes, and with plain
/// blanks for those of web pages.
/// </summary>
internal static class TerminalText
{
    private const char Escape = '\u001B';
    private const int MostColumns = 200;

    private static readonly char[] Special = { Escape, '\0', '\uFEFF', '\u00A0', '\u202F' };

    /// <summary>The text without its control sequences (ECMA-48: CSI and OSC); itself where there are none.</summary>
    public static string Plain(string text)
    {
        if (text.IndexOfAny(Special) < 0) return text;
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == Escape)
            {
                var end = End(text, at);
                plain.Append(' ', Forward(text, at, end));
                at = end;
            }
            else if (text[at] is '\u00A0' or '\u202F') plain.Append(' ');
            else if (text[at] is not ('\0' or '\uFEFF')) plain.Append(text[at]);
        }

        return plain.ToString();
    }

    /// <summary>How far a sequence moves the cursor to the right, as it stands behind neofetch's picture.</summary>
    private static int Forward(string text, int at, int end)
    {
        if (end >= text.Length || text[end] != 'C' || end - at is < 2 or > 5) return 0;
        return int.TryParse(text.Substring(at + 2, end - at - 2), out var columns) ? Math.Min(columns, MostColumns) : 1;
    }

    /// <summary>The last character of the sequence that begins here.</summary>
    private static int End(string text, int at)
    {
        if (at + 1 >= text.Length) return at;
        var next = at + 2;
        switch (text[at + 1])
        {
            case '[':
                while (next < text.Length && text[next] is >= ' ' and <= '?') next++;
                return next;
            case ']':
                while (next < text.Length && text[next] is not ('\a' or '\n')) next++;
                return next < text.Length && text[next] == '\n' ? next - 1 : next;
            default:
                return at + 1;
        }
    }
}
