using System.IO;
using System.Runtime.CompilerServices;
using Microsoft.PowerShell;

namespace ModelFit.Pester;

internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length == 0) args = ["-NoProfile", "-NonInteractive", "-File", SuitePath()];
        return UnmanagedPSEntry.Start(args, args.Length);
    }

    private static string SuitePath([CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(source))!, "Invoke-Suite.ps1");
}
