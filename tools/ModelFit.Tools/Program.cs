using ModelFit.Tools.Fits;
using ModelFit.Tools.Packaging;
using ModelFit.Tools.Pages;

namespace ModelFit.Tools;

/// <summary>
/// <c>dotnet run -c Release --project tools/ModelFit.Tools -- NAME [arguments]</c>; no name lists them.
/// </summary>
internal static class Program
{
    /// <summary>The tools: each is one file, and a row here.</summary>
    private static readonly Tool[] Tools =
    [
        GeneratedPages.Tool,
        VllmFit.Tool,
        PackageTool.Tool,
        ReproduceTool.Tool,
    ];

    private static int Main(string[] arguments)
    {
        var tool = Tools.FirstOrDefault(one => arguments.Length > 0 && one.Name == arguments[0]);
        if (tool is not null) return tool.Run(arguments[1..]);
        foreach (var one in Tools) Console.WriteLine($"{one.Name,-16} {one.Summary}");
        return arguments.Length == 0 ? 0 : 2;
    }
}
