using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace ModelFit.Module.Tests.Hardware;

/// <summary>The built tool as a process of its own, whose memory can be seen and which can be interrupted.</summary>
internal static class ToolProcess
{
    public static Process Start(params string[] arguments)
    {
        var name = OperatingSystem.IsWindows() ? "ModelFit.Tool.exe" : "ModelFit.Tool";
        return Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, name), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>
    /// Whether this process was started to ignore interrupts (a shell's background job), as its children then do.
    /// </summary>
    public static bool IgnoresInterrupts { get; } = OperatingSystem.IsLinux() && (Convert.ToUInt64(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..]
            .Trim(),
        16) & 2) != 0;

    /// <summary>The most memory that it had until now, in bytes (Linux's VmHWM); 0 if it has ended.</summary>
    public static long PeakMemory(Process process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(
                line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line[6..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) << 10;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
