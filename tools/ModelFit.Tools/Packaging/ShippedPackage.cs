using System.IO;
using ModelFit.Testing;
using Newtonsoft.Json.Linq;
using NuGet.Configuration;
using NuGet.Packaging;

namespace ModelFit.Tools.Packaging;

/// <summary>
/// A package of others that a package of ours contains, as its lock file and its own manifest name it.
/// </summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Hash">SHA-512 of the package, base64, as the lock file has it.</param>
/// <param name="Authors">Who made it.</param>
/// <param name="Copyright">Its line about rights.</param>
/// <param name="License">
/// An SPDX expression; where it has a license of its own, <c>LicenseRef-</c> and its name.
/// </param>
/// <param name="ProjectUri">Address of the project.</param>
internal sealed record ShippedPackage(
    string Id, string Version, string Hash, string Authors, string Copyright, string License, string ProjectUri)
{
    /// <summary>Its page in the registry.</summary>
    public string Page => $"https://www.nuget.org/packages/{Id}/{Version}";

    /// <summary>The packages of a project that the restore has locked, by name; projects are left out.</summary>
    /// <param name="project">The folder of the project, below the root.</param>
    public static IReadOnlyList<ShippedPackage> Of(params string[] project)
    {
        var path = RepositoryFolder.Path([.. project, "packages.lock.json"]);
        var frameworks = (JObject)JObject.Parse(File.ReadAllText(path))["dependencies"]!;
        return frameworks.Properties().Single().Value.Children<JProperty>()
            .Where(package => (string?)package.Value["type"] != "Project")
            .Select(package => Read(
                package.Name, (string)package.Value["resolved"]!, (string)package.Value["contentHash"]!))
            .OrderBy(package => package.Id, StringComparer.Ordinal)
            .ToList();
    }

    /// <summary>The .NET that a published folder brings with it for a platform.</summary>
    public static ShippedPackage Runtime(string published, string platform)
    {
        var settings = JObject.Parse(File.ReadAllText(Path.Combine(published, "ModelFit.Tool.runtimeconfig.json")));
        var framework = settings["runtimeOptions"]!["includedFrameworks"]!.Single();
        var (id, version) = ($"{framework["name"]}.Runtime.{platform}", (string)framework["version"]!);
        var restored = JObject.Parse(File.ReadAllText(Path.Combine(FolderOf(id, version), ".nupkg.metadata")));
        return Read(id, version, (string)restored["contentHash"]!);
    }

    private static string FolderOf(string id, string version) => Path.Combine(
        SettingsUtility.GetGlobalPackagesFolder(Settings.LoadDefaultSettings(RepositoryFolder.Path())),
        id.ToLowerInvariant(),
        version.ToLowerInvariant());

    private static ShippedPackage Read(string id, string version, string hash)
    {
        var nuspec = new NuspecReader(Path.Combine(FolderOf(id, version), id.ToLowerInvariant() + ".nuspec"));
        var license = nuspec.GetLicenseMetadata();
        return new ShippedPackage(
            id, version, hash, nuspec.GetAuthors(), nuspec.GetCopyright(),
            license?.Type == LicenseType.Expression ? license.License : "LicenseRef-" + id,
            nuspec.GetProjectUrl());
    }
}
