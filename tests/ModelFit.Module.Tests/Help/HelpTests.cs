using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Xunit;

namespace ModelFit.Module.Tests.Help;

/// <summary>
/// The help is made of docs/ and the cmdlets: with MODELFIT_UPDATE_HELP=1 the first test writes it, else it compares.
/// </summary>
public sealed class HelpTests
{
    private static readonly string HelpPath = RepositoryFolder.Of("en-US", "ModelFit.dll-Help.xml");
    private static readonly Lazy<IReadOnlyList<CmdletInfo>> Cmdlets = new(ImportModule);

    public static TheoryData<string> CmdletNames => new(Cmdlets.Value.Select(cmdlet => cmdlet.Name));

    public static TheoryData<string, string> Examples => new(Cmdlets.Value.SelectMany(
        cmdlet => HelpPage.Read(cmdlet.Name).Examples.Select(example => (cmdlet.Name, example.Code))));

    [Fact]
    public void HelpIsMadeOfThePages()
    {
        var made = MamlFile.Make(Cmdlets.Value);
        if (Environment.GetEnvironmentVariable("MODELFIT_UPDATE_HELP") == "1") File.WriteAllText(HelpPath, made);
        Assert.Equal(made, File.ReadAllText(HelpPath).Replace("\r\n", "\n"));
    }

    [Fact]
    public void EveryPageIsOfACmdlet()
    {
        var folder = RepositoryFolder.Of("docs", "cmdlets");
        var pages = Directory.GetFiles(folder).Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(Cmdlets.Value.Select(cmdlet => cmdlet.Name).Order(), pages.Order());
    }

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void EveryParameterIsDescribedAndNoOther(string name)
    {
        var page = HelpPage.Read(name);
        var shared = HelpPage.Shared().Parameters.Keys;
        var actual = MamlFile.Parameters(Cmdlet(name)).Select(parameter => parameter.Name).ToArray();
        Assert.All(actual, parameter => Assert.Contains(parameter, page.Parameters.Keys.Concat(shared)));
        Assert.All(page.Parameters.Keys, parameter => Assert.Contains(parameter, actual));
    }

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void EveryCmdletHasASynopsisExamplesAndLinksThatExist(string name)
    {
        var page = HelpPage.Read(name);
        Assert.EndsWith(".", page.Synopsis, StringComparison.Ordinal);
        Assert.True(page.Examples.Count >= 2);
        Assert.All(page.Examples, example => Assert.Contains(name, example.Code, StringComparison.Ordinal));
        Assert.All(page.Links, link => Assert.True(
            File.Exists(RepositoryFolder.Of("docs", "cmdlets", link + ".md"))
            || File.Exists(RepositoryFolder.Of("en-US", link + ".help.txt"))));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void EveryExampleParsesAndNamesRealParameters(string name, string code)
    {
        var script = Parser.ParseInput(code, out _, out var errors);
        Assert.Empty(errors);
        var commands = script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>();
        var own = commands.Where(command => Cmdlets.Value.Any(cmdlet => cmdlet.Name == command.GetCommandName()));
        Assert.Contains(own, command => command.GetCommandName() == name);
        foreach (var command in own)
        {
            var real = Cmdlet(command.GetCommandName()).Parameters.Keys;
            foreach (var parameter in command.CommandElements.OfType<CommandParameterAst>())
                Assert.Contains(parameter.ParameterName, real);
        }
    }

    private static CmdletInfo Cmdlet(string name) => Cmdlets.Value.Single(cmdlet => cmdlet.Name == name);

    private static IReadOnlyList<CmdletInfo> ImportModule()
    {
        var version = typeof(HelpTests).Assembly.GetName().Version!.ToString(3);
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule(RepositoryFolder.Of("out", "ModelFit", version, "ModelFit.psd1"));
        var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        return runspace.SessionStateProxy.InvokeCommand
            .GetCommands("*", CommandTypes.Cmdlet, nameIsPattern: true)
            .Cast<CmdletInfo>()
            .Where(cmdlet => cmdlet.ModuleName == "ModelFit")
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal)
            .ToArray();
    }
}
