using System;
using System.IO;

namespace ModelFit.Module.Tests.Help;

/// <summary>Paths of the repository that the tests run from.</summary>
internal static class RepositoryFolder
{
    /// <summary>The folder of ModelFit.psd1.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file or folder in it.</summary>
    public static string Of(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ModelFit.psd1")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("No ModelFit.psd1 above the tests.");
    }
}
