using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
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
        Assert.Equal("pkg:nuget/ModelFit.Tool@" + ModuleManifest.Read().Version, Address(bill));
    }

    [Fact]
    public void The_bill_of_an_archive_names_it_and_no_package()
    {
        using var folder = new TemporaryFolder();
        var version = ModuleManifest.Read().Version;
        var path = BillOfMaterials.Write(
            ModuleManifest.Read(), "modelfit-linux-x64", NoticesFile.OfTool, folder.Path, "generic");
        Assert.Equal($"modelfit-linux-x64.{version}.cdx.json", Path.GetFileName(path));
        Assert.Equal(
            "pkg:generic/modelfit-linux-x64@" + version, Address(JObject.Parse(File.ReadAllText(path))));
    }

    [Fact]
    public void The_manifests_follow_their_schemas_and_name_the_archives_with_their_hashes()
    {
        using var folder = new TemporaryFolder();
        var manifest = ModuleManifest.Read();
        foreach (var platform in Release.Platforms)
            folder.Write(Encoding.ASCII.GetBytes(platform), ToolArchive.NameOf(manifest.Version, platform));
        var release = Release.Of(manifest, folder.Path);
        var files = ReleaseManifests.Write(release, folder.Path)
            .ToDictionary(path => Path.GetFileName(path), File.ReadAllText);
        string Yaml(string kind) => PlainYaml.Read(files[$"ModelFit.ModelFit{kind}.yaml"]).ToString();
        Assert.Empty(ManifestSchema.Problems("winget-version", Yaml(string.Empty)));
        Assert.Empty(ManifestSchema.Problems("winget-installer", Yaml(".installer")));
        Assert.Empty(ManifestSchema.Problems("winget-defaultLocale", Yaml(".locale.en-US")));
        Assert.Empty(ManifestSchema.Problems("scoop", files["modelfit.json"]));
        var windows = release.For("win-x64")!.Sha256;
        Assert.Contains(windows, Yaml(".installer"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(windows, files["modelfit.json"], StringComparison.Ordinal);
        Assert.Contains(release.For("osx-arm64")!.Sha256, files["modelfit.rb"], StringComparison.Ordinal);
        Assert.Contains(release.For("linux-x64")!.Sha256, files["modelfit.rb"], StringComparison.Ordinal);
        Assert.Contains(release.For("linux-x64")!.Sha256, files["Containerfile"], StringComparison.Ordinal);
    }

    /// <summary>A schema that takes everything would make the test above worthless.</summary>
    [Theory]
    [InlineData("scoop", """{ "version": "1.0", "homepage": "https://a.example" }""")]
    [InlineData("scoop", """{ "version": "1.0", "homepage": "https://a.example", "license": "MIT", "archive": "x" }""")]
    [InlineData(
        "winget-version", """{ "PackageIdentifier": "ModelFit", "PackageVersion": "1", "DefaultLocale": "en-US", "ManifestType": "version", "ManifestVersion": "1.9.0" }""")]
    [InlineData(
        "dsc", """{ "$schema": "https://aka.ms/dsc/schemas/v3/bundled/resource/manifest.json", "type": "ModelFit/Model", "version": "0.1.0" }""")]
    public void A_manifest_that_is_wrong_is_found_to_be(string kind, string manifest) =>
        Assert.NotEmpty(ManifestSchema.Problems(kind, manifest));

    [Fact]
    public void The_manifest_of_the_resource_follows_its_schema_and_has_the_version_of_the_module()
    {
        var text = File.ReadAllText(RepositoryFolder.Path("src", "ModelFit.Tool", "modelfit.dsc.resource.json"));
        Assert.Empty(ManifestSchema.Problems("dsc", text));
        Assert.Equal(ModuleManifest.Read().Version, (string?)JObject.Parse(text)["version"]);
    }

    [Fact]
    public async Task Installed_from_the_packages_alone_it_answers()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is for a POSIX shell.");
        using var folder = new TemporaryFolder();
        var manifest = ModuleManifest.Read();
        GalleryPackage.Write(manifest, folder.Path);
        var published = new Dictionary<string, string>
        {
            [PlatformOfTools()] = RepositoryFolder.Path("src", "ModelFit.Tool", "bin", "Release", "net10.0"),
            [DotnetToolPackage.AnyPlatform] = ToolBuild.Publish(platform: null),
        };
        foreach (var tool in DotnetToolPackage.Write(manifest, published, folder.Path))
        {
            using var package = ZipFile.OpenRead(tool);
            Assert.DoesNotContain(package.Entries, entry => entry.FullName.Contains("CodeAnalysis"));
        }

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

    /// <summary>As the SDK names the platform when it looks for the package of a tool: the portable one.</summary>
    private static string PlatformOfTools() =>
        (OperatingSystem.IsMacOS() ? "osx-" : "linux-")
            + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    private static string? Address(JObject bill) => (string?)bill["metadata"]!["component"]!["purl"];

    private static string PackagesFolder() =>
        NuGet.Configuration.SettingsUtility.GetGlobalPackagesFolder(
            NuGet.Configuration.Settings.LoadDefaultSettings(RepositoryFolder.Path()));
}
