using System;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Threading.Tasks;
using ModelFit.Module.Tests.Engine;
using ModelFit.Testing;
using ModelFit.Tools.Packaging;
using ModelFit.Tools.Packaging.Manifests;
using Newtonsoft.Json.Linq;
using Xunit;

namespace ModelFit.Module.Tests.Packages;

/// <summary>The packages as they are written.</summary>
public sealed class PackageTests
{
    private static readonly string[] OfTheFormat = [".nuspec", "_rels/", "package/", "[Content_Types].xml"];
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    [Fact]
    public void The_gallery_package_has_the_files_of_the_module_and_is_the_same_each_time()
    {
        using var folder = new TemporaryFolder();
        var manifest = ModuleManifest.Read();
        var first = File.ReadAllBytes(GalleryPackage.Write(manifest, folder.Path));
        Assert.Equal(first, File.ReadAllBytes(GalleryPackage.Write(manifest, folder.Path)));
        using var package = new ZipArchive(new MemoryStream(first));
        var inside = package.Entries.Select(entry => entry.FullName)
            .Where(name => !OfTheFormat.Any(part => name.Contains(part, StringComparison.Ordinal)));
        var module = Directory.GetFiles(ModuleSession.Folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(ModuleSession.Folder, path).Replace('\\', '/'));
        Assert.Equal(module.Order(StringComparer.Ordinal), inside.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ModelFit.dll")]
    [InlineData("ModelFit.Core.dll")]
    public void A_shipped_assembly_names_no_folder_of_the_builder_and_links_to_its_sources(string name)
    {
        using var image = new PEReader(File.OpenRead(Path.Combine(ModuleSession.Folder, "bin", name)));
        var embedded = image.ReadDebugDirectory()
            .Single(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var symbols = image.ReadEmbeddedPortablePdbDebugDirectoryData(embedded);
        var reader = symbols.GetMetadataReader();
        Assert.All(
            reader.Documents.Select(handle => reader.GetString(reader.GetDocument(handle).Name)),
            path => Assert.StartsWith("/_", path, StringComparison.Ordinal));
        var link = reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
            .Where(information => reader.GetGuid(information.Kind) == SourceLink)
            .Select(information => Encoding.UTF8.GetString(reader.GetBlobBytes(information.Value)));
        Assert.SkipUnless(Path.Exists(RepositoryFolder.Path(".git")), "The sources lie here without git.");
        Assert.Contains("raw.githubusercontent.com", Assert.Single(link), StringComparison.Ordinal);
    }

    [Fact]
    public void The_bill_of_materials_names_each_package_with_its_hash_and_license()
    {
        using var folder = new TemporaryFolder();
        var packages = NoticesFile.OfModule.Concat(NoticesFile.OfTool).ToArray();
        var path = BillOfMaterials.Write(ModuleManifest.Read(), "ModelFit.Tool", packages, folder.Path);
        var bill = JObject.Parse(File.ReadAllText(path));
        Assert.Equal(("CycloneDX", "1.6"), ((string?)bill["bomFormat"], (string?)bill["specVersion"]));
        var components = bill["components"]!.ToArray();
        Assert.Equal(packages.Length, components.Length);
        Assert.All(components, component =>
        {
            Assert.Equal(128, ((string)component["hashes"]![0]!["content"]!).Length);
            Assert.NotNull(component["licenses"]![0]!["license"]);
        });
        Assert.DoesNotContain("CodeAnalysis", bill.ToString(), StringComparison.Ordinal);
    }

    /// <summary>
    /// Patterns and required members as read in winget's schemas 1.9.0, Scoop's schema.json and Homebrew's formula
    /// cookbook; the files were not run through the schemas themselves.
    /// </summary>
    [Fact]
    public void The_manifests_name_the_archives_with_their_hashes()
    {
        using var folder = new TemporaryFolder();
        var manifest = ModuleManifest.Read();
        foreach (var platform in Release.Platforms)
            folder.Write(Encoding.ASCII.GetBytes(platform), ToolArchive.NameOf(manifest.Version, platform));
        var release = Release.Of(manifest, folder.Path);
        var files = ReleaseManifests.Write(release, folder.Path)
            .ToDictionary(path => Path.GetFileName(path), File.ReadAllText);
        var scoop = JObject.Parse(files["modelfit.json"]);
        Assert.Matches("^[a-f0-9]{64}$", (string)scoop["architecture"]!["64bit"]!["hash"]!);
        Assert.All(new[] { "version", "homepage", "license", "description" }, name => Assert.NotNull(scoop[name]));
        Assert.All(files.Where(file => file.Key.EndsWith(".yaml", StringComparison.Ordinal)), file =>
        {
            Assert.Matches(@"(?m)^PackageIdentifier: [^.\s]{1,32}\.[^.\s]{1,32}$", file.Value);
            Assert.Matches(@"(?m)^ManifestType: (version|installer|defaultLocale)$", file.Value);
            Assert.Matches(@"(?m)^ManifestVersion: 1\.9\.0$", file.Value);
        });
        Assert.Matches("(?m)InstallerSha256: [A-F0-9]{64}$", files["ModelFit.ModelFit.installer.yaml"]);
        Assert.Matches("(?m)^ShortDescription: .{3,256}$", files["ModelFit.ModelFit.locale.en-US.yaml"]);
        Assert.Contains(release.For("osx-arm64")!.Sha256, files["modelfit.rb"], StringComparison.Ordinal);
        Assert.Contains(release.For("linux-x64")!.Sha256, files["Containerfile"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_manifest_of_the_resource_has_the_version_of_the_module() => Assert.Equal(
        ModuleManifest.Read().Version,
        (string?)JObject.Parse(File.ReadAllText(
            RepositoryFolder.Path("src", "ModelFit.Tool", "modelfit.dsc.resource.json")))["version"]);

    [Fact]
    public async Task Installed_from_the_packages_alone_it_answers()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is for a POSIX shell.");
        using var folder = new TemporaryFolder();
        var manifest = ModuleManifest.Read();
        GalleryPackage.Write(manifest, folder.Path);
        var tool = DotnetToolPackage.Write(manifest, ToolBuild.Publish(platform: null), folder.Path);
        using (var package = ZipFile.OpenRead(tool))
            Assert.DoesNotContain(package.Entries, entry => entry.FullName.Contains("CodeAnalysis"));
        var pester = Path.Combine(PackagesFolder(), "pester", "6.2.0", "tools");
        var script = RepositoryFolder.Path("tests", "EndToEnd", "install.sh");
        var start = new ProcessStartInfo("bash", [script, folder.Path, pester])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output + await errors);
    }

    private static string PackagesFolder() =>
        NuGet.Configuration.SettingsUtility.GetGlobalPackagesFolder(
            NuGet.Configuration.Settings.LoadDefaultSettings(RepositoryFolder.Path()));
}
