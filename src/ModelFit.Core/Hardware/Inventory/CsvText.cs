using System.Text;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Comma-, semicolon- and tab-separated text (RFC 4180, and as PowerShell and spreadsheets write it).
/// </summary>
internal static class CsvText
{
    /// <summary>The records of the text; blank lines and the <c>#TYPE</c> line of Export-Csv are skipped.</summary>
    public static IEnumerable<string[]> Records(string text, char separator)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var (quoted, blank) = (false, true);
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : '\n';
            if (quoted && i < text.Length)
            {
                if (c != '"') field.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') field.Append(text[i++]);
                else quoted = false;
            }
            else if (c == '"' && blank)
            {
                field.Clear();
                (quoted, blank) = (true, false);
            }
            else if (c == separator || c == '\n')
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
                blank = true;
                if (c == separator) continue;
                var record = fields.ToArray();
                fields.Clear();
                if (IsRecord(record)) yield return record;
            }
            else if (c != '\r')
            {
                field.Append(c);
                blank &= char.IsWhiteSpace(c);
            }
        }
    }

    /// <summary>The character that separates the fields of a header line.</summary>
    public static char Separator(string header)
    {
        var counts = new[] { ',', ';', '\t', '|' }.Select(c => (Char: c, Count: header.Count(h => h == c))).ToArray();
        var best = counts.OrderByDescending(count => count.Count).First();
        return best.Count == 0 ? ',' : best.Char;
    }

    private static bool IsRecord(string[] record) =>
        record.Any(field => field.Length > 0) && !record[0].StartsWith("#TYPE", StringComparison.Ordinal);
}
