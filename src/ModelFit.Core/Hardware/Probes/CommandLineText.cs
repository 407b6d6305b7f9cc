using System.Text;

namespace ModelFit.Hardware.Probes;

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
