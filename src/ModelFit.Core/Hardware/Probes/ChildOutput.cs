using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace ModelFit.Hardware.Probes;

/// <summary>
/// What a program writes, read on a thread of its own: a pipe that is waited for on the pool's threads starves them
/// when many programs run.
/// </summary>
internal sealed class ChildOutput
{
    private readonly TextReader _reader;
    private readonly int _maxChars;
    private readonly Action? _full;
    private readonly StringBuilder _text = new();

    /// <summary>Begins to read.</summary>
    /// <param name="reader">The program's end of the pipe.</param>
    /// <param name="maxChars">Most characters that are kept.</param>
    /// <param name="full">
    /// Called once more would come, and nothing more is read; without it the rest is dropped.
    /// </param>
    public ChildOutput(TextReader reader, int maxChars, Action? full)
    {
        (_reader, _maxChars, _full) = (reader, maxChars, full);
        End = Task.Factory.StartNew(
            Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Ends when the program has closed its output, or when it is full.</summary>
    public Task End { get; }

    /// <summary>Whether as much came as is kept.</summary>
    public bool IsFull { get; private set; }

    /// <summary>What has come until now.</summary>
    public string Text
    {
        get
        {
            lock (_text) return _text.ToString();
        }
    }

    private void Read()
    {
        var buffer = new char[4096];
        try
        {
            while (_reader.Read(buffer, 0, buffer.Length) is var count and > 0)
            {
                lock (_text) _text.Append(buffer, 0, Math.Min(count, _maxChars - _text.Length));
                if (_text.Length < _maxChars || _full is null) continue;
                IsFull = true;
                _full();
                return;
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The pipe was closed under the reader: what has come is what there is.
        }
    }
}
