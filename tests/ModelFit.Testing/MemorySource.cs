using ModelFit.Formats;

namespace ModelFit.Testing;

/// <summary>
/// A file in memory, with others beside it; it may claim a length beyond its bytes, as a file does whose data nobody
/// needs, and counts what is read.
/// </summary>
internal sealed class MemorySource(string name, byte[] bytes, long? length = null) : ByteSource
{
    public Dictionary<string, MemorySource> Siblings { get; } = [];

    public long BytesRead { get; private set; }

    public override string Name => name;

    public override string FileName => name;

    public override long? Length => length ?? bytes.Length;

    public override ByteSource OpenSibling(string fileName) =>
        Siblings.TryGetValue(fileName, out var sibling)
            ? sibling
            : throw InvalidFile.Unreadable(fileName, new System.IO.FileNotFoundException("no such file"));

    public override int Read(long position, byte[] buffer, int offset, int count)
    {
        var read = (int)Math.Clamp(bytes.Length - position, 0, count);
        Array.Copy(bytes, Math.Min(position, bytes.Length), buffer, offset, read);
        BytesRead += read;
        return read;
    }
}
