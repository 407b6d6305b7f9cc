using System.IO;
using ModelFit.Binding;
using ModelFit.Module.Tests.Engine;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Module.Tests.Conventions;

public class ReleaseTests
{
    [Fact]
    public void The_module_references_the_engine_and_core_alone() => Assert.Equal(
        ["ModelFit.Core", "System.Management.Automation", "netstandard"],
        References(typeof(QuestionCommand)));

    [Fact]
    public void Core_references_one_library() => Assert.Equal(
        ["Newtonsoft.Json", "netstandard"],
        References(typeof(GpuSpec)));

    [Fact]
    public void The_release_folder_has_these_files_and_no_others()
    {
        var help = Directory.GetFiles(RepositoryFolder.Path("en-US"))
            .Select(path => "en-US/" + Path.GetFileName(path));
        string[] expected =
        [
            "CHANGELOG.md", "LICENSE", "ModelFit.psd1", "THIRD-PARTY-NOTICES.txt", "bin/ModelFit.Core.dll",
            "bin/ModelFit.Format.ps1xml", "bin/ModelFit.Types.ps1xml", "bin/ModelFit.dll", "bin/Newtonsoft.Json.dll",
            "schemas/modelfit-catalog-1.schema.json", "schemas/modelfit-policy-1.schema.json", .. help,
        ];
        var found = Directory.GetFiles(ModuleSession.Folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(ModuleSession.Folder, path).Replace('\\', '/'));
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> References(Type type) => type.Assembly.GetReferencedAssemblies()
        .Select(name => name.Name!)
        .Order(StringComparer.Ordinal);
}
