using System.IO;
using System.Text;
using System.Text.RegularExpressions;
using ModelFit.Testing;

namespace ModelFit.Tools.Help;

/// <summary>An example of a page: what it shows, the code, what is said of it.</summary>
internal sealed record HelpExample(string Title, string Code, IReadOnlyList<string> Remarks);

/// <summary>A type that goes in or comes out, and what is said of it.</summary>
internal sealed record HelpType(string Name, string Text);

/// <summary>
/// A page of docs/: a heading of the first level and the sections Description, Examples, Parameters, Inputs, Outputs
/// and Links. Parameters that a page does not have are those of docs/guide/question.md.
/// </summary>
internal sealed partial class HelpPage
{
    private readonly Dictionary<string, string> sections;

    private HelpPage(string name, string text)
    {
        Name = name;
        sections = Split(text.Replace("\r\n", "\n"), "## ");
    }

    /// <summary>The cmdlet.</summary>
    public string Name { get; }

    /// <summary>What it is for, in a sentence.</summary>
    public string Synopsis => Paragraphs(sections[string.Empty].Split('\n', 2)[1]).Single();

    /// <summary>The paragraphs of the description.</summary>
    public IReadOnlyList<string> Description => Paragraphs(sections["Description"]);

    /// <summary>The examples.</summary>
    public IReadOnlyList<HelpExample> Examples => Split(sections["Examples"], "### ")
        .Where(section => section.Key.Length > 0)
        .Select(section => Example(section.Key, section.Value))
        .ToList();

    /// <summary>What the page says of parameters, by their names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters => Split(sections["Parameters"], "### ")
        .Where(section => section.Key.Length > 0)
        .ToDictionary(section => section.Key.TrimStart('-'), section => Paragraphs(section.Value));

    /// <summary>What goes in.</summary>
    public IReadOnlyList<HelpType> Inputs => Types(sections["Inputs"]);

    /// <summary>What comes out.</summary>
    public IReadOnlyList<HelpType> Outputs => Types(sections["Outputs"]);

    /// <summary>Where to read on.</summary>
    public IReadOnlyList<string> Links => sections["Links"]
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line[2..])
        .ToList();

    /// <summary>Reads the page of a cmdlet.</summary>
    public static HelpPage Read(string name) => At(name, "cmdlets");

    /// <summary>Reads the page of what the questions have in common.</summary>
    public static HelpPage Shared() => At("question", "guide");

    private static HelpPage At(string name, string folder) =>
        new(name, File.ReadAllText(RepositoryFolder.Path("docs", folder, name + ".md")));

    private static HelpExample Example(string title, string text)
    {
        var parts = text.Split("```");
        var code = parts[1]["powershell".Length..].Trim();
        return new(title, code, Paragraphs(parts[2]));
    }

    private static List<HelpType> Types(string text) => Paragraphs(text)
        .SelectMany(paragraph => TypeLine().Matches(paragraph))
        .Select(match => new HelpType(match.Groups[1].Value, match.Groups[2].Value))
        .ToList();

    private static Dictionary<string, string> Split(string text, string mark)
    {
        var sections = new Dictionary<string, string>();
        var title = string.Empty;
        var body = new StringBuilder();
        foreach (var line in text.Split('\n'))
        {
            if (!line.StartsWith(mark, StringComparison.Ordinal))
            {
                body.Append(line).Append('\n');
                continue;
            }

            sections.Add(title, body.ToString());
            title = line[mark.Length..].Trim();
            body.Clear();
        }

        sections.Add(title, body.ToString());
        return sections;
    }

    private static IReadOnlyList<string> Paragraphs(string text) => text
        .Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(paragraph => LineBreak().Replace(paragraph, " ").Replace("`", string.Empty))
        .ToList();

    [GeneratedRegex(@"- ([\w.]+): ([^\n]+)")]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"\n(?!- )")]
    private static partial Regex LineBreak();
}
