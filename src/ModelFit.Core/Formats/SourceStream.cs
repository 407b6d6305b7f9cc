using System.IO;
using System.Threading;

namespace ModelFit.Formats;

/// <summary>A part of a <see cref="ByteSource"/> as a stream that can be read once, forward.</summary>
/// <param name="source">What is read.</param>
/// <param name="offset">Its first byte.</param>
/// <param name="count">Bytes after which it ends, if the source does not end before.</param>
/// <param name="cancellation">Stops at once.</param>
internal sealed class SourceStream(ByteSource source, long offset, long count, CancellationToken cancellation) : Stream
{
    private readonly long _end = offset + count;
    private long _position = offset;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        cancellation.ThrowIfCancellationRequested();
        var read = source.Read(_position, buffer, offset, (int)Math.Min(count, _end - _position));
        _position += read;
        return read;
    }

    /// <summary>Reads until a buffer is full or the stream ends; returns the bytes that were read.</summary>
    public int Fill(byte[] buffer)
    {
        var filled = 0;
        while (filled < buffer.Length && Read(buffer, filled, buffer.Length - filled) is > 0 and var read)
            filled += read;
        return filled;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
