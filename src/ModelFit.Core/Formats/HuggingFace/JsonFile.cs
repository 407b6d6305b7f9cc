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

    private const int MaxItems = 4096;

    /// <summary>
    /// Reads a whole file that is an object, of at most 4 MiB unless told otherwise. Of lists and objects the first
    /// 4,096 items are kept: configurations of quantized models name every matrix of every expert.
    /// </summary>
    public static JObject ReadObject(ByteSource source, CancellationToken cancellation, long maxBytes = 4 << 20)
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
            ArrayPool = BoundedTexts.Instance,
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
        if (!reader.Read()) throw new JsonReaderException("the end of the file");
        if (reader.TokenType != JsonToken.StartObject) throw new JsonReaderException("something that is no object");
        return ReadMembers(reader);
    }

    private static JObject ReadMembers(JsonTextReader reader)
    {
        var members = new JObject();
        while (Next(reader) && reader.TokenType != JsonToken.EndObject)
        {
            var name = (string)reader.Value!;
            if (members.ContainsKey(name)) throw new JsonReaderException("a second " + name);
            Next(reader);
            if (members.Count < MaxItems) members.Add(name, ReadValue(reader));
            else reader.Skip();
        }

        return members;
    }

    private static JArray ReadItems(JsonTextReader reader)
    {
        var items = new JArray();
        while (Next(reader) && reader.TokenType != JsonToken.EndArray)
        {
            if (items.Count < MaxItems) items.Add(ReadValue(reader));
            else reader.Skip();
        }

        return items;
    }

    private static JToken ReadValue(JsonTextReader reader) => reader.TokenType switch
    {
        JsonToken.StartObject => ReadMembers(reader),
        JsonToken.StartArray => ReadItems(reader),
        JsonToken.StartConstructor => throw new JsonReaderException("a constructor"),
        _ => new JValue(reader.Value),
    };

    /// <summary>Moves to the next token but comments; the end of the file is an error.</summary>
    private static bool Next(JsonTextReader reader)
    {
        do
        {
            if (!reader.Read()) throw new JsonReaderException("the end of the file");
        }
        while (reader.TokenType == JsonToken.Comment);
        return true;
    }

    private static string Problem(JsonException exception)
    {
        var end = exception.Message.IndexOf(" Path '", StringComparison.Ordinal);
        return (end < 0 ? exception.Message : exception.Message.Substring(0, end)).TrimEnd('.');
    }

    /// <summary>The buffers of readers, within which a text must fit.</summary>
    private sealed class BoundedTexts : IArrayPool<char>
    {
        private const int MaxCharacters = 1 << 20;

        public static BoundedTexts Instance { get; } = new();

        public char[] Rent(int minimumLength) => minimumLength <= MaxCharacters
            ? new char[minimumLength]
            : throw new JsonReaderException("a longer text than any model has");

        public void Return(char[]? array)
        {
        }
    }
}
