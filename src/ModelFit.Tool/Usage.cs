using System.IO;
using System.Xml.Linq;

namespace ModelFit.Tool;

/// <summary>How to use the tool, in its own words; what each cmdlet is for, in those of the module's help.</summary>
internal static class Usage
{
    private const string Head = """
        Will this language model run on this hardware, how, and how fast?

          modelfit <cmdlet> [arguments]     one question, its arguments as the shell gives them
          modelfit -Command '<pipeline>'    a pipeline of the cmdlets below with Where-, Sort-, Select-, Group-Object,
                                            Format-Table, Export-Csv, ConvertTo-Json and the like
          modelfit help <cmdlet> [-Examples|-Full]
          modelfit completion bash|zsh|fish|powershell
          modelfit dsc get|test|export      a resource of DSC 3; its instance is read from standard input
          modelfit --help | --version

        Try:
          modelfit Test-ModelFit mixtral-8x22b 'RTX 3090' Q3_K_M
          modelfit Get-OffloadPlan mixtral-8x22b 'RTX 3090' Q3_K_M -SystemMemory 64GB
          modelfit Find-ModelFit -Gpu 'RTX 4070'
          modelfit -InputFormat Csv -OutputFormat Csv Test-ModelFit qwen3-8b < pcs.csv

        """;

    private const string Tail = """

        Options of the tool, before or after the cmdlet's own:
          -InputFormat Csv|Json|Text          rows of standard input become objects of the pipeline
          -OutputFormat Table|List|Csv|Json   Json is one object a line
          --exit-code grep|nagios             what the exit code means (see below); the default is grep
          --script-blocks                     a value in braces, {...}, is a script block and not text

        A value with spaces is one value, a comma separates several (8k,32k). After -- every word is text.
        Exit code: 0 yes or success, 1 no (with -Quiet every answer must be yes), 2 an error was written.
        An audit: 0 compliant, 1 violated, 2 an error or unknown; nagios: 0 OK, 1 warning, 2 critical, 3 unknown.
        """;

    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";

    /// <summary>Writes all of it; the module's help is read from its folder.</summary>
    public static void Write(TextWriter writer, string moduleFolder)
    {
        writer.WriteLine(Head);
        var cmdlets = Cmdlets(Path.Combine(moduleFolder, "en-US", "ModelFit.dll-Help.xml")).ToArray();
        var width = cmdlets.Select(cmdlet => cmdlet.Name.Length).DefaultIfEmpty().Max() + 2;
        foreach (var (name, synopsis) in cmdlets) writer.WriteLine($"  {name.PadRight(width)}{synopsis}");
        writer.WriteLine(Tail);
    }

    private static IEnumerable<(string Name, string Synopsis)> Cmdlets(string helpPath) =>
        !File.Exists(helpPath)
            ? []
            : XDocument.Load(helpPath).Root!
                .Elements(Command + "command")
                .Select(command => command.Element(Command + "details")!)
                .Select(details => (
                    details.Element(Command + "name")!.Value.Trim(),
                    details.Element(Maml + "description")?.Value.Trim() ?? string.Empty));
}
