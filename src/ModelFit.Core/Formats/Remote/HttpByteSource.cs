using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using ModelFit.Common.Remote;

namespace ModelFit.Formats.Remote;

/// <summary>
/// A remote file, read by range requests whose windows grow while the reading goes on; gaps that are small are read
/// over. A server without ranges is read from the start and left as soon as enough is known. A connection that breaks
/// is taken up where it broke.
/// </summary>
internal sealed class HttpByteSource : ByteSource
{
    private const int HeadBytes = 4096;
    private const long FirstWindow = 1 << 20;
    private const long LargestWindow = 16 << 20;
    private const long SmallGap = 1 << 20;
    private const long MostWithoutRanges = 256 << 20;
    private const long ProgressStep = 128 << 10;

    private readonly HttpSession _session;
    private readonly Uri _address;
    private readonly Action<RemoteProgress>? _progress;
    private readonly string? _accept;
    private readonly byte[] _head = new byte[HeadBytes];
    private int _headLength;
    private HttpResponseMessage? _response;
    private Stream? _stream;
    private long _position;
    private long _windowEnd;
    private long _window = FirstWindow;
    private bool _hasRanges = true;
    private long? _length;
    private EntityTagHeaderValue? _version;
    private long _received;
    private long _reported;
    private int _failures;

    /// <summary>Opens a remote file; throws <see cref="ErrorIds.RemoteFailed"/>.</summary>
    /// <param name="session">The session with the host.</param>
    /// <param name="address">The address that is asked.</param>
    /// <param name="name">The address that is shown.</param>
    /// <param name="progress">Told how far the file has been read.</param>
    /// <param name="accept">The media type that is asked for, or null for any.</param>
    public HttpByteSource(
        HttpSession session, Uri address, string name, Action<RemoteProgress>? progress, string? accept = null)
    {
        _accept = accept;
        _session = session;
        _address = address;
        _progress = progress;
        Name = name;
        try
        {
            ReadHead();
        }
        catch
        {
            Close();
            throw;
        }
    }

    public override string Name { get; }

    public override long? Length => _length;

    public override string FileName
    {
        get
        {
            var path = _address.AbsolutePath;
            return Uri.UnescapeDataString(path.Substring(path.LastIndexOf('/') + 1));
        }
    }

    public override ByteSource OpenSibling(string fileName) => new HttpByteSource(
        _session, Sibling(_address, fileName), Name.Substring(0, Name.LastIndexOf('/') + 1) + fileName, _progress);

    /// <summary>Another file of the same folder, or null if the server has none of that name.</summary>
    public ByteSource? TryOpenSibling(string fileName)
    {
        try
        {
            return OpenSibling(fileName);
        }
        catch (ModelFitException failure) when (failure.Kind == FailureKind.NotFound)
        {
            return null;
        }
    }

    public override int Read(long position, byte[] buffer, int offset, int count)
    {
        if (position >= _headLength) return ReadOn(position, buffer, offset, count);
        var read = (int)Math.Min(count, _headLength - position);
        Buffer.BlockCopy(_head, (int)position, buffer, offset, read);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Close();
        base.Dispose(disposing);
    }

    private static Uri Sibling(Uri address, string fileName) =>
        new UriBuilder(new Uri(address, Uri.EscapeDataString(fileName))) { Query = address.Query.TrimStart('?') }.Uri;

    private void ReadHead()
    {
        while (_headLength < HeadBytes)
        {
            var read = ReadOn(_headLength, _head, _headLength, HeadBytes - _headLength);
            if (read == 0) return;
            _headLength += read;
        }
    }

    private int ReadOn(long position, byte[] buffer, int offset, int count)
    {
        while (true)
        {
            if (count == 0 || position >= _length) return 0;
            try
            {
                if (!Reach(position)) return 0;
                var wanted = (int)Math.Min(count, _windowEnd - _position);
                var read = Receive(buffer, offset, wanted);
                if (read > 0) return read;
                if (_length is null && !_hasRanges) _length = _position;
                if (_length is null || _position < _length) throw new IOException("The answer ended early.");
            }
            catch (Exception exception) when (RemoteFailure.IsOfNetwork(exception))
            {
                Close();
                if (_failures++ >= _session.Retries || !RemoteFailure.IsPassing(exception))
                    throw HttpSession.Final(Name, exception);
                _session.Pause(_failures - 1);
            }
        }
    }

    /// <summary>Brings the open answer to a position, or asks anew; false at the end of the file.</summary>
    private bool Reach(long position)
    {
        var isOpen = _stream is not null && position >= _position && position < _windowEnd;
        var isNear = isOpen && (!_hasRanges || position - _position <= SmallGap);
        if (!isNear && !Open(position)) return false;
        var rest = new byte[Math.Min(32 * 1024, Math.Max(0, position - _position))];
        while (_position < position)
        {
            if (position > MostWithoutRanges && !_hasRanges)
                throw RemoteFailure.Of(Name, "the server cannot send parts, and the header is longer than 256 MiB");
            var read = Receive(rest, 0, (int)Math.Min(rest.Length, position - _position));
            if (read == 0) throw new IOException("The answer ended early.");
        }

        return true;
    }

    private int Receive(byte[] buffer, int offset, int count)
    {
        var read = Take(buffer, offset, count);
        _position += read;
        _received += read;
        if (_received - _reported < ProgressStep) return read;
        _reported = _received;
        _progress?.Invoke(new RemoteProgress(Name, _received));
        return read;
    }

    private int Take(byte[] buffer, int offset, int count)
    {
        try
        {
            return _session.Await(limit => _stream!.ReadAsync(buffer, offset, count, limit));
        }
        catch (InvalidDataException exception)
        {
            throw RemoteFailure.Of(Name, "the server sends it packed and damaged", FailureKind.ReadError, exception);
        }
    }

    private bool Open(long position)
    {
        Close();
        var last = position + _window - 1;
        _response = _session.Get(_address, Name, new RangeHeaderValue(position, last), _accept);
        _window = Math.Min(2 * _window, LargestWindow);
        switch (_response.StatusCode)
        {
            case HttpStatusCode.PartialContent:
                TakePart(position, last);
                break;
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                _length = _response.Content.Headers.ContentRange?.Length ?? position;
                return false;
            case HttpStatusCode.NotFound:
                throw RemoteFailure.Of(Name, _response);
            default:
                TakeWhole();
                break;
        }

        CheckVersion();
        _stream = Unpacked(_session.Await(_ => _response.Content.ReadAsStreamAsync()));
        return true;
    }

    /// <summary>What was asked for unpacked comes packed from some servers nevertheless.</summary>
    private Stream Unpacked(Stream stream)
    {
        if (Packing is not { } packing) return stream;
        if (packing == "gzip" && !_hasRanges) return new GZipStream(stream, CompressionMode.Decompress);
        throw RemoteFailure.Of(Name, "the server sends it packed (" + packing + "), though it was asked not to");
    }

    private string? Packing => _response!.Content.Headers.ContentEncoding
        .FirstOrDefault(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        ?.ToLowerInvariant();

    private void TakePart(long from, long to)
    {
        var content = _response!.Content.Headers.ContentRange;
        if (content?.From != from || content.To < from)
            throw RemoteFailure.Of(Name, string.Format(
                CultureInfo.InvariantCulture, "asked for bytes {0} to {1}, the server sent {2}", from, to, content));
        if (_length is { } known && content.Length is { } length && length != known)
            throw RemoteFailure.Of(Name, string.Format(
                CultureInfo.InvariantCulture, "the server said {0} bytes and now {1}", known, length));
        _length ??= content.Length;
        _position = from;
        _windowEnd = Math.Min(content.To ?? to, to) + 1;
    }

    private void TakeWhole()
    {
        _hasRanges = false;
        if (Packing is null) _length ??= _response!.Content.Headers.ContentLength;
        _position = 0;
        _windowEnd = _length ?? long.MaxValue;
    }

    private void CheckVersion()
    {
        var version = _response!.Headers.ETag;
        if (_version is not null && version is not null && !_version.Equals(version))
            throw RemoteFailure.Of(Name, "the file changed while it was read");
        _version ??= version;
    }

    private void Close()
    {
        _stream?.Dispose();
        _response?.Dispose();
        _stream = null;
        _response = null;
    }
}
