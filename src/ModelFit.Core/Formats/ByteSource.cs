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
