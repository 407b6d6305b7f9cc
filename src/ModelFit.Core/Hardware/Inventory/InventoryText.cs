using System.IO;
using System.Threading;
using ModelFit.Common;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>A text to be recognized, with the views of it that several readers share.</summary>
internal sealed class InventoryText
{
    /// <summary>How deep JSON and XML are read.</summary>
    public const int MaxDepth = 64;

    /// <summary>More characters than any line that is read by line has; the rest of it says nothing.</summary>
    private const int MaxLine = 8192;

    /// <summary>A member of an object without the object around it, as it is copied out of an answer.</summary>
    private static readonly Regex Member = new(
        @"^(?:""[^""\n]{1,80}""\s{0,8}:\s{0,8}(?:[{\[]\s|[^\n{}]{1,200},[ \t\r]{0,8}\n[ \t]{0,40}"")" +
        @"|\w{1,80}: \[\s{1,40}\{)");

    private static readonly Regex FirstMember = new(@"^(?:""|\w{1,80}: [\[{'""])");

    private readonly Lazy<string?> _host;
    private readonly Lazy<IReadOnlyList<string>> _lines;
    private readonly Lazy<IReadOnlyList<JToken>> _json;

    /// <summary>Wraps the text without byte order marks, what a terminal adds to it, and marks of a page.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="stop">Ends the reading of what is long: of the lines, of the JSON, of the XML.</param>
    public InventoryText(string text, CancellationToken stop = default)
    {
        Stop = stop;
        var plain = HtmlText.Plain(TerminalText.Plain(text));
        _host = new(() => PastedText.Host(plain, stop));
        Text = PastedText.Plain(plain, stop).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        _lines = new(() => Text.Split('\n').Until(stop).Select(Line).ToArray().Until(stop));
        _json = new(() => XmlText.Values(this) is { Count: > 0 } values ? values : ParseJson());
    }

    /// <summary>Ends the reading.</summary>
    public CancellationToken Stop { get; }

    /// <summary>The text, beginning with its first character that is not blank.</summary>
    public string Text { get; }

    /// <summary>The host that the shell's prompts before the commands name; null if none does.</summary>
    public string? Host => _host.Value;

    /// <summary>The lines without their ends, the longest cut off.</summary>
    public IReadOnlyList<string> Lines => _lines.Value;

    /// <summary>The values of the text, one after another; empty if it is neither JSON nor XML.</summary>
    public IReadOnlyList<JToken> Json => _json.Value;

    /// <summary>The JSON values, of an array its items.</summary>
    public IEnumerable<JToken> Items => Json
        .SelectMany(value => value is JArray array ? array : Enumerable.Repeat(value, 1)).Until(Stop);

    /// <summary>A reader of the text that ends once all is stopped.</summary>
    public TextReader Reader() => new StoppableReader(Text, Stop);

    /// <summary>Why the text is not JSON although it begins like it; null if it is, or does not.</summary>
    public string? JsonError { get; private set; }

    /// <summary>Whether the text contains the words, whatever the case.</summary>
    public bool Contains(string words) => Text.IndexOf(words, StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>A line without its end, and one of a drawn table without what it is indented by.</summary>
    private static string Line(string line)
    {
        var plain = line.TrimEnd('\r');
        var table = plain.TrimStart();
        if (table.Length > 0 && table[0] is ('|' or '+')) plain = table;
        return plain.Length > MaxLine ? plain.Substring(0, MaxLine) : plain;
    }

    private IReadOnlyList<JToken> ParseJson()
    {
        var start = Text.IndexOfAny(new[] { '{', '[' });
        var isMember = Member.IsMatch(Text);
        if (start < 0 || !(isMember || LooksLikeJson(start))) return Array.Empty<JToken>();
        var text = isMember ? "{" + Text.TrimEnd().TrimEnd(',') + "}" : Text.Substring(start);
        var (values, error) = Parse(text, false);
        JsonError = error;
        if (error is null || values.Count > 0) return values.Until(Stop);
        // Cut off: all but its last value, which may have lost digits, is as it was.
        text = isMember ? text.Substring(0, text.Length - 1) : text;
        return Parse(text.Substring(0, text.LastIndexOfAny(new[] { ',', '{', '[', '}', ']' }) + 1), true).Values
            .Until(Stop);
    }

    /// <summary>The values of a text; of one that ends early what was told before its end.</summary>
    private (IReadOnlyList<JToken> Values, string? Error) Parse(string text, bool isCut)
    {
        var values = new List<JToken>();
        using var reader = new JsonTextReader(new StoppableReader(text, Stop))
        {
            SupportMultipleContent = true,
            MaxDepth = MaxDepth,
            DateParseHandling = DateParseHandling.None,
            FloatParseHandling = FloatParseHandling.Decimal,
        };
        using var writer = new JTokenWriter();
        string? problem = null;
        try
        {
            for (var line = 0; isCut && reader.Read(); line = reader.LineNumber)
            {
                // A string that lost its end takes in the lines behind it; whole ones have no line breaks.
                if (reader.Value is string told && told.IndexOf('\n') >= 0 && reader.LineNumber > line) break;
                writer.WriteToken(reader, false);
            }

            while (!isCut && reader.Read()) values.Add(JToken.ReadFrom(reader));
        }
        catch (Exception error) when (error is JsonException or OverflowException or FormatException)
        {
            problem = error.Message;
        }

        // The writer ends what is still open.
        writer.Close();
        if (writer.Token is { HasValues: true } first) values.Add(first);
        return (values, problem);
    }

    /// <summary>JSON begins at once, or after the lines of warning that some tools print before it.</summary>
    private bool LooksLikeJson(int start)
    {
        if (start == 0) return Text.Length > 1 && (Text[0] == '{' || IsArrayStart());
        var lineStart = Text.LastIndexOf('\n', start) + 1;
        var brace = Text[start] == '{' && Text.Substring(lineStart, start - lineStart).Trim().Length == 0;
        var rest = Text.Substring(start + 1).TrimStart();
        return brace && FirstMember.IsMatch(rest);
    }

    private bool IsArrayStart() => Text.Substring(1).TrimStart() is { Length: > 0 } rest && rest[0] is '{' or ']';
}
