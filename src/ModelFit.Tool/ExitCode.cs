namespace ModelFit.Tool;

/// <summary>What the tool says to the shell that started it, as grep does.</summary>
internal static class ExitCode
{
    /// <summary>Yes, or done.</summary>
    public const int Yes = 0;

    /// <summary>No: an answer of <c>-Quiet</c> was no, or there was none.</summary>
    public const int No = 1;

    /// <summary>An error was written, or the tool was called in a way it does not understand.</summary>
    public const int Error = 2;

    /// <summary>Nothing is known, as Nagios' plug-ins say it.</summary>
    public const int Unknown = 3;

    /// <summary>Interrupted, as shells say it of SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended, as shells say it of SIGTERM.</summary>
    public const int Terminated = 143;
}
