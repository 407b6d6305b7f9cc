using System.Buffers.Binary;
using System.IO;
using System.Text;
using ModelFit.Models;

namespace ModelFit.Testing;

/// <summary>
/// Writes GGUF files byte for byte as the format's specification has them (ggml/docs/gguf.md), in every version and
/// byte order. The data of the tensors is zeros.
/// </summary>
internal sealed class GgufWriter(int version = 3, bool bigEndian = false)
{
    private const int StringType = 8;
    private const int ArrayType = 9;
    private const int Alignment = 32;

    private readonly List<(string Key, object Value)> _pairs = [];
    private readonly List<TensorInfo> _tensors = [];

    /// <summary>Bytes of the tensors, each padded.</summary>
    public long DataBytes => _tensors.Sum(tensor => Pad(tensor.Bytes));

    /// <summary>A file of a definition: its keys, the architecture's with their prefix, and its tensors.</summary>
    public static GgufWriter Of(ModelDefinition definition)
    {
        string[] common = ["general.", "tokenizer.", "split.", "quantize.", "adapter.", "clip."];
        var writer = new GgufWriter().Add("general.architecture", definition.Architecture);
        foreach (var key in definition.Metadata.Keys.Where(key => key != "general.architecture"))
        {
            var isCommon = common.Any(prefix => key.StartsWith(prefix, System.StringComparison.Ordinal));
            writer.Add(isCommon ? key : definition.Architecture + "." + key, definition.Metadata[key]!);
        }

        foreach (var tensor in definition.Tensors) writer.Add(tensor);
        return writer;
    }

    /// <summary>Adds a pair; the type of the value decides on GGUF's, arrays included.</summary>
    public GgufWriter Add(string key, object value)
    {
        _pairs.Add((key, value));
        return this;
    }

    /// <summary>Adds a tensor.</summary>
    public GgufWriter Add(TensorInfo tensor)
    {
        _tensors.Add(tensor);
        return this;
    }

    /// <summary>Adds a tensor.</summary>
    public GgufWriter Add(string name, TensorType type, long n0, long n1 = 1, long n2 = 1, long n3 = 1) =>
        Add(new TensorInfo(name, type, n0, n1, n2, n3));

    /// <summary>The header, padded to where the data begins.</summary>
    public byte[] Header()
    {
        var bytes = new List<byte>(Encoding.ASCII.GetBytes("GGUF"));
        Number(bytes, version, 4);
        Number(bytes, _tensors.Count, Wide);
        Number(bytes, _pairs.Count, Wide);
        foreach (var (key, value) in _pairs)
        {
            Text(bytes, key);
            Value(bytes, value);
        }

        var offset = 0L;
        foreach (var tensor in _tensors)
        {
            Describe(bytes, tensor, offset);
            offset += Pad(tensor.Bytes);
        }

        while (bytes.Count % Alignment != 0) bytes.Add(0);
        return [.. bytes];
    }

    /// <summary>The whole file.</summary>
    public byte[] ToArray() => [.. Header(), .. new byte[DataBytes]];

    /// <summary>Writes the whole file; the data takes no place on file systems that keep holes.</summary>
    public string Save(string path)
    {
        var header = Header();
        using var stream = File.Create(path);
        stream.Write(header);
        stream.SetLength(header.Length + DataBytes);
        return path;
    }

    private int Wide => version == 1 ? 4 : 8;

    private static long Pad(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    private void Describe(List<byte> bytes, TensorInfo tensor, long offset)
    {
        long[] dimensions = [tensor.N0, tensor.N1, tensor.N2, tensor.N3];
        var count = tensor.N3 > 1 ? 4 : tensor.N2 > 1 ? 3 : tensor.N1 > 1 ? 2 : 1;
        Text(bytes, tensor.Name);
        Number(bytes, count, 4);
        foreach (var dimension in dimensions.Take(count)) Number(bytes, dimension, Wide);
        Number(bytes, (int)tensor.Type, 4);
        Number(bytes, offset, 8);
    }

    private void Value(List<byte> bytes, object value)
    {
        if (value is System.Array array)
        {
            var items = array.Cast<object>().ToArray();
            Number(bytes, ArrayType, 4);
            Number(bytes, TypeOf(array.GetType().GetElementType()!), 4);
            Number(bytes, items.Length, Wide);
            foreach (var item in items) Scalar(bytes, item);
            return;
        }

        Number(bytes, TypeOf(value.GetType()), 4);
        Scalar(bytes, value);
    }

    private void Scalar(List<byte> bytes, object value)
    {
        switch (value)
        {
            case string text: Text(bytes, text); break;
            case bool flag: Number(bytes, flag ? 1 : 0, 1); break;
            case float number: Number(bytes, System.BitConverter.SingleToInt32Bits(number), 4); break;
            case double number: Number(bytes, System.BitConverter.DoubleToInt64Bits(number), 8); break;
            case ulong number: Number(bytes, unchecked((long)number), 8); break;
            case byte or sbyte: Number(bytes, System.Convert.ToInt64(value, null), 1); break;
            case short or ushort: Number(bytes, System.Convert.ToInt64(value, null), 2); break;
            case int or uint: Number(bytes, System.Convert.ToInt64(value, null), 4); break;
            default: Number(bytes, (long)value, 8); break;
        }
    }

    private static int TypeOf(System.Type type) => System.Type.GetTypeCode(type) switch
    {
        System.TypeCode.Byte => 0,
        System.TypeCode.SByte => 1,
        System.TypeCode.UInt16 => 2,
        System.TypeCode.Int16 => 3,
        System.TypeCode.UInt32 => 4,
        System.TypeCode.Int32 => 5,
        System.TypeCode.Single => 6,
        System.TypeCode.Boolean => 7,
        System.TypeCode.String => StringType,
        System.TypeCode.UInt64 => 10,
        System.TypeCode.Int64 => 11,
        System.TypeCode.Double => 12,
        _ => throw new System.NotSupportedException(type.Name),
    };

    private void Text(List<byte> bytes, string text)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        Number(bytes, encoded.Length, Wide);
        bytes.AddRange(encoded);
    }

    private void Number(List<byte> bytes, long number, int size)
    {
        var all = new byte[8];
        if (bigEndian) BinaryPrimitives.WriteInt64BigEndian(all, number);
        else BinaryPrimitives.WriteInt64LittleEndian(all, number);
        bytes.AddRange(bigEndian ? all[(8 - size)..] : all[..size]);
    }
}
