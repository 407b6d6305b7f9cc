using System.IO;
using System.Text;
using NuGet.Common;
using NuGet.Frameworks;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Versioning;

namespace ModelFit.Tools.Packaging;

/// <summary>
/// The packages that <c>dotnet tool install ModelFit.Tool</c> takes, laid out as <c>dotnet pack</c> does: the one with
/// that name only lists the others, one compiled ahead of time for each platform and one that is not for all the rest.
/// </summary>
internal static class DotnetToolPackage
{
    private const string Name = "ModelFit.Tool";
    /// <summary>The platform of the package that runs where .NET does.</summary>
    public const string AnyPlatform = "any";

    private static readonly string[] Starters = ["modelfit", "modelfit.exe", "ModelFit.Tool", "ModelFit.Tool.exe"];

    /// <summary>Packs the tool as it was published for each platform. Gives the paths.</summary>
    /// <param name="manifest">The manifest of the module.</param>
    /// <param name="published">The folder of each platform.</param>
    /// <param name="folder">Where to, a folder that exists.</param>
    public static IReadOnlyList<string> Write(
        ModuleManifest manifest, IReadOnlyDictionary<string, string> published, string folder) =>
    [
        WriteList(manifest, published.Keys, folder),
        .. published.Select(one => WriteTool(manifest, one.Key, one.Value, folder)),
    ];

    private static string WriteList(ModuleManifest manifest, IEnumerable<string> platforms, string folder)
    {
        var builder = Describe(manifest, Name, "DotnetTool");
        AddSettings(builder, "tools/any/any/", "2", $"""
              <Commands>
                <Command Name="modelfit" />
              </Commands>
              <RuntimeIdentifierPackages>
            {string.Join("\n", platforms.Select(platform =>
                $"""    <RuntimeIdentifierPackage RuntimeIdentifier="{platform}" Id="{Name}.{platform}" />"""))}
              </RuntimeIdentifierPackages>
            """);
        return Save(builder, folder);
    }

    private static string WriteTool(ModuleManifest manifest, string platform, string published, string folder)
    {
        var builder = Describe(manifest, $"{Name}.{platform}", "DotnetToolRidPackage");
        builder.TargetFrameworks.Add(NuGetFramework.Parse("net10.0"));
        var place = $"tools/net10.0/{platform}/";
        // The SDK writes a starter on the machine that installs.
        var files = Directory.GetFiles(published, "*", SearchOption.AllDirectories)
            .Where(path => !Starters.Contains(Path.GetFileName(path)))
            .Order(StringComparer.Ordinal);
        foreach (var path in files)
        {
            builder.Files.Add(new PhysicalPackageFile
            {
                SourcePath = path,
                TargetPath = place + Path.GetRelativePath(published, path).Replace(Path.DirectorySeparatorChar, '/'),
            });
        }

        AddSettings(builder, place, "1", """
              <Commands>
                <Command Name="modelfit" EntryPoint="ModelFit.Tool.dll" Runner="dotnet" />
              </Commands>
            """);
        return Save(builder, folder);
    }

    private static PackageBuilder Describe(ModuleManifest manifest, string id, string kind)
    {
        var builder = new PackageBuilder(deterministic: true, NullLogger.Instance)
        {
            Id = id,
            Version = NuGetVersion.Parse(manifest.Version),
            Description = manifest.Description,
            Copyright = manifest.Copyright,
            ProjectUrl = manifest.ProjectUri,
            LicenseMetadata = new(LicenseType.Expression, "MIT", null, null, LicenseMetadata.EmptyVersion),
            DeterministicTimestamp = "2000-01-01T00:00:00Z",
        };
        builder.Authors.Add(manifest.Author);
        builder.PackageTypes.Add(new PackageType(kind, PackageType.EmptyVersion));
        return builder;
    }

    private static void AddSettings(PackageBuilder builder, string place, string version, string content)
    {
        var text = $"""
            <?xml version="1.0" encoding="utf-8"?>
            <DotNetCliTool Version="{version}">
            {content}
            </DotNetCliTool>

            """;
        var stream = new MemoryStream(Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal)));
        builder.Files.Add(new PhysicalPackageFile(stream) { TargetPath = place + "DotnetToolSettings.xml" });
    }

    private static string Save(PackageBuilder builder, string folder)
    {
        var target = Path.Combine(folder, $"{builder.Id}.{builder.Version}.nupkg");
        using var stream = File.Create(target);
        builder.Save(stream);
        return target;
    }
}
