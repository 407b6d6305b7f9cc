using System;
using System.IO;
using System.Threading.Tasks;

namespace ModelFit.Tool;

internal static class Program
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);

    private static int Main(string[] args)
    {
        // The engine reports its use to its maker unless it is told not to; ModelFit sends nothing anywhere.
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        var console = ToolConsole.OfProcess();
        var manifest = Path.Combine(AppContext.BaseDirectory, "Modules", "ModelFit", "ModelFit.psd1");
        var application = new Application(console, manifest);
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            application.Stop();
            _ = ExitAfterPatienceAsync();
        };
        return application.Run(args);
    }

    // What waits for standard input cannot be stopped, only left.
    private static async Task ExitAfterPatienceAsync()
    {
        await Task.Delay(Patience).ConfigureAwait(false);
        Environment.Exit(ExitCode.Interrupted);
    }
}
