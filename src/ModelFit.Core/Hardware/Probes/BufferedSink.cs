using System.Collections.Concurrent;

namespace ModelFit.Hardware.Probes;

/// <summary>Keeps what a probe says on its own thread until the caller's thread may say it.</summary>
internal sealed class BufferedSink : IMessageSink
{
    private readonly ConcurrentQueue<(bool IsWarning, string Text)> _messages = new();

    public void Verbose(string message) => _messages.Enqueue((false, message));

    public void Warning(string message) => _messages.Enqueue((true, message));

    /// <summary>Says everything that was kept.</summary>
    public void Flush(IMessageSink messages)
    {
        while (_messages.TryDequeue(out var message))
        {
            if (message.IsWarning) messages.Warning(message.Text);
            else messages.Verbose(message.Text);
        }
    }
}
