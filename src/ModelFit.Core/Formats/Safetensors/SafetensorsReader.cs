using System.Globalization;
using System.Threading;
using ModelFit.Formats.HuggingFace;
using Newtonsoft.Json;

namespace ModelFit.Formats.Safetensors;

/// <summary>
/// Reads the header of a safetensors file by the rules of its own library (safetensors/src/tensor.rs, read_metadata and
/// validate): a length of 64 bits, JSON of that length, tensors that cover the rest of the file without holes.
/// </summary>
internal sealed class SafetensorsReader(ByteSource source)
{
    private const int PrefixBytes = 8;
    private const long MaxHeaderBytes = 32 << 20;
    private const int MaxTensors = 128 * 1024;
    private const int MaxDimensions = 16;

    private readonly string _file = source.Name;
    private readonly List<SafetensorsTensor> _tensors = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Reads the header; throws <see cref="ErrorIds.InvalidModelFile"/>.</summary>
    public static SafetensorsHeader Read(ByteSource source, CancellationToken cancellation) =>
        new SafetensorsReader(source).Read(cancellation);

    private SafetensorsHeader Read(CancellationToken cancellation)
    {
        var headerBytes = ReadLength(cancellation);
        var stream = new SourceStream(source, PrefixBytes, headerBytes, cancellation);
        JsonFile.Parse(_file, stream, ReadTensors);
        var end = CheckLayout(PrefixBytes + headerBytes);
        return new SafetensorsHeader(_file, source.Length ?? end, _tensors);
    }

    private long ReadLength(CancellationToken cancellation)
    {
        var prefix = new byte[PrefixBytes];
        var read = new SourceStream(source, 0, PrefixBytes, cancellation).Fill(prefix);
        if (read < PrefixBytes) throw Error(read, "a length of 8 bytes", "the end of the file");
        var length = 0UL;
        for (var i = PrefixBytes - 1; i >= 0; i--) length = (length << 8) | prefix[i];
        var most = (ulong)Math.Min(MaxHeaderBytes, Math.Max(0, (source.Length ?? long.MaxValue) - PrefixBytes));
        if (length is >= 2 && length <= most) return (long)length;
        throw Error(0, $"a header of 2 to {most} bytes", length.ToString(CultureInfo.InvariantCulture));
    }

    private bool ReadTensors(JsonTextReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonToken.StartObject) throw Unexpected(reader, "an object");
        while (reader.Read() && reader.TokenType == JsonToken.PropertyName)
        {
            var name = (string)reader.Value!;
            if (!_names.Add(name)) throw Unexpected(reader, "each name once");
            if (_names.Count > MaxTensors) throw Unexpected(reader, $"at most {MaxTensors} tensors");
            reader.Read();
            if (name == "__metadata__") reader.Skip();
            else _tensors.Add(ReadTensor(reader, name));
        }

        return reader.TokenType == JsonToken.EndObject ? true : throw Unexpected(reader, "the end of the object");
    }

    private SafetensorsTensor ReadTensor(JsonTextReader reader, string name)
    {
        if (reader.TokenType != JsonToken.StartObject) throw Unexpected(reader, "the description of " + name);
        SafetensorType? type = null;
        long[]? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonToken.PropertyName)
        {
            switch ((string)reader.Value!)
            {
                case "dtype":
                    type = SafetensorType.Find(reader.ReadAsString() ?? string.Empty);
                    break;
                case "shape":
                    shape = ReadNumbers(reader, MaxDimensions);
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(reader, 2);
                    break;
                default:
                    reader.Read();
                    reader.Skip();
                    break;
            }
        }

        if (type is null) throw Unexpected(reader, "a known dtype of " + name);
        if (shape is null) throw Unexpected(reader, "the shape of " + name);
        if (offsets is not { Length: 2 }) throw Unexpected(reader, "two data_offsets of " + name);
        var tensor = new SafetensorsTensor(name, type, shape, offsets[0], offsets[1]);
        var isWhole = tensor.Elements <= long.MaxValue / type.Bits && tensor.Elements * type.Bits % 8 == 0;
        if (isWhole && tensor.Begin <= tensor.End && tensor.Elements * type.Bits / 8 == tensor.Bytes) return tensor;
        throw Unexpected(reader, "data_offsets of " + name + " that agree with its shape and dtype");
    }

    private long[] ReadNumbers(JsonTextReader reader, int most)
    {
        if (!reader.Read() || reader.TokenType != JsonToken.StartArray) throw Unexpected(reader, "a list of numbers");
        var numbers = new List<long>(4);
        while (reader.Read() && reader.TokenType != JsonToken.EndArray)
        {
            if (reader.Value is not long number || number < 0 || numbers.Count == most)
                throw Unexpected(reader, "whole numbers of 0 or more, at most " + most);
            numbers.Add(number);
        }

        return numbers.ToArray();
    }

    private long CheckLayout(long dataStart)
    {
        var end = 0L;
        foreach (var tensor in _tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            if (tensor.Begin != end)
                throw Error(dataStart + end, $"the next tensor's data at {end}", $"{tensor.Name} at {tensor.Begin}");
            end = tensor.End;
        }

        if (source.Length is not { } length) return dataStart + end;
        if (end > length - dataStart)
            throw Error(length, $"a file of {dataStart + (decimal)end} bytes, as its tensors claim",
                $"the end of the file: {dataStart + (decimal)end - length} bytes are missing");
        if (end < length - dataStart)
            throw Error(dataStart + end, "the end of the file after the last tensor", "more bytes");
        return length;
    }

    private ModelFitException Unexpected(JsonTextReader reader, string expected)
    {
        var found = reader.Value is { } value ? Shorten(value) : reader.TokenType.ToString();
        return JsonFile.Error(_file, reader, expected, found);
    }

    private ModelFitException Error(long offset, string expected, string found) =>
        InvalidFile.At(_file, offset, expected, found);

    private static string Shorten(object value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
        return text.Length <= 80 ? text : text.Substring(0, 80) + "...";
    }
}
