using System.Diagnostics;
using System.IO;

namespace ModelFit.Module.Tests.Hardware;

/// <summary>Programs of Debian that tests need and that a machine may lack.</summary>
internal static class DebianPackage
{
    private const string Policy = "/usr/sbin/policy-rc.d";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The program; null if it is not here.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':')
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>
    /// The program, its package installed first where that is possible (root, apt-get); null if it is not. No service
    /// of the package is started.
    /// </summary>
    public static string? Install(string program, string package)
    {
        if (Find(program) is { } present) return present;
        if (Environment.UserName != "root" || Find("apt-get") is null) return null;
        var isForbidden = File.Exists(Policy);
        if (!isForbidden)
        {
            File.WriteAllText(Policy, "#!/bin/sh\nexit 101\n");
            Run("chmod", "755", Policy);
        }

        try
        {
            if (!Install(package))
            {
                Run("apt-get", "update", "-qq");
                Install(package);
            }
        }
        finally
        {
            if (!isForbidden) File.Delete(Policy);
        }

        return Find(program);
    }

    /// <summary>
    /// The program out of its package, unpacked to a folder that stays for the next run; null if there is no apt-get or
    /// it cannot load the package.
    /// </summary>
    public static string? Unpack(string program, string package)
    {
        if (Find(program) is { } present) return present;
        if (Find("apt-get") is null || Find("dpkg") is null) return null;
        var folder = Path.Combine(Path.GetTempPath(), "modelfit-packages", package);
        var unpacked = Path.Combine(folder, "usr", "bin", program);
        if (File.Exists(unpacked)) return unpacked;
        Directory.CreateDirectory(folder);
        if (!Run("sh", "-c", $"cd '{folder}' && apt-get download -qq {package}"))
        {
            if (Environment.UserName == "root") Run("apt-get", "update", "-qq");
            Run("sh", "-c", $"cd '{folder}' && apt-get download -qq {package}");
        }

        if (Directory.GetFiles(folder, "*.deb").FirstOrDefault() is { } file) Run("dpkg", "-x", file, folder);
        return File.Exists(unpacked) ? unpacked : null;
    }

    /// <summary>Runs a program to its end; whether it succeeded.</summary>
    public static bool Run(string program, params string[] arguments)
    {
        var start =
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (process.WaitForExit(Patience)) return process.ExitCode == 0;
        process.Kill(true);
        return false;
    }

    private static bool Install(string package) =>
        Run("apt-get", "install", "-y", "-qq", "--no-install-recommends", package);
}
