using System.IO;
using ModelFit.Testing;
using ModelFit.Tools.Packaging;
using Newtonsoft.Json.Linq;
using Xunit;

namespace ModelFit.Module.Tests.Packages;

/// <summary>What of others the packages contain is locked and named.</summary>
public sealed class NoticeTests
{
    [Fact]
    public void The_notices_are_made_of_the_lock_files() =>
        Assert.Equal(NoticesFile.Make(), File.ReadAllText(NoticesFile.FullPath).Replace("\r\n", "\n"));

    [Fact]
    public void Every_assembly_beside_the_tool_is_of_a_package_that_is_named()
    {
        var named = NoticesFile.OfModule.Concat(NoticesFile.OfTool).Select(package => package.Id).ToHashSet();
        var path = RepositoryFolder.Path(
            "src", "ModelFit.Tool", "bin", Configuration, "net10.0", "ModelFit.Tool.deps.json");
        var libraries = ((JObject)JObject.Parse(File.ReadAllText(path))["libraries"]!).Properties()
            .Where(library => (string?)library.Value["type"] == "package")
            .Select(library => library.Name.Split('/')[0])
            .ToArray();
        Assert.NotEmpty(libraries);
        Assert.All(libraries, library => Assert.Contains(library, named));
        Assert.DoesNotContain(named, id => id.Contains("CodeAnalysis", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_package_that_is_passed_on_allows_it() => Assert.All(
        NoticesFile.OfModule.Concat(NoticesFile.OfTool), package => Assert.Equal("MIT", package.License));

    /// <summary>
    /// The types of CIM come from the package whose terms let it be passed on, on Windows too: what the engine for
    /// Windows asks of them must be there.
    /// </summary>
    [Theory]
    [InlineData("win")]
    [InlineData("unix")]
    public void What_the_engine_asks_of_the_types_of_cim_is_there(string family)
    {
        var tool = RepositoryFolder.Path("src", "ModelFit.Tool", "bin", Configuration, "net10.0");
        var types = Metadata.Of(Path.Combine(tool, "Microsoft.Management.Infrastructure.dll"));
        var engine = Metadata.Of(
            Path.Combine(tool, "runtimes", family, "lib", "net10.0", "System.Management.Automation.dll"));
        var asked = engine.AskedOf("Microsoft.Management.Infrastructure").ToArray();
        Assert.True(asked.Length > 50, $"{asked.Length}");
        Assert.All(asked, member => Assert.Contains(member, types.Defined));
    }

    [Fact]
    public void Every_project_that_ships_has_a_lock_file() => Assert.All(
        Directory.GetFiles(RepositoryFolder.Path("src"), "*.csproj", SearchOption.AllDirectories),
        project => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json"))));

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}
