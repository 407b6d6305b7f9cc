using System;
using System.Collections.Generic;
using System.IO;
using ModelFit.Testing;

namespace ModelFit.Tools.Packaging;

/// <summary>Writes the packages of the built module into <c>out/packages</c>.</summary>
internal static class PackageTool
{
    /// <summary>Takes the folder to write to, or none.</summary>
    public static Tool Tool { get; } = new("package", "Writes the packages of the built module.", Run);

    private static int Run(IReadOnlyList<string> arguments)
    {
        var folder = arguments.Count > 0 ? arguments[0] : RepositoryFolder.Path("out", "packages");
        Directory.CreateDirectory(folder);
        Console.WriteLine(GalleryPackage.Write(ModuleManifest.Read(), folder));
        return 0;
    }
}
