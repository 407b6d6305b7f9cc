using System.Management.Automation;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ModelFit.Testing;

namespace ModelFit.Tools.Help;

/// <summary>The help that Get-Help reads, made of the pages and of the cmdlets themselves.</summary>
internal static partial class MamlFile
{
    private static readonly XNamespace Help = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>Where it lies.</summary>
    public static string FullPath => RepositoryFolder.Path("en-US", "ModelFit.dll-Help.xml");

    /// <summary>The whole file for these cmdlets.</summary>
    public static string Make(IEnumerable<CmdletInfo> cmdlets)
    {
        var shared = HelpPage.Shared().Parameters;
        var root = new XElement(Help + "helpItems", new XAttribute("schema", "maml"));
        root.Add(cmdlets.OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal).Select(cmdlet => Item(cmdlet, shared)));
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + root.ToString().Replace("\r\n", "\n") + "\n";
    }

    /// <summary>The parameters of a cmdlet that are not common to all.</summary>
    public static IEnumerable<ParameterMetadata> Parameters(CmdletInfo cmdlet) => cmdlet.Parameters.Values
        .Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name));

    private static XElement Item(
        CmdletInfo cmdlet, IReadOnlyDictionary<string, IReadOnlyList<string>> shared)
    {
        var page = HelpPage.Read(cmdlet.Name);
        IReadOnlyList<string> Text(string parameter) =>
            page.Parameters.TryGetValue(parameter, out var own) ? own : shared[parameter];
        var order = page.Parameters.Keys.Concat(shared.Keys).ToList();
        int Order(ParameterMetadata parameter)
        {
            var position = parameter.ParameterSets.Values.Min(set => set.Position < 0 ? int.MaxValue : set.Position);
            return position < int.MaxValue ? position : 100 + order.IndexOf(parameter.Name);
        }

        return new(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details",
                new XElement(Command + "name", cmdlet.Name),
                new XElement(Command + "verb", cmdlet.Verb),
                new XElement(Command + "noun", cmdlet.Noun),
                Described([page.Synopsis])),
            Described(page.Description),
            new XElement(Command + "syntax", cmdlet.ParameterSets.Select(set => Syntax(cmdlet, set))),
            new XElement(
                Command + "parameters",
                Parameters(cmdlet).OrderBy(Order).Select(parameter => Parameter(parameter, Text(parameter.Name)))),
            new XElement(Command + "inputTypes", page.Inputs.Select(type => Type("inputType", type))),
            new XElement(Command + "returnValues", page.Outputs.Select(type => Type("returnValue", type))),
            new XElement(Command + "examples", page.Examples.Select((example, i) => Example(example, i + 1))),
            new XElement(
                Maml + "relatedLinks",
                page.Links.Select(link => new XElement(
                    Maml + "navigationLink",
                    new XElement(Maml + "linkText", link),
                    new XElement(Maml + "uri")))));
    }

    private static XElement Syntax(CmdletInfo cmdlet, CommandParameterSetInfo set) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", cmdlet.Name),
        set.Parameters
            .Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name))
            .OrderBy(parameter => parameter.Position < 0 ? int.MaxValue : parameter.Position)
            .Select(parameter => Shape(cmdlet.Parameters[parameter.Name], parameter)));

    private static XElement Parameter(ParameterMetadata parameter, IReadOnlyList<string> text)
    {
        var shape = Shape(parameter, null);
        shape.Element(Maml + "name")!.AddAfterSelf(Described(text));
        if (DefaultOf(parameter, text) is { } usual) shape.Add(new XElement(Dev + "defaultValue", usual));
        return shape;
    }

    /// <summary>What the page says is the default: "the default is X", or "X (the default)".</summary>
    private static string? DefaultOf(ParameterMetadata parameter, IEnumerable<string> text)
    {
        if (parameter.SwitchParameter) return "False";
        var match = DefaultWords().Match(string.Join(" ", text));
        return match.Success ? match.Groups["value"].Value : null;
    }

    private static XElement Shape(ParameterMetadata parameter, CommandParameterInfo? inSet)
    {
        var sets = parameter.ParameterSets.Values;
        var position = inSet?.Position ?? sets.Min(set => set.Position);
        var shape = new XElement(
            Command + "parameter",
            new XAttribute("required", Lower(inSet?.IsMandatory ?? sets.All(set => set.IsMandatory))),
            new XAttribute("variableLength", Lower(parameter.ParameterType.IsArray)),
            new XAttribute("globbing", Lower(parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any())),
            new XAttribute("pipelineInput", PipelineInput(sets)),
            new XAttribute("position", position < 0 ? "named" : position.ToString(null as IFormatProvider)),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Maml + "name", parameter.Name));
        if (parameter.SwitchParameter) return shape;
        shape.Add(
            new XElement(
                Command + "parameterValue",
                new XAttribute("required", "true"),
                new XAttribute("variableLength", Lower(parameter.ParameterType.IsArray)),
                TypeName(parameter.ParameterType)),
            new XElement(Dev + "type", new XElement(Maml + "name", TypeName(parameter.ParameterType))));
        return shape;
    }

    private static string TypeName(Type type)
    {
        if (type.IsArray) return TypeName(type.GetElementType()!) + "[]";
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return Type(plain);

        static string Type(Type named) => named.Name switch
        {
            nameof(Int32) => "int",
            nameof(Int64) => "long",
            nameof(Double) => "double",
            nameof(String) => "string",
            var other => other,
        };
    }

    private static string PipelineInput(IEnumerable<ParameterSetMetadata> sets)
    {
        var byValue = sets.Any(set => set.ValueFromPipeline);
        var byName = sets.Any(set => set.ValueFromPipelineByPropertyName);
        return (byValue, byName) switch
        {
            (true, true) => "True (ByValue, ByPropertyName)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        };
    }

    private static XElement Type(string element, HelpType type) => new(
        Command + element,
        new XElement(Dev + "type", new XElement(Maml + "name", type.Name)),
        Described([type.Text]));

    // The blank paragraph sets examples apart where Get-Help prints them.
    private static XElement Example(HelpExample example, int number) => new(
        Command + "example",
        new XElement(Maml + "title", $"---------- Example {number}: {example.Title} ----------"),
        new XElement(Dev + "code", example.Code),
        new XElement(Dev + "remarks", Paragraphs(example.Remarks.Append(string.Empty))));

    private static XElement Described(IEnumerable<string> paragraphs) =>
        new(Maml + "description", Paragraphs(paragraphs));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> paragraphs) => paragraphs
        .SelectMany(paragraph => paragraph.Split('\n'))
        .Select(line => new XElement(Maml + "para", line));

    [GeneratedRegex(@"default is (?<value>[^,;.]*[^,;. ])|(?<value>\S+) \(the default\)", RegexOptions.IgnoreCase)]
    private static partial Regex DefaultWords();

    private static string Lower(bool value) => value ? "true" : "false";
}
