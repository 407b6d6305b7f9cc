using System.IO;
using System.Text;
using System.Threading;

namespace ModelFit.Common;

/// <summary>
/// The one place where files are opened to be read. Only files with bytes in them are: a pipe, a socket or a device
/// says that it has none, and may never end.
/// </summary>
internal static class FileOpener
{
    /// <summary>What is said of a file that is not opened.</summary>
    public const string NoBytes = "an empty file, a pipe, a socket or a device";

    /// <summary>More than any text has that programs write and that is read at once.</summary>
    public const long TextBytes = 64L << 20;

    /// <summary>More than people write: a policy, a catalog, calibrations; a quarter of a second to read.</summary>
    public const long WrittenBytes = 8L << 20;

    private const FileShare Shared = FileShare.ReadWrite | FileShare.Delete;
    private const int Block = 1 << 20;

    /// <summary><c>File.ResolveLinkTarget</c>, which every .NET on systems with such links has.</summary>
    private static readonly Func<string, bool, FileSystemInfo?>? LinkTarget =
        (Func<string, bool, FileSystemInfo?>?)typeof(File)
            .GetMethod("ResolveLinkTarget", new[] { typeof(string), typeof(bool) })
            ?.CreateDelegate(typeof(Func<string, bool, FileSystemInfo?>));

    /// <summary>Whether the file, or the one that a link ends at, has bytes; throws if there is none.</summary>
    public static bool HasBytes(string path)
    {
        var file = new FileInfo(path);
        if ((file.Attributes & FileAttributes.ReparsePoint) == 0) return file.Length > 0;
        return LinkTarget?.Invoke(path, true) is not FileInfo { Length: 0 };
    }

    /// <summary>
    /// Opens a file so that its writer is not disturbed. Throws what the system throws, and
    /// <see cref="IOException"/> for a file without bytes.
    /// </summary>
    public static FileStream Open(string path, int buffer = 1 << 16) => HasBytes(path)
        ? new FileStream(path, FileMode.Open, FileAccess.Read, Shared, buffer)
        : throw new IOException("It is " + NoBytes + ".");

    /// <summary>The text of a file of at most so many bytes, UTF-8 unless its mark says another encoding.</summary>
    /// <exception cref="ModelFitException"><see cref="ErrorIds.FileUnreadable"/>.</exception>
    public static string Text(string path, long most, CancellationToken stop = default)
    {
        using var reader = new StreamReader(new MemoryStream(Bytes(path, most, stop)), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The lines of a file, one after another, each of at most so many characters.</summary>
    /// <exception cref="ModelFitException"><see cref="ErrorIds.FileUnreadable"/>.</exception>
    public static IEnumerable<string> Lines(string path, int most, CancellationToken stop = default)
    {
        using var reader = Attempt(path, () => new StreamReader(Open(path), Encoding.UTF8));
        var (line, block) = (new StringBuilder(), new char[4096]);
        while (Attempt(path, () => reader.Read(block, 0, block.Length)) is var count and > 0)
        {
            stop.ThrowIfCancellationRequested();
            for (var at = 0; at < count; at++)
            {
                if (block[at] != '\n')
                {
                    line.Append(block[at]);
                    continue;
                }

                yield return line.ToString().TrimEnd('\r');
                line.Clear();
            }

            if (line.Length > most) throw Unreadable(path, new IOException($"A line has more than {most} characters."));
        }

        if (line.Length > 0) yield return line.ToString();
    }

    /// <summary>The bytes of a file of at most so many; its end is where it ends, not where it once ended.</summary>
    /// <exception cref="ModelFitException"><see cref="ErrorIds.FileUnreadable"/>.</exception>
    public static byte[] Bytes(string path, long most, CancellationToken stop = default)
    {
        return Attempt(path, () =>
        {
            using var file = Open(path, 1);
            using var bytes = new MemoryStream((int)Math.Min(file.Length, most));
            var block = new byte[Math.Min(Block, most + 1)];
            while (file.Read(block, 0, block.Length) is var count and > 0)
            {
                stop.ThrowIfCancellationRequested();
                if (bytes.Length + count > most) throw new IOException($"It has more than {most >> 20} MiB.");
                bytes.Write(block, 0, count);
            }

            return bytes.ToArray();
        });
    }

    private static T Attempt<T>(string path, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception error) when (IsFailure(error))
        {
            throw Unreadable(path, error);
        }
    }

    /// <summary>That a file cannot be read, and why.</summary>
    public static ModelFitException Unreadable(string path, Exception error) => new(
        ErrorIds.FileUnreadable, $"'{path}' cannot be read: {error.Message}", path, error);

    /// <summary>
    /// What the system says in a file of <c>/proc</c> or <c>/sys</c>, which tells no length, up to so many bytes; null
    /// if it is absent or may not be read.
    /// </summary>
    public static byte[]? OfSystem(string path, int most)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
            var block = new byte[4096];
            using var bytes = new MemoryStream();
            while (bytes.Length < most && file.Read(block, 0, block.Length) is var count and > 0)
                bytes.Write(block, 0, count);
            return bytes.ToArray();
        }
        catch (Exception error) when (IsFailure(error))
        {
            return null;
        }
    }

    /// <summary>Whether an exception is one that files throw when they cannot be opened or read.</summary>
    public static bool IsFailure(Exception error) => error is IOException or UnauthorizedAccessException
        or NotSupportedException or ArgumentException or System.Security.SecurityException;
}
