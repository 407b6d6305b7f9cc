using System.IO;
using System.Threading;
using ModelFit.Common;

namespace ModelFit.Formats.Stores;

/// <summary>
/// Walks folders one after another, in the order of their names. A folder that cannot be read is one broken entry;
/// links to folders are not followed, so that no walk is endless.
/// </summary>
internal static class FolderWalk
{
    private const int MaxDepth = 32;

    /// <summary>A folder with its files, or one that cannot be read.</summary>
    internal sealed record Folder(string Path, IReadOnlyList<string> Files, ModelFitException? Failure);

    /// <summary>A folder and those within it.</summary>
    public static IEnumerable<Folder> Folders(string root, CancellationToken cancellation)
    {
        var open = new Stack<(string Path, int Depth)>();
        open.Push((root, 0));
        while (open.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var (path, depth) = open.Pop();
            var folder = Read(path, out var inner);
            yield return folder;
            if (depth == MaxDepth) continue;
            foreach (var name in inner.Reverse()) open.Push((name, depth + 1));
        }
    }

    /// <summary>
    /// The files in a folder and those within it, as entries yet to be read, and the folders that fail.
    /// </summary>
    public static IEnumerable<StoredModel> Files(string root, CancellationToken cancellation)
    {
        foreach (var folder in Folders(root, cancellation))
        {
            if (folder.Failure is { } failure) yield return StoredModel.Broken(folder.Path, failure);
            foreach (var file in folder.Files) yield return StoredModel.Unread(file);
        }
    }

    /// <summary>The folders in a folder, none if it cannot be read.</summary>
    public static IReadOnlyList<string> Inner(string path)
    {
        Read(path, out var inner);
        return inner;
    }

    private static Folder Read(string path, out string[] inner)
    {
        inner = Array.Empty<string>();
        try
        {
            var files = Sorted(Directory.GetFiles(path));
            inner = Sorted(Directory.GetDirectories(path)).Where(folder => !IsLink(folder)).ToArray();
            return new Folder(path, files, null);
        }
        catch (Exception exception) when (FileOpener.IsFailure(exception))
        {
            return new Folder(path, Array.Empty<string>(), InvalidFile.Unreadable(path, exception));
        }
    }

    private static bool IsLink(string folder) => (File.GetAttributes(folder) & FileAttributes.ReparsePoint) != 0;

    private static string[] Sorted(string[] paths)
    {
        Array.Sort(paths, StringComparer.Ordinal);
        return paths;
    }
}
