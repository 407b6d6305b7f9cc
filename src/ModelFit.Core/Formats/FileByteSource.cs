using System;
using System.IO;

namespace ModelFit.Formats;

/// <summary>A local file, opened so that its writer is not disturbed and read without a second buffer.</summary>
internal sealed class FileByteSource : ByteSource
{
    /// <summary><c>File.ResolveLinkTarget</c>, which every .NET on systems with such links has.</summary>
    private static readonly Func<string, bool, FileSystemInfo?>? LinkTarget =
        (Func<string, bool, FileSystemInfo?>?)typeof(File)
            .GetMethod("ResolveLinkTarget", new[] { typeof(string), typeof(bool) })
            ?.CreateDelegate(typeof(Func<string, bool, FileSystemInfo?>));

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
            if (HasNoBytes(path))
                throw InvalidFile.At(path, 0, "a file with bytes in it", "an empty file, a pipe or a device");
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

    private static bool HasNoBytes(string path)
    {
        var file = new FileInfo(path);
        if ((file.Attributes & FileAttributes.ReparsePoint) == 0) return file.Length == 0;
        return LinkTarget?.Invoke(path, true) is FileInfo { Length: 0 };
    }
}
