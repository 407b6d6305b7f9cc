using System.Threading;
using System.Threading.Tasks;

namespace ModelFit.Hardware.Probes;

/// <summary>One probe that runs beside the others: it has a time limit and fails alone, as a warning.</summary>
internal sealed class Probe<T>
    where T : class
{
    private readonly string _name;
    private readonly BufferedSink _messages = new();
    private readonly Task<T?> _run;
    private readonly TimeSpan _limit;

    /// <summary>Starts the probe.</summary>
    /// <param name="name">What is probed, for messages.</param>
    /// <param name="limit">How long its result is waited for.</param>
    /// <param name="run">The probe; null is "nothing there".</param>
    /// <param name="cancellation">Stops it.</param>
    public Probe(
        string name, TimeSpan limit, Func<IMessageSink, CancellationToken, T?> run, CancellationToken cancellation)
    {
        (_name, _limit) = (name, limit);
        _run = Task.Run(() => run(_messages, cancellation), cancellation);
    }

    /// <summary>The result, or null with a warning saying what failed.</summary>
    public T? Result(IMessageSink messages, CancellationToken cancellation)
    {
        try
        {
            var ended = _run.Wait((int)_limit.TotalMilliseconds, cancellation);
            _messages.Flush(messages);
            if (ended) return _run.Result;
            messages.Warning(FormattableString.Invariant(
                $"{_name} did not answer within {_limit.TotalSeconds:0.#} s and is left out."));
        }
        catch (AggregateException error)
        {
            _messages.Flush(messages);
            var cause = error.GetBaseException();
            if (cause is OperationCanceledException) throw new OperationCanceledException(cancellation);
            messages.Warning($"{_name} failed: {cause.Message}");
        }

        return null;
    }
}
