using System.IO;
using System.Threading;

namespace ModelFit.Formats;

/// <summary>A part of a <see cref="ByteSource"/> as a stream that can be read once, forward.</summary>
internal sealed class SourceStream : Stream
{
    private readonly ByteSource _source;
    private readonly CancellationToken _cancellation;
    private readonly long _end;
    private long _position;

    /// <summary>Starts at an offset; ends after some bytes or with the source.</summary>
    public SourceStream(ByteSource source, long offset, long count, CancellationToken cancellation)
    {
        _source = source;
        _position = offset;
        _end = offset + count;
        _cancellation = cancellation;
    }

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
        _cancellation.ThrowIfCancellationRequested();
        var read = _source.Read(_position, buffer, offset, (int)Math.Min(count, _end - _position));
        _position += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
