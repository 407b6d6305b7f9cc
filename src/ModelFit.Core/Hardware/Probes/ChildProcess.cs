using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace ModelFit.Hardware.Probes;

/// <summary>What a program that ran to its end, or was ended, left.</summary>
/// <param name="ExitCode">Exit code; null if it was ended.</param>
/// <param name="Output">Standard output, at most as long as was allowed.</param>
/// <param name="Error">Standard error, its first 4 KiB.</param>
/// <param name="Flooded">Whether it was ended because it wrote more than was allowed.</param>
internal sealed record ChildResult(int? ExitCode, string Output, string Error, bool Flooded);

/// <summary>
/// Runs programs without a shell, for a limited time and with limited output; they never outlive the call.
/// </summary>
internal static class ChildProcess
{
    private const int MaxErrorChars = 4096;
    private static readonly TimeSpan Drain = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the output of a program that has ended may take to arrive on a busy machine.</summary>
    private static readonly TimeSpan LastOutput = TimeSpan.FromSeconds(5);

    /// <summary>The full path of a program on <c>PATH</c>; null if there is none.</summary>
    public static string? Find(string program)
    {
        var names = Path.DirectorySeparatorChar == '\\' ? new[] { program + ".exe" } : new[] { program };
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        return folders.Where(folder => folder.Length > 0 && folder.IndexOfAny(Path.GetInvalidPathChars()) < 0)
            .SelectMany(folder => names.Select(name => Path.Combine(folder.Trim('"'), name)))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>
    /// Runs a program. Throws <see cref="ErrorIds.ProbeFailed"/> if it cannot be started or takes longer than the
    /// limit, and <see cref="OperationCanceledException"/> on cancellation; in every case it has ended.
    /// </summary>
    public static async Task<ChildResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string? input,
        TimeSpan limit,
        int maxOutputChars,
        CancellationToken cancellation)
    {
        using var process = Start(program, arguments);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(limit);
        var exited = WaitForExit(process);
        var output = new ChildOutput(process.StandardOutput, maxOutputChars, stop.Cancel);
        var error = new ChildOutput(process.StandardError, MaxErrorChars, null);
        _ = Write(process, input);
        try
        {
            var ended = await Task.WhenAny(exited, Task.Delay(Timeout.Infinite, stop.Token)).ConfigureAwait(false);
            if (ended != exited) Kill(process);
            cancellation.ThrowIfCancellationRequested();
            var patience = ended == exited ? LastOutput : Drain;
            await Task.WhenAny(output.End, Task.Delay(patience, CancellationToken.None)).ConfigureAwait(false);
            await Task.WhenAny(error.End, Task.Delay(Drain, CancellationToken.None)).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (ended != exited && !output.IsFull) throw new ModelFitException(
                ErrorIds.ProbeFailed,
                FailureKind.Timeout,
                FormattableString.Invariant(
                    $"{Path.GetFileName(program)} did not answer within {limit.TotalSeconds:0.#} s and was ended."),
                program);
            return new ChildResult(
                ended == exited ? process.ExitCode : null, output.Text, error.Text, output.IsFull);
        }
        finally
        {
            Kill(process);
        }
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var process = new Process
        {
            EnableRaisingEvents = true,
            StartInfo = new ProcessStartInfo(program, CommandLineText.Join(arguments))
            {
                UseShellExecute = false,
                CreateNoWindow = true,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
                StandardErrorEncoding = Encoding.UTF8,
            },
        };
        process.StartInfo.Environment["LC_ALL"] = "C";
        try
        {
            process.Start();
            return process;
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or IOException)
        {
            process.Dispose();
            throw new ModelFitException(
                ErrorIds.ProbeFailed, $"{program} could not be started: {error.Message}", program, error);
        }
    }

    private static Task<bool> WaitForExit(Process process)
    {
        var exited = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => exited.TrySetResult(true);
        if (process.HasExited) exited.TrySetResult(true);
        return exited.Task;
    }

    private static async Task Write(Process process, string? input)
    {
        try
        {
            if (input is not null) await process.StandardInput.WriteAsync(input).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // A program that ends without reading its input is told by its exit code.
        }
    }

    /// <summary>Ends the program with its children where the run time can (.NET Core 3 and later).</summary>
    private static void Kill(Process process)
    {
        try
        {
            if (process.HasExited) return;
            var killTree = typeof(Process).GetMethod("Kill", new[] { typeof(bool) });
            if (killTree is null) process.Kill();
            else killTree.Invoke(process, new object[] { true });
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception
            or System.Reflection.TargetInvocationException)
        {
            // It ended between the two lines.
        }
    }
}

/// <summary>
/// Arguments as one command line that the C run time of Windows, and .NET on every system, splits into the same
/// arguments again: backslashes are doubled only before a quotation mark.
/// </summary>
internal static class CommandLineText
{
    /// <summary>The arguments, quoted where they need it.</summary>
    public static string Join(IEnumerable<string> arguments) => string.Join(" ", arguments.Select(Quote));

    private static string Quote(string argument)
    {
        if (argument.Length > 0 && argument.All(c => !char.IsWhiteSpace(c) && c != '"')) return argument;
        var quoted = new StringBuilder("\"");
        var slashes = 0;
        foreach (var c in argument)
        {
            if (c == '\\')
            {
                slashes++;
                continue;
            }

            quoted.Append('\\', c == '"' ? (slashes * 2) + 1 : slashes).Append(c);
            slashes = 0;
        }

        return quoted.Append('\\', slashes * 2).Append('"').ToString();
    }
}
