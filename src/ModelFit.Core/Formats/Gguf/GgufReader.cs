using System.Globalization;
using System.Threading;
using ModelFit.Models;

namespace ModelFit.Formats.Gguf;

/// <summary>
/// Reads the header of a GGUF file of version 1, 2 or 3 in either byte order, by the rules of llama.cpp
/// (ggml/src/gguf.cpp, gguf_init_from_reader): every count, length, type, dimension and offset is checked before it is
/// believed. Tensor data is never read, and lists of tokens are passed over.
/// </summary>
internal sealed class GgufReader(ByteSource source, CancellationToken cancellation)
{
    private const uint Magic = 0x46554747;
    private const int NewestVersion = 3;
    private const int MaxTensors = 32 * 1024;
    private const int MaxTensorNameBytes = 255;
    private const int MaxDimensions = 4;
    private const long DefaultAlignment = 32;

    private readonly GgufCursor _cursor = new(source, cancellation);

    /// <summary>Whether the first bytes of a file are those of a GGUF file.</summary>
    public static bool HasMagic(byte[] bytes, int count) => count >= 4 && BitConverter.ToUInt32(bytes, 0) == Magic;

    /// <summary>Reads the header; throws <see cref="ErrorIds.InvalidModelFile"/>.</summary>
    public static GgufHeader Read(ByteSource source, CancellationToken cancellation) =>
        new GgufReader(source, cancellation).Read();

    private GgufHeader Read()
    {
        var version = ReadVersion();
        var tensorCount = _cursor.Count("tensors", elementBytes: 21, MaxTensors);
        var metadata = GgufMetadataReader.Read(_cursor, out var alignment);
        var table = _cursor.Position;
        var tensors = ReadTensors((int)tensorCount, alignment ?? DefaultAlignment, out var dataBytes);
        var definition = new ModelDefinition(metadata, tensors, Accuracy.Exact) { IsInFileOrder = true };
        if (tensors.Find(tensor => !ReferenceEquals(definition.Tensor(tensor.Name), tensor)) is { } twice)
            throw _cursor.Error(table, "each tensor once in the table from here on", twice.Name + " twice");
        var end = CheckLength(Align(_cursor.Position, alignment ?? DefaultAlignment), dataBytes);
        return new GgufHeader
        {
            File = source.Name,
            Version = version,
            IsBigEndian = _cursor.IsBigEndian,
            Definition = definition,
            FileBytes = source.Length ?? end,
        };
    }

    private int ReadVersion()
    {
        if (_cursor.UInt32() is var magic && magic != Magic)
            throw _cursor.Error(0, "the letters GGUF", "0x" + magic.ToString("X8", CultureInfo.InvariantCulture));
        var version = _cursor.UInt32();
        if ((version & 0xFFFF) == 0)
        {
            _cursor.IsBigEndian = true;
            version = (version >> 24) | ((version >> 8) & 0xFF00);
        }

        if (version is 0 or > NewestVersion) throw _cursor.Error(4, "version 1, 2 or 3 of GGUF", version);
        _cursor.HasShortLengths = version == 1;
        return (int)version;
    }

    private List<TensorInfo> ReadTensors(int count, long alignment, out long dataBytes)
    {
        var tensors = new List<TensorInfo>(Math.Min(count, 1024));
        var padded = 0L;
        dataBytes = 0;
        for (var i = 0; i < count; i++)
        {
            var start = _cursor.Position;
            var tensor = ReadTensor();
            var offsetPosition = _cursor.Position;
            var offset = _cursor.Unsigned(8);
            if (offset != (ulong)padded)
                throw _cursor.Error(offsetPosition, DataOffset(tensor, padded), offset);
            if (tensor.Bytes > long.MaxValue - padded - alignment)
                throw _cursor.Error(start, "tensors of less than 2^63 bytes together", "more with " + tensor.Name);
            dataBytes = padded + tensor.Bytes;
            padded = Align(dataBytes, alignment);
            tensors.Add(tensor);
        }

        return tensors;
    }

    private TensorInfo ReadTensor()
    {
        var start = _cursor.Position;
        var name = _cursor.Text(_cursor.TextLength("a tensor's name", MaxTensorNameBytes), strict: true);
        var dimensionsPosition = _cursor.Position;
        var dimensions = _cursor.UInt32();
        if (dimensions > MaxDimensions)
            throw _cursor.Error(dimensionsPosition, "at most 4 dimensions of " + name, dimensions);
        long n0 = 1, n1 = 1, n2 = 1, n3 = 1;
        if (dimensions > 0) n0 = Dimension(name, 1);
        if (dimensions > 1) n1 = Dimension(name, n0);
        if (dimensions > 2) n2 = Dimension(name, n0 * n1);
        if (dimensions > 3) n3 = Dimension(name, n0 * n1 * n2);
        var typePosition = _cursor.Position;
        var type = (TensorType)_cursor.UInt32();
        if (!type.IsKnown()) throw _cursor.Error(typePosition, "a tensor type of ggml", (uint)type);
        if (n0 % type.BlockElements() != 0)
            throw _cursor.Error(start, RowOfBlocks(name, type), (ulong)n0);
        if (n0 / type.BlockElements() * n1 * n2 * n3 > long.MaxValue / type.BlockBytes())
            throw _cursor.Error(start, "a tensor of less than 2^63 bytes", name);
        return new TensorInfo(name, type, n0, n1, n2, n3);
    }

    private long Dimension(string name, long product)
    {
        var offset = _cursor.Position;
        var size = _cursor.LengthValue();
        if (size == 0 || size > (ulong)(long.MaxValue / product))
            throw _cursor.Error(offset, "a dimension of 1 or more, and less than 2^63 elements, of " + name, size);
        return (long)size;
    }

    private long CheckLength(long dataStart, long dataBytes)
    {
        if (dataBytes > long.MaxValue - dataStart)
            throw _cursor.Error(dataStart, "tensors of less than 2^63 bytes together", (ulong)dataBytes);
        var end = dataStart + dataBytes;
        if (dataBytes == 0 || source.Length is not { } length || length >= end) return end;
        throw _cursor.Error(
            length,
            string.Format(CultureInfo.InvariantCulture, "a file of {0} bytes, as its tensors claim", end),
            string.Format(CultureInfo.InvariantCulture, "the end of the file: {0} bytes are missing", end - length));
    }

    private static long Align(long size, long alignment) => (size + alignment - 1) & ~(alignment - 1);

    private static string DataOffset(TensorInfo tensor, long offset) =>
        string.Format(CultureInfo.InvariantCulture, "the data of {0} at offset {1}", tensor.Name, offset);

    private static string RowOfBlocks(string name, TensorType type) => string.Format(
        CultureInfo.InvariantCulture, "rows of {0} in blocks of {1} ({2})", name, type.BlockElements(), type);
}
