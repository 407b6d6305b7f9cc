using System.Diagnostics;
using System.IO;
using System.Reflection;
using System.Threading.Tasks;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Module.Tests.Shell;

/// <summary>The real PowerShell of <c>tests/Pester/Host</c>, and bash.</summary>
internal static class RealShell
{
    private static readonly string Host = typeof(RealShell).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "PesterHost").Value!;

    private const string WorkingFolder = "PWD";

    /// <summary>Runs PowerShell with arguments; without any it runs the suite.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> PowerShell(
        IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Run("dotnet", [Host, .. arguments], environment);

    /// <summary>Runs a script in bash.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> Bash(
        IReadOnlyDictionary<string, string> environment, string script) => Run("bash", ["-c", script], environment);

    /// <summary>
    /// An environment that works in a folder and whose PATH begins with it, with a program there that appends the
    /// count of its arguments and each of them to a file, ended by zeros.
    /// </summary>
    public static Dictionary<string, string> Recording(TemporaryFolder folder, string program, string record)
    {
        var file = folder.Write("#!/bin/sh\nprintf '%s\\0' \"$#\" \"$@\" >>\"$MODELFIT_RECORD\"\n", "bin", program);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new()
        {
            ["MODELFIT_RECORD"] = record,
            ["PATH"] = Path.GetDirectoryName(file) + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"),
            [WorkingFolder] = folder.Path,
        };
    }

    private static async Task<(int ExitCode, string Output, string Errors)> Run(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = environment.TryGetValue(WorkingFolder, out var folder)
                ? folder
                : RepositoryFolder.Path(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var stop = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var errors = process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return (process.ExitCode, await output, await errors);
    }
}
