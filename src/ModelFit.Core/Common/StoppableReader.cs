using System.IO;
using System.Threading;

namespace ModelFit.Common;

/// <summary>
/// A text, from some character on, for a parser that takes a reader. Each block that the parser asks for throws
/// <see cref="OperationCanceledException"/> once all is stopped, so that no parser needs to know of it.
/// </summary>
internal sealed class StoppableReader : TextReader
{
    private readonly string _text;
    private readonly CancellationToken _stop;
    private int _at;

    /// <summary>Reads the text from a character on.</summary>
    public StoppableReader(string text, CancellationToken stop, int start = 0)
    {
        _text = text;
        _stop = stop;
        _at = start;
    }

    public override int Peek() => _at < _text.Length ? _text[_at] : -1;

    public override int Read()
    {
        _stop.ThrowIfCancellationRequested();
        return _at < _text.Length ? _text[_at++] : -1;
    }

    public override int Read(char[] buffer, int index, int count)
    {
        _stop.ThrowIfCancellationRequested();
        var read = Math.Min(count, _text.Length - _at);
        _text.CopyTo(_at, buffer, index, read);
        _at += read;
        return read;
    }
}
