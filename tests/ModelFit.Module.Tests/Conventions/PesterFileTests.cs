using System.IO;
using System.Management.Automation;
using System.Management.Automation.Language;
using ModelFit.Module.Tests.Engine;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Module.Tests.Conventions;

/// <summary>
/// The files of tests/Pester as they are written.
/// </summary>
public class PesterFileTests
{
    /// <summary>Parameters that are named because they are not there.</summary>
    private static readonly string[] Absent = ["NoSuchParameter", "Gpu"];

    private static readonly string[] Files = Directory.GetFiles(RepositoryFolder.Path("tests", "Pester"), "*.ps1");

    [Fact]
    public void Every_cmdlet_has_a_file()
    {
        var names = Files.Select(path => Path.GetFileName(path));
        Assert.All(Cmdlets().Keys, cmdlet => Assert.Contains($"{cmdlet}.Tests.ps1", names));
    }

    [Fact]
    public void Every_file_parses_is_plain_text_and_names_real_parameters()
    {
        var cmdlets = Cmdlets();
        foreach (var path in Files.Append(RepositoryFolder.Path("build.ps1")))
        {
            Assert.All(File.ReadAllBytes(path), letter => Assert.InRange(letter, 0, 127));
            var script = Parser.ParseFile(path, out _, out var errors);
            Assert.Empty(errors);
            var wrong =
                from CommandAst command in script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true)
                where cmdlets.ContainsKey(command.GetCommandName() ?? string.Empty)
                from parameter in command.CommandElements.OfType<CommandParameterAst>()
                let real = cmdlets[command.GetCommandName()]
                where !real.Contains(parameter.ParameterName) && !Absent.Contains(parameter.ParameterName)
                select $"{Path.GetFileName(path)}: {command.Extent.Text}";
            Assert.Empty(wrong);
        }
    }

    private static Dictionary<string, HashSet<string>> Cmdlets()
    {
        var run = ModuleSession.Once("(Get-Module ModelFit).ExportedCmdlets.Values");
        return run.Output.Select(item => (CmdletInfo)item.BaseObject).ToDictionary(
            cmdlet => cmdlet.Name,
            cmdlet => cmdlet.Parameters.Values
                .SelectMany(parameter => parameter.Aliases.Prepend(parameter.Name))
                .ToHashSet(StringComparer.OrdinalIgnoreCase),
            StringComparer.OrdinalIgnoreCase);
    }
}
