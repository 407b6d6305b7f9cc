using System.Collections.Generic;
using System.Linq;

namespace ModelFit.Runtimes;

/// <summary>Arguments as text for a shell.</summary>
internal static class CommandText
{
    private const string Plain = "_./:+-";

    /// <summary>
    /// A command line that a POSIX shell and PowerShell read alike: an argument with anything but letters, digits and
    /// a few harmless marks is quoted.
    /// </summary>
    public static string Join(string program, IEnumerable<string> arguments) =>
        string.Join(" ", new[] { program }.Concat(arguments.Select(Quote)));

    /// <summary>
    /// One argument. Single quotes mean the same to both kinds of shell; an argument that holds a single quote is put
    /// in double quotes where nothing in it would be expanded, else quoted as PowerShell does.
    /// </summary>
    public static string Quote(string argument)
    {
        if (argument.Length > 0 && argument.All(IsPlain)) return argument;
        if (argument.IndexOf('\'') < 0) return "'" + argument + "'";
        return argument.IndexOfAny(new[] { '"', '$', '`', '\\', '!' }) < 0
            ? "\"" + argument + "\""
            : QuoteForPowerShell(argument);
    }

    /// <summary>One argument of a PowerShell command: bare where it can be, else in single quotes.</summary>
    public static string QuoteForPowerShell(string argument) =>
        argument.Length > 0 && argument.All(IsPlain) && argument[0] != '-'
            ? argument
            : "'" + argument.Replace("'", "''") + "'";

    private static bool IsPlain(char mark) =>
        mark is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' || Plain.IndexOf(mark) >= 0;
}
