using System.IO;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ModelFit.Testing;
using ModelFit.Tools.Help;
using ModelFit.Tools.Packaging;
using Xunit;

namespace ModelFit.Module.Tests.Help;

/// <summary>
/// The help is made of docs/ and the cmdlets: the tool <c>pages</c> writes it.
/// </summary>
public sealed class HelpTests
{
    private static readonly Lazy<IReadOnlyList<CmdletInfo>> Cmdlets = new(BuiltModule.Cmdlets);

    public static TheoryData<string> CmdletNames => new(Cmdlets.Value.Select(cmdlet => cmdlet.Name));

    public static TheoryData<string, string> Examples => new(Cmdlets.Value.SelectMany(
        cmdlet => HelpPage.Read(cmdlet.Name).Examples.Select(example => (cmdlet.Name, example.Code))));

    [Fact]
    public void Help_is_made_of_the_pages()
    {
        var made = MamlFile.Make(Cmdlets.Value);
        Assert.Equal(made, File.ReadAllText(MamlFile.FullPath).Replace("\r\n", "\n"));
    }

    [Fact]
    public void Every_page_is_of_a_cmdlet()
    {
        var folder = RepositoryFolder.Path("docs", "cmdlets");
        var pages = Directory.GetFiles(folder).Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(Cmdlets.Value.Select(cmdlet => cmdlet.Name).Order(), pages.Order());
    }

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void Every_parameter_is_described_and_no_other(string name)
    {
        var page = HelpPage.Read(name);
        var shared = HelpPage.Shared().Parameters.Keys;
        var actual = MamlFile.Parameters(Cmdlet(name)).Select(parameter => parameter.Name).ToArray();
        Assert.All(actual, parameter => Assert.Contains(parameter, page.Parameters.Keys.Concat(shared)));
        Assert.All(page.Parameters.Keys, parameter => Assert.Contains(parameter, actual));
    }

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void Every_cmdlet_has_a_synopsis_examples_and_links_that_exist(string name)
    {
        var page = HelpPage.Read(name);
        Assert.EndsWith(".", page.Synopsis, StringComparison.Ordinal);
        Assert.True(page.Examples.Count >= 3);
        Assert.All(page.Examples, example => Assert.Contains(name, example.Code, StringComparison.Ordinal));
        Assert.All(page.Links, link => Assert.True(
            File.Exists(RepositoryFolder.Path("docs", "cmdlets", link + ".md"))
            || File.Exists(RepositoryFolder.Path("en-US", link + ".help.txt"))));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_parses_and_names_real_parameters(string name, string code)
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

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void The_help_address_of_a_cmdlet_is_its_page_in_the_project(string name)
    {
        var address = Cmdlet(name).ImplementingType.GetCustomAttribute<CmdletAttribute>()!.HelpUri;
        Assert.StartsWith(ModuleManifest.Read().ProjectUri + "/blob/main/", address, StringComparison.Ordinal);
        Assert.True(File.Exists(RepositoryFolder.Path(address.Split("/blob/main/")[1].Split('/'))), address);
    }

    [Theory]
    [InlineData("Test-ModelFit", "ContextLength", "8192")]
    [InlineData("Test-ModelFit", "FlashAttention", "Auto")]
    [InlineData("Test-ModelFit", "Reserve", "1 GiB")]
    [InlineData("Get-MachineSpec", "TimeoutSeconds", "30")]
    [InlineData("Export-ModelFitReport", "Force", "False")]
    public void The_help_shows_the_default(string name, string parameter, string expected)
    {
        var help = XDocument.Parse(MamlFile.Make([Cmdlet(name)])).Descendants()
            .Where(element => element.Name.LocalName == "parameters").Elements()
            .Single(element => element.Elements().First(child => child.Name.LocalName == "name").Value == parameter);
        Assert.Equal(expected, help.Elements().Single(child => child.Name.LocalName == "defaultValue").Value);
    }

    /// <summary>Links inside the tree lead to files; addresses outside have the form of one.</summary>
    [Fact]
    public void Every_link_of_a_page_leads_somewhere()
    {
        var pages = Directory.GetFiles(RepositoryFolder.Path("docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(RepositoryFolder.Path(), "*.md"))
            .Append(RepositoryFolder.Path("bench", "README.md"));
        var links =
            from page in pages
            from Match link in Regex.Matches(File.ReadAllText(page), @"\]\(([^)\s]+)\)")
            select (Page: page, Target: link.Groups[1].Value);
        Assert.NotEmpty(links);
        Assert.All(links, link =>
        {
            var target = link.Target.Split('#')[0];
            if (target.Contains("://")) Assert.True(Uri.IsWellFormedUriString(target, UriKind.Absolute), link.Target);
            else if (target.Length > 0)
                Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(link.Page)!, target)), $"{link}");
        });
    }

    private static CmdletInfo Cmdlet(string name) => Cmdlets.Value.Single(cmdlet => cmdlet.Name == name);
}
