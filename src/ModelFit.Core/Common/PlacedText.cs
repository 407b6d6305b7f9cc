using System.Threading;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ModelFit.Common;

/// <summary>
/// A JSON document that people write (a policy, a catalog), to say where in it something is wrong. Comments are
/// allowed, a member that comes twice is not.
/// </summary>
internal sealed class PlacedText
{
    private const int MaxDepth = 16;

    private readonly string _origin;
    private readonly string _errorId;
    private readonly string[] _lines;

    /// <summary>Takes a text, where it comes from, and the id of its errors.</summary>
    public PlacedText(string text, string origin, string errorId, CancellationToken stop = default) =>
        (_lines, _origin, _errorId, Stop) = (text.Split('\n'), origin, errorId, stop);

    /// <summary>Ends the reading.</summary>
    public CancellationToken Stop { get; }

    /// <summary>The whole text of a file; one that cannot be read is <see cref="ErrorIds.FileUnreadable"/>.</summary>
    public static string ReadFile(string path) => FileOpener.Text(path, FileOpener.WrittenBytes);

    /// <summary>The document that the text is.</summary>
    /// <param name="what">What it is called in messages, for example <c>the policy</c>.</param>
    public PlacedValue Load(string what)
    {
        try
        {
            using var reader = new JsonTextReader(new StoppableReader(string.Join("\n", _lines), Stop))
            {
                DateParseHandling = DateParseHandling.None,
                MaxDepth = MaxDepth,
            };
            var settings = new JsonLoadSettings
            {
                DuplicatePropertyNameHandling = DuplicatePropertyNameHandling.Error,
                LineInfoHandling = LineInfoHandling.Load,
            };
            var token = JToken.ReadFrom(reader, settings);
            while (reader.Read())
                if (reader.TokenType != JsonToken.Comment)
                    throw Wrong(reader.LineNumber, reader.LinePosition, $"text follows the end of {what}");
            return new PlacedValue(token, this).AsObject(what);
        }
        catch (JsonReaderException error)
        {
            throw Wrong(error.LineNumber, error.LinePosition, WithoutPlace(error.Message), error);
        }
    }

    /// <summary>An error at the beginning of a value or of a member's name.</summary>
    public ModelFitException Wrong(JToken token, string message)
    {
        IJsonLineInfo place = token;
        return Wrong(place.LineNumber, Begin(token, place), message);
    }

    private ModelFitException Wrong(int line, int column, string message, Exception? inner = null) => new(
        _errorId,
        FailureKind.InvalidData,
        FormattableString.Invariant(
            $"{_origin}, line {Math.Max(1, line)}, column {Math.Max(1, column)}: {message}."),
        _origin,
        inner);

    /// <summary>What the reader says, without the place that it appends in its own words.</summary>
    private static string WithoutPlace(string message)
    {
        var end = message.IndexOf(" Path '", StringComparison.Ordinal);
        return (end < 0 ? message : message.Substring(0, end)).TrimEnd('.', ' ', ',');
    }

    /// <summary>The reader tells where a name or a simple value ends, and where an object or array begins.</summary>
    private int Begin(JToken token, IJsonLineInfo place)
    {
        if (token is JContainer and not JProperty || place.LineNumber < 1 || place.LineNumber > _lines.Length)
            return place.LinePosition;
        var before = _lines[place.LineNumber - 1];
        before = before.Substring(0, Math.Min(before.Length, place.LinePosition));
        var text = token is JProperty member ? member.Name : token.ToString();
        var at = before.LastIndexOf(text, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? place.LinePosition : at > 0 && before[at - 1] == '"' ? at : at + 1;
    }
}
