using System.Text;

namespace ModelFit.Common;

/// <summary>
/// Text of strangers as it may be shown: without the characters that move a cursor, repaint a line or turn the order
/// of letters round, and no longer than anybody reads.
/// </summary>
internal static class CleanText
{
    private const int NameLength = 256;
    private const int MessageLength = 4096;

    /// <summary>A name, host or key in one line; null stays null.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    public static string? Name(string? text) => Clean(text, NameLength, false);

    /// <summary>A list of names in one line.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    public static string? List(string? text) => Clean(text, MessageLength, false);

    /// <summary>A message, which may have lines.</summary>
    public static string Message(string text) => Clean(text, MessageLength, true);

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Clean(string? text, int most, bool hasLines)
    {
        if (text is null) return null;
        var at = 0;
        while (at < text.Length && at < most && IsShown(text[at], hasLines)) at++;
        if (at == text.Length) return text;
        var clean = new StringBuilder(text, 0, at, most + 1);
        for (; at < text.Length; at++)
        {
            if (clean.Length >= most) return Cut(clean, most);
            if (IsShown(text[at], hasLines)) clean.Append(text[at]);
            else if (char.IsWhiteSpace(text[at])) clean.Append(' ');
        }

        return clean.ToString();
    }

    private static string Cut(StringBuilder text, int most)
    {
        text.Length = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text.Append('\u2026').ToString();
    }

    /// <summary>Neither C0, DEL, C1, a separator of lines, nor a mark of direction (Unicode UAX 9).</summary>
    private static bool IsShown(char mark, bool hasLines) =>
        !char.IsControl(mark) ? mark is < '\u061C' or not ('\u061C' or '\u200E' or '\u200F'
            or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069'))
        : hasLines && mark is '\n' or '\t';
}
