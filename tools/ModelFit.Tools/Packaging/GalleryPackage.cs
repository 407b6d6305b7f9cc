using System.IO;
using ModelFit.Testing;
using NuGet.Common;
using NuGet.Packaging;
using NuGet.Versioning;

namespace ModelFit.Tools.Packaging;

/// <summary>
/// The package that Install-PSResource takes: the module's folder as the build lays it out, at the root of a NuGet
/// package, with the tags by which the PowerShell Gallery finds modules and cmdlets.
/// </summary>
internal static class GalleryPackage
{
    /// <summary>Writes <c>ModelFit.VERSION.nupkg</c>; the same sources give the same bytes. Gives its path.</summary>
    /// <param name="manifest">The manifest of the module.</param>
    /// <param name="folder">Where to, a folder that exists.</param>
    public static string Write(ModuleManifest manifest, string folder)
    {
        var module = RepositoryFolder.Path("out", "ModelFit", manifest.Version);
        var builder = new PackageBuilder(deterministic: true, NullLogger.Instance)
        {
            Id = "ModelFit",
            Version = NuGetVersion.Parse(manifest.Version),
            Description = manifest.Description,
            Copyright = manifest.Copyright,
            ProjectUrl = manifest.ProjectUri,
            LicenseUrl = manifest.LicenseUri,
            DeterministicTimestamp = "2000-01-01T00:00:00Z",
        };
        builder.Authors.Add(manifest.Author);
        builder.Tags.AddRange(GalleryTags(manifest));
        foreach (var path in Directory.GetFiles(module, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            builder.Files.Add(new PhysicalPackageFile
            {
                SourcePath = path,
                TargetPath = Path.GetRelativePath(module, path).Replace(Path.DirectorySeparatorChar, '/'),
            });
        }

        var target = Path.Combine(folder, $"ModelFit.{manifest.Version}.nupkg");
        using var stream = File.Create(target);
        builder.Save(stream);
        return target;
    }

    /// <summary>As Publish-PSResource writes them.</summary>
    private static IEnumerable<string> GalleryTags(ModuleManifest manifest) =>
    [
        .. manifest.Tags, "PSModule", "PSIncludes_Cmdlet",
        .. manifest.Cmdlets.SelectMany(name => new[] { "PSCmdlet_" + name, "PSCommand_" + name }),
    ];
}
