using System.Globalization;
using System.IO;

namespace ModelFit.Tool;

/// <summary>
/// Standard input that was closed when the tool was started. On Linux the runtime's first own pipe then takes its
/// number, and whoever reads it waits for ever.
/// </summary>
internal static class ClosedInput
{
    private const string Descriptors = "/proc/self/fd";

    /// <summary>Whether this process itself holds the end that writes to its standard input.</summary>
    public static bool IsIt()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            var input = Target("0");
            if (input is null) return true;
            return input.StartsWith("pipe:", StringComparison.Ordinal) && Directory.EnumerateFiles(Descriptors)
                .Select(path => Path.GetFileName(path)!)
                .Any(number => number != "0" && Target(number) == input && IsForWriting(number));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? Target(string number) => new FileInfo($"{Descriptors}/{number}").LinkTarget;

    /// <summary>The access mode is the last two bits of the octal flags (open(2)).</summary>
    private static bool IsForWriting(string number) => File.ReadLines($"/proc/self/fdinfo/{number}")
        .Where(line => line.StartsWith("flags:", StringComparison.Ordinal))
        .Select(line => line["flags:".Length..].Trim())
        .Any(flags => (int.Parse(flags[^1..], CultureInfo.InvariantCulture) & 3) != 0);
}
