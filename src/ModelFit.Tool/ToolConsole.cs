using System.IO;
using System.Text;

namespace ModelFit.Tool;

/// <summary>The three streams of the tool and what is known of the terminal behind them.</summary>
internal sealed class ToolConsole
{
    /// <summary>Columns where no terminal says how wide it is.</summary>
    public const int DefaultWidth = 120;

    public required TextReader In { get; init; }

    /// <summary>Whether another program or a file is behind <see cref="In"/>, and no terminal.</summary>
    public bool IsInputPiped { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = DefaultWidth;

    /// <summary>Whether escape sequences may be written to <see cref="Out"/>.</summary>
    public bool HasColor { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal, on which a line can be overwritten.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>The streams of this process, UTF-8; each line is written as soon as it is there.</summary>
    public static ToolConsole OfProcess()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var toTerminal = !Console.IsOutputRedirected;
        if (OperatingSystem.IsWindows() && toTerminal) Console.OutputEncoding = utf8;
        var isClosed = ClosedInput.IsIt();
        return new ToolConsole
        {
            In = isClosed ? TextReader.Null : new StreamReader(Console.OpenStandardInput(), utf8),
            IsInputPiped = !isClosed && Console.IsInputRedirected,
            Out = new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true },
            Error = Console.Error,
            Width = toTerminal ? TerminalWidth() : DefaultWidth,
            HasColor = toTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            ShowsProgress = !Console.IsErrorRedirected,
        };
    }

    private static int TerminalWidth()
    {
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : DefaultWidth;
        }
        catch (IOException)
        {
            return DefaultWidth;
        }
    }
}
