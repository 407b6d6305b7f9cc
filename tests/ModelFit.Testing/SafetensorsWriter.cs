using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ModelFit.Testing;

/// <summary>Writes safetensors files as the format's specification has them; the data is zeros.</summary>
internal sealed class SafetensorsWriter
{
    private readonly List<string> _entries = ["\"__metadata__\":{\"format\":\"pt\"}"];
    private long _offset;

    /// <summary>Adds a tensor of so many bits an element.</summary>
    public SafetensorsWriter Add(string name, string type, int bits, params long[] shape)
    {
        var bytes = shape.Aggregate(1L, (product, size) => product * size) * bits / 8;
        _entries.Add(string.Create(CultureInfo.InvariantCulture,
            $"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{string.Join(',', shape)}],"
            + $"\"data_offsets\":[{_offset},{_offset + bytes}]}}"));
        _offset += bytes;
        return this;
    }

    /// <summary>Adds a tensor of BF16.</summary>
    public SafetensorsWriter Add(string name, params long[] shape) => Add(name, "BF16", 16, shape);

    /// <summary>The whole file.</summary>
    public byte[] ToArray() => File("{" + string.Join(',', _entries) + "}", _offset);

    /// <summary>A file of a header as it is given.</summary>
    public static byte[] File(string json, long dataBytes)
    {
        var header = Encoding.UTF8.GetBytes(json);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        return [.. prefix, .. header, .. new byte[dataBytes]];
    }
}
