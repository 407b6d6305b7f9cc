using System.IO;

namespace ModelFit.Tool;

/// <summary>The tool: a request, the engine with the module, an exit code.</summary>
/// <param name="console">The streams.</param>
/// <param name="manifest">Path of the module's manifest.</param>
internal sealed class Application(ToolConsole console, string manifest)
{
    private volatile Action? stop;

    /// <summary>Does what the words ask for.</summary>
    public int Run(IReadOnlyList<string> args)
    {
        try
        {
            return Run(ToolRequest.Parse(args));
        }
        catch (UsageException e)
        {
            console.Error.WriteLine("modelfit: " + e.Message);
            console.Error.WriteLine("Run 'modelfit --help' for help.");
            return ExitCode.Error;
        }
    }

    /// <summary>Asks what runs to stop.</summary>
    public void Stop() => stop?.Invoke();

    private int Run(ToolRequest request)
    {
        if (request.Action == ToolAction.Version)
        {
            console.Out.WriteLine("modelfit " + typeof(Application).Assembly.GetName().Version!.ToString(3));
            return ExitCode.Yes;
        }

        if (request.Action == ToolAction.Usage)
        {
            Usage.Write(console.Out, Path.GetDirectoryName(manifest)!);
            return ExitCode.Yes;
        }

        using var session = new Session(console, manifest, request);
        stop = session.Stop;
        switch (request.Action)
        {
            case ToolAction.Completion:
                console.Out.Write(session.CompletionScript());
                return ExitCode.Yes;
            case ToolAction.Dsc:
                return session.RunDsc();
            default:
                return session.Run();
        }
    }
}
