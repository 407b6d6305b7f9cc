using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading;

namespace ModelFit.Formats.Gguf;

/// <summary>
/// A position in a GGUF file, read through one buffer, in either byte order and with the 32-bit lengths of version 1.
/// Whatever the file claims, it holds no more than the buffer, and every error names the offset.
/// </summary>
internal sealed class GgufCursor(ByteSource source, CancellationToken cancellation)
{
    private const int BufferSize = 32 * 1024;

    /// <summary>
    /// MethodImplOptions.AggressiveOptimization, which older frameworks do not know and do not mind: the loop over
    /// hundreds of thousands of tokens mostly runs in the first calls of a process.
    /// </summary>
    private const MethodImplOptions OptimizeAtOnce = (MethodImplOptions)512;

    private const long MaxReadBytes = 128 << 20;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly byte[] _buffer = new byte[BufferSize];
    private long _bufferPosition;
    private int _start;
    private int _end;
    private long _readBytes;

    /// <summary>Whether numbers are stored with the most significant byte first.</summary>
    public bool IsBigEndian { get; set; }

    /// <summary>Whether lengths, counts and dimensions have 32 bits, as in version 1.</summary>
    public bool HasShortLengths { get; set; }

    /// <summary>Offset of the next byte.</summary>
    public long Position => _bufferPosition + _start;

    /// <summary>Bytes from here to the end, as far as the length is known.</summary>
    public long Remaining => (source.Length ?? long.MaxValue) - Position;

    private int LengthBytes => HasShortLengths ? 4 : 8;

    private bool MustSwap => IsBigEndian == BitConverter.IsLittleEndian;

    /// <summary>The failure of what stands at an offset.</summary>
    public ModelFitException Error(long offset, string expected, string found) =>
        InvalidFile.At(source.Name, offset, expected, found);

    /// <summary>The failure of a number at an offset.</summary>
    public ModelFitException Error(long offset, string expected, ulong found) =>
        Error(offset, expected, found.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads an unsigned number of 1, 2, 4 or 8 bytes.</summary>
    public ulong Unsigned(int bytes)
    {
        Demand(bytes);
        var value = Peek(_start, bytes);
        _start += bytes;
        return value;
    }

    /// <summary>Reads a whole number of 32 bits.</summary>
    public uint UInt32() => (uint)Unsigned(4);

    /// <summary>Reads a length, a count or a dimension.</summary>
    public ulong LengthValue() => Unsigned(LengthBytes);

    /// <summary>
    /// Reads a count of elements that take at least <paramref name="elementBytes"/> each, and at most
    /// <paramref name="limit"/> of them; more than the rest of the file can hold is an error.
    /// </summary>
    public long Count(string what, int elementBytes, long limit)
    {
        var offset = Position;
        var count = LengthValue();
        var room = Remaining / elementBytes;
        if (count <= (ulong)Math.Min(limit, room)) return (long)count;
        var format = room < limit ? "at most {0} {1} in the rest of the file" : "at most {0} {1}";
        var expected = string.Format(CultureInfo.InvariantCulture, format, Math.Min(limit, room), what);
        throw Error(offset, expected, count);
    }

    /// <summary>Reads the length of a text and checks that the file holds it.</summary>
    public long TextLength(string what, long limit) => Count("bytes of " + what, 1, limit);

    /// <summary>Reads the text of a length that <see cref="TextLength"/> gave; at most as long as the buffer.</summary>
    public string Text(long length, bool strict)
    {
        var offset = Position;
        var bytes = (int)length;
        Demand(bytes);
        try
        {
            return (strict ? StrictUtf8 : Encoding.UTF8).GetString(_buffer, _start, bytes);
        }
        catch (ArgumentException)
        {
            throw Error(offset, "text in UTF-8", "bytes that are not UTF-8");
        }
        finally
        {
            _start += bytes;
        }
    }

    /// <summary>Moves on by bytes that the caller knows to be within the file, without reading them.</summary>
    public void Skip(long bytes)
    {
        if (bytes <= _end - _start)
        {
            _start += (int)bytes;
            return;
        }

        if (bytes > Remaining) throw EndOfFile(bytes);
        _bufferPosition = Position + bytes;
        _start = _end = 0;
    }

    /// <summary>Moves on by texts, from length to length.</summary>
    [MethodImpl(OptimizeAtOnce)]
    public void SkipTexts(long count)
    {
        var lengthBytes = LengthBytes;
        for (var i = 0L; i < count; i++)
        {
            if (_end - _start < lengthBytes) Demand(lengthBytes);
            var length = Peek(_start, lengthBytes);
            if (length > (ulong)(_end - _start - lengthBytes) && length > (ulong)(Remaining - lengthBytes))
                throw Error(Position, "a text that ends within the file", length);
            _start += lengthBytes;
            if (length <= (ulong)(_end - _start)) _start += (int)length;
            else Skip((long)length);
        }
    }

    private ulong Peek(int index, int bytes)
    {
        switch (bytes)
        {
            case 8:
                var wide = BitConverter.ToUInt64(_buffer, index);
                return MustSwap ? Swap(wide) : wide;
            case 4:
                var middle = BitConverter.ToUInt32(_buffer, index);
                return MustSwap ? Swap(middle) >> 32 : middle;
            case 2:
                var narrow = BitConverter.ToUInt16(_buffer, index);
                return MustSwap ? Swap(narrow) >> 48 : narrow;
            default:
                return _buffer[index];
        }
    }

    private static ulong Swap(ulong value)
    {
        value = ((value & 0x00FF00FF00FF00FFUL) << 8) | ((value >> 8) & 0x00FF00FF00FF00FFUL);
        value = ((value & 0x0000FFFF0000FFFFUL) << 16) | ((value >> 16) & 0x0000FFFF0000FFFFUL);
        return (value << 32) | (value >> 32);
    }

    private void Demand(int bytes)
    {
        if (_end - _start >= bytes) return;
        if (bytes > Remaining) throw EndOfFile(bytes);
        Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
        _bufferPosition += _start;
        _end -= _start;
        _start = 0;
        while (_end < bytes)
        {
            cancellation.ThrowIfCancellationRequested();
            var read = source.Read(_bufferPosition + _end, _buffer, _end, BufferSize - _end);
            if (read <= 0) throw EndOfFile(bytes);
            _end += read;
            _readBytes += read;
        }

        if (_readBytes > MaxReadBytes) throw Error(Position, "a header of at most 128 MiB", "more");
    }

    private ModelFitException EndOfFile(long bytes) => Error(
        Position,
        string.Format(CultureInfo.InvariantCulture, "{0} more bytes", bytes),
        "the end of the file");
}
