using System.Collections;
using System.IO;
using System.Management.Automation;

namespace ModelFit.Tool.Rows;

/// <summary>
/// Writes objects as CSV (RFC 4180, invariant). The first one names the columns; what nests is left out, it has a flat
/// twin. A text that a spreadsheet would take for a formula gets an apostrophe in front, which <see cref="CsvRows"/>
/// takes away.
/// </summary>
internal sealed class CsvText(TextWriter writer)
{
    /// <summary>What a formula begins with.</summary>
    public const string Formula = "=+-@\t\r";

    private static readonly char[] Quoted = [',', '"', '\r', '\n'];
    private string[]? columns;

    /// <summary>Writes one object, after the header if it is the first.</summary>
    public void Write(PSObject item)
    {
        if (columns is null)
        {
            columns = Columns(item);
            WriteRecord(columns);
        }

        WriteRecord(columns.Select(column => Cell(item.Properties[column]?.Value ?? Simple(item))));
    }

    private static string[] Columns(PSObject item)
    {
        var names = item.Properties
            .Where(property => property.IsGettable && property.Value is string or not IEnumerable)
            .Select(property => property.Name)
            .ToArray();
        return IsSimple(item) ? ["Value"] : names;
    }

    private static string Cell(object? value) =>
        value is string { Length: > 0 } text && Formula.Contains(text[0]) ? "'" + text : ValueText.Of(value);

    private static object? Simple(PSObject item) => IsSimple(item) ? item.BaseObject : null;

    private static bool IsSimple(PSObject item) => item.BaseObject is string or System.ValueType;

    private void WriteRecord(IEnumerable<string> values) => writer.WriteLine(string.Join(',', values.Select(Quote)));

    private static string Quote(string value) =>
        value.IndexOfAny(Quoted) < 0 ? value : '"' + value.Replace("\"", "\"\"") + '"';
}
