using System.IO;
using System.Management.Automation;
using System.Text;

namespace ModelFit.Tool.Rows;

/// <summary>
/// Reads CSV (RFC 4180) row by row: the first record names the columns; the delimiter is the comma, the semicolon or
/// the tab, whichever the header has most of. A <c>#TYPE</c> or <c>sep=</c> line before the header is understood.
/// </summary>
internal sealed class CsvRows(TextReader reader)
{
    private static readonly char[] Delimiters = [',', ';', '\t'];
    private int line = 1;

    /// <summary>The rows; a value that a short row lacks is null, values beyond the header are dropped.</summary>
    /// <exception cref="FormatException">A quoted value does not end, or two columns have one name.</exception>
    public IEnumerable<PSObject> Read()
    {
        var first = reader.ReadLine();
        while (first is not null && (first.Length == 0 || first.StartsWith("#TYPE ", StringComparison.Ordinal)))
            first = NextLine();
        if (first is null) yield break;

        var delimiter = Delimiters.MaxBy(candidate => first.Count(character => character == candidate));
        if (first.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && first.Length == 5)
        {
            delimiter = first[4];
            first = NextLine() ?? string.Empty;
        }

        var names = ColumnNames(Split(first, delimiter));
        while (NextLine() is { } text)
        {
            if (text.Length == 0) continue;
            yield return Row(names, Split(text, delimiter));
        }
    }

    private static PSObject Row(IReadOnlyList<string> names, IReadOnlyList<string> values)
    {
        var row = new PSObject();
        for (var i = 0; i < names.Count; i++)
            row.Properties.Add(new PSNoteProperty(names[i], i < values.Count ? Plain(values[i]) : null),
                preValidated: true);
        return row;
    }

    private static string Plain(string value) =>
        value.Length > 1 && value[0] == '\'' && CsvText.Formula.Contains(value[1]) ? value[1..] : value;

    private static List<string> ColumnNames(List<string> names)
    {
        for (var i = 0; i < names.Count; i++)
            if (string.IsNullOrWhiteSpace(names[i])) names[i] = $"H{i + 1}";
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var twice = names.FirstOrDefault(name => !seen.Add(name));
        return twice is null ? names : throw new FormatException($"The CSV header has the column '{twice}' twice.");
    }

    private string? NextLine()
    {
        line++;
        return reader.ReadLine();
    }

    private List<string> Split(string text, char delimiter)
    {
        var values = new List<string>();
        var value = new StringBuilder();
        var position = 0;
        while (true)
        {
            value.Clear();
            if (position < text.Length && text[position] == '"')
                ReadQuoted(ref text, ref position, value);
            var end = text.IndexOf(delimiter, position);
            value.Append(text, position, (end < 0 ? text.Length : end) - position);
            values.Add(value.ToString());
            if (end < 0) return values;
            position = end + 1;
        }
    }

    private void ReadQuoted(ref string text, ref int position, StringBuilder value)
    {
        var start = line;
        position++;
        while (true)
        {
            var quote = text.IndexOf('"', position);
            if (quote < 0)
            {
                value.Append(text, position, text.Length - position).Append('\n');
                text = NextLine() ?? throw new FormatException($"The quoted value of CSV line {start} does not end.");
                position = 0;
                continue;
            }

            value.Append(text, position, quote - position);
            position = quote + 1;
            if (position >= text.Length || text[position] != '"') return;
            value.Append('"');
            position++;
        }
    }
}
