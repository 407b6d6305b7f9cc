using System.IO;
using System.Text;

namespace ModelFit.Common;

/// <summary>
/// A file that is written whole or not at all: text goes to a file beside it, which takes its place at
/// <see cref="Commit"/>; without that it is deleted.
/// </summary>
internal sealed class WholeFile : IDisposable
{
    private readonly string _path;
    private readonly string _beside;

    /// <summary>Opens the file beside; UTF-8 without a mark, lines end as on Unix.</summary>
    public WholeFile(string path)
    {
        _path = path;
        _beside = $"{path}.{Guid.NewGuid():N}.tmp";
        Writer = Guarded(() => new StreamWriter(
            new FileStream(_beside, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 16),
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" });
    }

    /// <summary>Where the text goes.</summary>
    public TextWriter Writer { get; }

    /// <summary>Writes a whole text.</summary>
    public static void Write(string path, string text)
    {
        using var file = new WholeFile(path);
        file.Guarded(() =>
        {
            file.Writer.Write(text);
            return true;
        });
        file.Commit();
    }

    /// <summary>Puts what was written in the place of the file.</summary>
    public void Commit() => Guarded(() =>
    {
        Writer.Dispose();
        if (File.Exists(_path)) File.Replace(_beside, _path, null);
        else File.Move(_beside, _path);
        return true;
    });

    /// <summary>Deletes the file beside, if it has not taken its place.</summary>
    public void Dispose()
    {
        try
        {
            Writer.Dispose();
        }
        catch (IOException)
        {
            // The disk is full: what could not be written is deleted all the same.
        }

        if (File.Exists(_beside)) File.Delete(_beside);
    }

    // The system names the file beside it, which nobody asked for.
    private string Problem(Exception error) =>
        error is DirectoryNotFoundException ? $"The folder '{Path.GetDirectoryName(_path)}' does not exist."
        : Directory.Exists(_path) ? "It is a folder."
        : error.Message;

    private T Guarded<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFitException(
                ErrorIds.FileUnwritable, $"{_path} is not written: {Problem(error)}", _path, error);
        }
    }
}
