using System.IO;
using System.Text;
using NuGet.Common;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Versioning;

namespace ModelFit.Tools.Packaging;

/// <summary>The package that <c>dotnet tool install ModelFit.Tool</c> takes.</summary>
internal static class DotnetToolPackage
{
    private const string Settings = """
        <?xml version="1.0" encoding="utf-8"?>
        <DotNetCliTool Version="1">
          <Commands>
            <Command Name="modelfit" EntryPoint="ModelFit.Tool.dll" Runner="dotnet" />
          </Commands>
        </DotNetCliTool>

        """;

    /// <summary>Writes <c>ModelFit.Tool.VERSION.nupkg</c> of a published folder. Gives its path.</summary>
    public static string Write(ModuleManifest manifest, string published, string folder)
    {
        var builder = new PackageBuilder(deterministic: true, NullLogger.Instance)
        {
            Id = "ModelFit.Tool",
            Version = NuGetVersion.Parse(manifest.Version),
            Description = manifest.Description,
            Copyright = manifest.Copyright,
            ProjectUrl = manifest.ProjectUri,
            LicenseMetadata = new(LicenseType.Expression, "MIT", null, null, LicenseMetadata.EmptyVersion),
            DeterministicTimestamp = "2000-01-01T00:00:00Z",
        };
        builder.Authors.Add(manifest.Author);
        builder.PackageTypes.Add(new PackageType("DotnetTool", PackageType.EmptyVersion));
        builder.TargetFrameworks.Add(NuGet.Frameworks.NuGetFramework.Parse("net10.0"));
        // The starter of the machine that builds is no use to others: the SDK writes one for the machine that installs.
        var files = Directory.GetFiles(published, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) is not ("ModelFit.Tool" or "ModelFit.Tool.exe"))
            .Order(StringComparer.Ordinal);
        foreach (var path in files)
        {
            builder.Files.Add(new PhysicalPackageFile
            {
                SourcePath = path,
                TargetPath = "tools/net10.0/any/"
                    + Path.GetRelativePath(published, path).Replace(Path.DirectorySeparatorChar, '/'),
            });
        }

        using var settings = new MemoryStream(Encoding.UTF8.GetBytes(Settings.Replace("\r\n", "\n")));
        builder.Files.Add(
            new PhysicalPackageFile(settings) { TargetPath = "tools/net10.0/any/DotnetToolSettings.xml" });
        var target = Path.Combine(folder, $"ModelFit.Tool.{manifest.Version}.nupkg");
        using var stream = File.Create(target);
        builder.Save(stream);
        return target;
    }
}
