using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ModelFit.Formats.HuggingFace;

/// <summary>
/// JSON of strangers: one document of bounded length and depth, without duplicate names. What is wrong is said with the
/// file, the line and the column.
/// </summary>
internal static class JsonFile
{
    /// <summary>Depth of nesting that no honest file has.</summary>
    public const int MaxDepth = 64;

    /// <summary>Reads a whole file that is an object, of at most 1 MiB unless told otherwise.</summary>
    public static JObject ReadObject(ByteSource source, CancellationToken cancellation, long maxBytes = 1 << 20)
    {
        if (source.Length > maxBytes)
            throw InvalidFile.At(source.Name, maxBytes, "the end of a JSON file that is not too long", "more");
        return Parse(source.Name, new SourceStream(source, 0, maxBytes, cancellation), ReadObject);
    }

    /// <summary>
    /// Opens a reader on UTF-8 and hands it to a parser; all that comes after its value must be white space. Failures
    /// of the reader become <see cref="ErrorIds.InvalidModelFile"/>.
    /// </summary>
    public static T Parse<T>(string name, Stream stream, Func<JsonTextReader, T> parser)
    {
        using var text = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), false, 4096);
        using var reader = new JsonTextReader(text)
        {
            MaxDepth = MaxDepth,
            DateParseHandling = DateParseHandling.None,
            CloseInput = true,
        };
        try
        {
            var value = parser(reader);
            if (reader.Read()) throw Error(name, reader, "the end of the file", "a second JSON document");
            return value;
        }
        catch (JsonException exception)
        {
            throw Error(name, reader, "JSON", Problem(exception));
        }
        catch (ArgumentException exception)
        {
            throw InvalidFile.Whole(name, "expected text in UTF-8, found bytes that are not", exception);
        }
        catch (Exception exception) when (exception is OverflowException or FormatException or InvalidCastException)
        {
            throw Error(name, reader, "a number within 64 bits", exception.Message);
        }
    }

    /// <summary>The failure of what stands where a reader is.</summary>
    public static ModelFitException Error(string name, JsonTextReader reader, string expected, string found) =>
        InvalidFile.Whole(name, string.Format(
            CultureInfo.InvariantCulture,
            "at line {0}, column {1}: expected {2}, found {3}",
            reader.LineNumber, reader.LinePosition, expected, found));

    private static JObject ReadObject(JsonTextReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonToken.StartObject)
            throw new JsonReaderException("something that is no object");
        var settings = new JsonLoadSettings
        {
            DuplicatePropertyNameHandling = DuplicatePropertyNameHandling.Error,
            CommentHandling = CommentHandling.Ignore,
            LineInfoHandling = LineInfoHandling.Ignore,
        };
        return JObject.Load(reader, settings);
    }

    private static string Problem(JsonException exception)
    {
        var end = exception.Message.IndexOf(" Path '", StringComparison.Ordinal);
        return (end < 0 ? exception.Message : exception.Message.Substring(0, end)).TrimEnd('.');
    }
}
