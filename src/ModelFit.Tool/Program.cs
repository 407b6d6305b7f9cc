using System.IO;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

namespace ModelFit.Tool;

internal static class Program
{
    /// <summary>What is said of the stop that was asked for last.</summary>
    private static volatile int _stopped = ExitCode.Interrupted;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);

    private static int Main(string[] args)
    {
        // The engine reports its use to its maker unless it is told not to; ModelFit sends nothing anywhere.
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        // Nor does anything listen: the engine would open a pipe for debuggers.
        Environment.SetEnvironmentVariable("POWERSHELL_DIAGNOSTICS_OPTOUT", "1");
        var console = ToolConsole.OfProcess();
        var manifest = Path.Combine(AppContext.BaseDirectory, "Modules", "ModelFit", "ModelFit.psd1");
        var application = new Application(console, manifest);
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            Stop(application, ExitCode.Interrupted);
        };
        // What ends services and containers ends what this process has started, too.
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            Stop(application, ExitCode.Terminated);
        });
        var code = application.Run(args);
        return code == ExitCode.Interrupted ? _stopped : code;
    }

    private static void Stop(Application application, int code)
    {
        _stopped = code;
        application.Stop();
        _ = ExitAfterPatienceAsync();
    }

    // What waits for standard input cannot be stopped, only left.
    private static async Task ExitAfterPatienceAsync()
    {
        await Task.Delay(Patience).ConfigureAwait(false);
        Environment.Exit(_stopped);
    }
}
