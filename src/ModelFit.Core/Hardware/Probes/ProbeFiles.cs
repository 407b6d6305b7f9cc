using System.IO;
using System.Text;
using ModelFit.Common;

namespace ModelFit.Hardware.Probes;

/// <summary>The files that a Unix machine tells of itself by: read here, or as another machine sent them.</summary>
internal interface IProbeFiles
{
    /// <summary>The text of a file; null if it is absent or may not be read.</summary>
    string? Text(string path);

    /// <summary>The names in a folder, sorted; none if it is absent.</summary>
    IEnumerable<string> Names(string folder);
}

/// <summary>Files below a root: <c>/</c>, or a recorded tree.</summary>
internal sealed class DiskFiles(string root) : IProbeFiles
{
    private const int MaxBytes = 4 << 20;

    public string? Text(string path) =>
        FileOpener.OfSystem(Full(path), MaxBytes) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    public IEnumerable<string> Names(string folder)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Full(folder)).Select(entry => Path.GetFileName(entry))
                .OrderBy(name => name, NaturalOrder.Instance).ToArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Array.Empty<string>();
        }
    }

    private string Full(string path) => Path.Combine(root, path.TrimStart('/'));
}

/// <summary>Orders <c>card2</c> before <c>card10</c>.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Instance { get; } = new();

    public int Compare(string? x, string? y) => string.CompareOrdinal(Key(x), Key(y));

    private static string Key(string? name)
    {
        var text = name ?? string.Empty;
        var digits = text.Reverse().TakeWhile(char.IsDigit).Count();
        return text.Substring(0, text.Length - digits) + text.Substring(text.Length - digits).PadLeft(10, '0');
    }
}
