using System.Globalization;
using System.Text;

namespace ModelFit.Fleet.Reports;

/// <summary>
/// CSV (RFC 4180) with every property as a column: of records, or of changes where there are only changes. A text that
/// a spreadsheet would take for a formula gets an apostrophe in front.
/// </summary>
internal static class CsvReport
{
    private const string Formula = "=+-@\t\r";

    /// <summary>The report.</summary>
    public static string Write(ReportContent content)
    {
        var records = content.AllRecords;
        return records.Count == 0 && content.Changes.Count > 0 ? Table(content.Changes) : Table(records);
    }

    private static string Table<T>(IEnumerable<T> rows)
    {
        var columns = typeof(T).GetProperties().OrderBy(property => property.MetadataToken).ToArray();
        var text = new StringBuilder();
        text.Append(string.Join(",", columns.Select(column => column.Name))).Append('\n');
        foreach (var row in rows)
            text.Append(string.Join(",", columns.Select(column => Cell(column.GetValue(row))))).Append('\n');
        return text.ToString();
    }

    private static string Cell(object? value) => value switch
    {
        null => string.Empty,
        DateTime time => time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        string text => Quote(text.Length > 0 && Formula.IndexOf(text[0]) >= 0 ? "'" + text : text),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };

    private static string Quote(string text) =>
        text.IndexOfAny(new[] { ',', '"', '\n', '\r' }) < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
