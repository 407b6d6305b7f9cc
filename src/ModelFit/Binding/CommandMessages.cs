using System.Collections.Concurrent;
using System.Management.Automation;
using ModelFit.Common;

namespace ModelFit.Binding;

/// <summary>
/// Takes what Core says, from any thread and at any time, and writes it when the cmdlet may write. What is said after
/// the cmdlet has ended (a lazy property that is read later) is dropped.
/// </summary>
internal sealed class CommandMessages : IMessageSink
{
    private readonly ConcurrentQueue<(bool IsWarning, string Text)> _waiting = new();
    private volatile bool _closed;

    public void Verbose(string message) => Add(false, message);

    public void Warning(string message) => Add(true, message);

    /// <summary>Writes what waits; only on the thread of the pipeline, from within the cmdlet.</summary>
    public void WriteTo(Cmdlet cmdlet)
    {
        while (_waiting.TryDequeue(out var message))
        {
            if (message.IsWarning) cmdlet.WriteWarning(message.Text);
            else cmdlet.WriteVerbose(message.Text);
        }
    }

    /// <summary>Drops what is said from now on.</summary>
    public void Close() => _closed = true;

    private void Add(bool isWarning, string text)
    {
        if (!_closed) _waiting.Enqueue((isWarning, CleanText.Message(text)));
    }
}
