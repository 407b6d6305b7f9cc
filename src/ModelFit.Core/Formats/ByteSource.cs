using System;
using System.IO;

namespace ModelFit.Formats;

/// <summary>Bytes that can be read from any offset: a file, a remote file, memory. Not thread-safe.</summary>
internal abstract class ByteSource : IDisposable
{
    /// <summary>What errors call it: the path or URI.</summary>
    public abstract string Name { get; }

    /// <summary>Length in bytes, or null while a server has not told it.</summary>
    public abstract long? Length { get; }

    /// <summary>The last segment of the path or URI.</summary>
    public abstract string FileName { get; }

    /// <summary>Opens another file of the same folder; throws <see cref="ErrorIds.FileUnreadable"/>.</summary>
    public abstract ByteSource OpenSibling(string fileName);

    /// <summary>
    /// Reads up to <paramref name="count"/> bytes from <paramref name="position"/>; 0 only at the end. Throws
    /// <see cref="ModelFitException"/> and <see cref="OperationCanceledException"/> only.
    /// </summary>
    public abstract int Read(long position, byte[] buffer, int offset, int count);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what is open.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>A local file, opened so that its writer is not disturbed and read without a second buffer.</summary>
internal sealed class FileByteSource : ByteSource
{
    private readonly FileStream _stream;

    /// <summary>Opens a file; throws <see cref="ErrorIds.FileUnreadable"/>.</summary>
    public FileByteSource(string path)
    {
        Name = path;
        try
        {
            const FileShare share = FileShare.ReadWrite | FileShare.Delete;
            _stream = new FileStream(path, FileMode.Open, FileAccess.Read, share, bufferSize: 1);
            Length = _stream.Length;
        }
        catch (Exception exception) when (InvalidFile.IsFileFailure(exception))
        {
            throw InvalidFile.Unreadable(path, exception);
        }
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override long? Length { get; }

    /// <inheritdoc/>
    public override string FileName => Path.GetFileName(Name);

    /// <inheritdoc/>
    public override ByteSource OpenSibling(string fileName) =>
        new FileByteSource(Path.Combine(Path.GetDirectoryName(Name) ?? string.Empty, fileName));

    /// <inheritdoc/>
    public override int Read(long position, byte[] buffer, int offset, int count)
    {
        try
        {
            if (_stream.Position != position) _stream.Position = position;
            return _stream.Read(buffer, offset, count);
        }
        catch (Exception exception) when (InvalidFile.IsFileFailure(exception))
        {
            throw InvalidFile.Unreadable(Name, exception);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _stream.Dispose();
    }
}
