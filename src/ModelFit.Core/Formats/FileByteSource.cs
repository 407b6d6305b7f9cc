using System.IO;
using ModelFit.Common;

namespace ModelFit.Formats;

/// <summary>A local file, opened so that its writer is not disturbed and read without a second buffer.</summary>
internal sealed class FileByteSource : ByteSource
{
    private readonly FileStream _stream;

    /// <summary>
    /// Opens a file; throws <see cref="ErrorIds.FileUnreadable"/>, or <see cref="ErrorIds.InvalidModelFile"/> for one
    /// without bytes, which is not opened: it may be a pipe that nobody writes to.
    /// </summary>
    public FileByteSource(string path)
    {
        Name = path;
        try
        {
            if (!FileOpener.HasBytes(path))
                throw InvalidFile.At(path, 0, "a file with bytes in it", FileOpener.NoBytes);
            _stream = FileOpener.Open(path, buffer: 1);
            Length = _stream.Length;
        }
        catch (Exception exception) when (FileOpener.IsFailure(exception))
        {
            throw InvalidFile.Unreadable(path, exception);
        }
    }

    public override string Name { get; }

    public override long? Length { get; }

    public override string FileName => Path.GetFileName(Name);

    public override ByteSource OpenSibling(string fileName) =>
        new FileByteSource(Path.Combine(Path.GetDirectoryName(Name) ?? string.Empty, fileName));

    public override int Read(long position, byte[] buffer, int offset, int count)
    {
        try
        {
            if (_stream.Position != position) _stream.Position = position;
            return _stream.Read(buffer, offset, count);
        }
        catch (Exception exception) when (FileOpener.IsFailure(exception))
        {
            throw InvalidFile.Unreadable(Name, exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _stream.Dispose();
        base.Dispose(disposing);
    }
}
