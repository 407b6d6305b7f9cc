using System.IO;

namespace ModelFit.Testing;

/// <summary>
/// The root of the repository that the tests run in, for data and documents that lie beside the sources.
/// </summary>
internal static class RepositoryFolder
{
    /// <summary>The full path of a file or folder under the root.</summary>
    public static string Path(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "ModelFit.sln")))
            folder = folder.Parent;
        var root = folder?.FullName ?? throw new InvalidOperationException("ModelFit.sln is in no parent folder.");
        return System.IO.Path.Combine(root, System.IO.Path.Combine(parts));
    }
}
