using System.Globalization;
using ModelFit.Models;

namespace ModelFit.Formats.Gguf;

/// <summary>
/// Reads the metadata of a GGUF header as far as it says something of the model: numbers, flags, short texts and short
/// lists of numbers. Of the tokenizer's lists and of long ones only the length is kept, of long texts nothing.
/// </summary>
internal sealed class GgufMetadataReader
{
    private const int MaxKeys = 16 * 1024;
    private const int MaxKeyBytes = 1024;
    private const int MaxKeptTextBytes = 1024;
    private const int MaxKeptElements = 4096;
    private const long MaxKeptBytes = 2 << 20;
    private const string AlignmentKey = "general.alignment";
    private const string ArchitectureKey = "general.architecture";

    private readonly GgufCursor _cursor;
    private readonly Dictionary<string, object> _values = new(64, StringComparer.Ordinal);
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private long _keptBytes;

    private GgufMetadataReader(GgufCursor cursor) => _cursor = cursor;

    private enum ValueType
    {
        UInt8,
        Int8,
        UInt16,
        Int16,
        UInt32,
        Int32,
        Float32,
        Bool,
        String,
        Array,
        UInt64,
        Int64,
        Float64,
    }

    /// <summary>Reads the count of pairs and the pairs; <paramref name="alignment"/> is null if not stated.</summary>
    public static ModelMetadata Read(GgufCursor cursor, out long? alignment)
    {
        var reader = new GgufMetadataReader(cursor);
        var count = cursor.Count("keys", elementBytes: 10, MaxKeys);
        alignment = null;
        for (var i = 0L; i < count; i++) alignment = reader.ReadPair() ?? alignment;
        var architecture = reader._values.TryGetValue(ArchitectureKey, out var text) ? text as string : null;
        return new ModelMetadata(architecture ?? string.Empty, reader._values);
    }

    private long? ReadPair()
    {
        var start = _cursor.Position;
        var length = _cursor.TextLength("a key", MaxKeyBytes);
        var key = _cursor.Text(length, strict: true);
        Keep(start, length);
        if (key.Length == 0) throw _cursor.Error(start, "a key", "an empty text");
        if (!_keys.Add(key)) throw _cursor.Error(start, "a key not yet seen", "another " + key);
        var valuePosition = _cursor.Position;
        var type = ReadType();
        if (type == ValueType.Array) ReadArray(key);
        else if (type == ValueType.String) ReadText(key);
        else _values[key] = ReadScalar(type);
        return key == AlignmentKey ? CheckAlignment(valuePosition, type) : null;
    }

    private ValueType ReadType()
    {
        var offset = _cursor.Position;
        var type = _cursor.UInt32();
        if (type > (uint)ValueType.Float64) throw _cursor.Error(offset, "a value type from 0 to 12", type);
        return (ValueType)type;
    }

    private void ReadText(string key)
    {
        var offset = _cursor.Position;
        var length = _cursor.TextLength("the value of " + key, long.MaxValue);
        if (length > MaxKeptTextBytes)
        {
            _cursor.Skip(length);
            return;
        }

        Keep(offset, length);
        _values[key] = _cursor.Text(length, strict: false);
    }

    private void ReadArray(string key)
    {
        var offset = _cursor.Position;
        var type = ReadType();
        if (type == ValueType.Array) throw _cursor.Error(offset, "a list of numbers or texts", "a list of lists");
        var bytes = type == ValueType.String ? (_cursor.HasShortLengths ? 4 : 8) : Size(type);
        var count = _cursor.Count("elements of " + key, bytes, long.MaxValue);
        var isKept = type != ValueType.String
            && count <= MaxKeptElements
            && !key.StartsWith("tokenizer.", StringComparison.Ordinal);
        if (isKept)
        {
            Keep(offset, count * sizeof(long));
            _values[key] = ReadNumbers(type, (int)count);
            return;
        }

        _values[key + ".count"] = count;
        if (type == ValueType.String) _cursor.SkipTexts(count);
        else _cursor.Skip(count * bytes);
    }

    private Array ReadNumbers(ValueType type, int count) => type switch
    {
        ValueType.Bool => ReadArray(count, () => (bool)ReadScalar(type)),
        ValueType.Float32 or ValueType.Float64 => ReadArray(count, () => (double)ReadScalar(type)),
        _ => ReadArray(count, () => (long)ReadScalar(type)),
    };

    private static T[] ReadArray<T>(int count, Func<T> read)
    {
        var items = new T[count];
        for (var i = 0; i < count; i++) items[i] = read();
        return items;
    }

    private object ReadScalar(ValueType type)
    {
        var bits = _cursor.Unsigned(Size(type));
        return type switch
        {
            ValueType.Int8 => (long)(sbyte)bits,
            ValueType.Int16 => (long)(short)bits,
            ValueType.Int32 => (long)(int)bits,
            ValueType.UInt64 => (long)Math.Min(bits, long.MaxValue),
            ValueType.Float32 => (double)BitConverter.ToSingle(BitConverter.GetBytes((uint)bits), 0),
            ValueType.Float64 => BitConverter.Int64BitsToDouble((long)bits),
            ValueType.Bool => bits != 0,
            _ => (long)bits,
        };
    }

    private long CheckAlignment(long offset, ValueType type)
    {
        var alignment = type == ValueType.UInt32 ? (long)_values[AlignmentKey] : 0;
        if (alignment > 0 && (alignment & (alignment - 1)) == 0) return alignment;
        var found = type == ValueType.UInt32 ? alignment.ToString(CultureInfo.InvariantCulture) : type.ToString();
        throw _cursor.Error(offset, "a power of 2 in 32 bits as " + AlignmentKey, found);
    }

    private void Keep(long offset, long bytes)
    {
        _keptBytes += bytes;
        if (_keptBytes > MaxKeptBytes)
            throw _cursor.Error(offset, "metadata of at most 2 MiB beside the tokenizer", "more");
    }

    private static int Size(ValueType type) => type switch
    {
        ValueType.UInt8 or ValueType.Int8 or ValueType.Bool => 1,
        ValueType.UInt16 or ValueType.Int16 => 2,
        ValueType.UInt32 or ValueType.Int32 or ValueType.Float32 => 4,
        _ => 8,
    };
}
