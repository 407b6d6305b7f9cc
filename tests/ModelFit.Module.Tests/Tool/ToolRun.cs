using System.IO;
using ModelFit.Testing;
using ModelFit.Tool;
using Newtonsoft.Json.Linq;

namespace ModelFit.Module.Tests.Tool;

/// <summary>One call of the tool in this process, with text for its streams.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of standard output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The objects of standard output, written as JSON Lines.</summary>
    public IReadOnlyList<JObject> Objects => Lines.Select(JObject.Parse).ToArray();

    public static ToolRun Of(params string[] args) => With(string.Empty, args);

    public static ToolRun With(string input, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var console = new ToolConsole { In = new StringReader(input), IsInputPiped = input.Length > 0, Out = output,
            Error = error };
        var version = typeof(ToolRun).Assembly.GetName().Version!.ToString(3);
        var manifest = RepositoryFolder.Path("out", "ModelFit", version, "ModelFit.psd1");
        var exitCode = new Application(console, manifest).Run(args);
        return new(exitCode, output.ToString(), error.ToString());
    }
}
