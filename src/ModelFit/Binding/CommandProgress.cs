using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace ModelFit.Binding;

/// <summary>What a cmdlet shows while it runs: nothing in its first second, then a line that is renewed.</summary>
internal sealed class CommandProgress
{
    /// <summary>Milliseconds from one line to the next.</summary>
    public const int Interval = 300;

    private const long Patience = 1000;

    private readonly Stopwatch _running = Stopwatch.StartNew();
    private long _next = Patience;

    /// <summary>How long the cmdlet has run, in seconds.</summary>
    public string Elapsed => _running.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture) + " s";

    /// <summary>Whether it is time for a line.</summary>
    public bool IsDue => _running.ElapsedMilliseconds >= _next;

    /// <summary>Shows the line, if it is time.</summary>
    public void Show(PSCmdlet cmdlet, string status)
    {
        if (!IsDue) return;
        _next = _running.ElapsedMilliseconds + Interval;
        cmdlet.WriteProgress(new ProgressRecord(0, cmdlet.MyInvocation.MyCommand.Name, status));
    }

    /// <summary>Takes the line away.</summary>
    public void Complete(PSCmdlet cmdlet)
    {
        if (_next == Patience) return;
        cmdlet.WriteProgress(new ProgressRecord(0, cmdlet.MyInvocation.MyCommand.Name, Elapsed)
        {
            RecordType = ProgressRecordType.Completed,
        });
    }
}
