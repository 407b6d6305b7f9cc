using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using ModelFit.Hardware.Probes;

namespace ModelFit.Hardware.Remote;

/// <summary>What one host gave: a machine, or the failure, and what was said on the way.</summary>
internal sealed record SshOutcome(string Host, MachineSpec? Machine, ModelFitException? Failure, BufferedSink Messages);

/// <summary>
/// Asks hosts over the system's ssh client, one round trip each, some at once; each answers, or fails, alone. Hosts may
/// be added while others run; results come as the hosts answer.
/// </summary>
internal sealed class SshHosts : IDisposable
{
    /// <summary>An honest answer has a tenth of it; with the throttle it bounds the memory of a call.</summary>
    private const int MaxAnswerChars = 2 << 20;

    private readonly BlockingCollection<SshOutcome> _outcomes = new();
    private readonly SemaphoreSlim _slots;
    private readonly int _throttle;
    private readonly TimeSpan _limit;
    private readonly IGpuLookup _catalog;
    private readonly IReadOnlyList<string> _options;
    private readonly CancellationToken _cancellation;
    private readonly bool _withModels;
    private int _pending;

    /// <summary>Prepares to ask.</summary>
    /// <param name="throttle">Most hosts that are asked at once.</param>
    /// <param name="limit">How long a host may take.</param>
    /// <param name="catalog">Joins cards with what is known of them.</param>
    /// <param name="options">Further arguments of ssh (tests give a configuration file); usually none.</param>
    /// <param name="cancellation">Ends every connection.</param>
    /// <param name="withModels">Whether to ask for stored models and for programs that serve them.</param>
    public SshHosts(
        int throttle,
        TimeSpan limit,
        IGpuLookup catalog,
        IReadOnlyList<string> options,
        CancellationToken cancellation,
        bool withModels = false)
    {
        _withModels = withModels;
        (_slots, _throttle) = (new SemaphoreSlim(throttle), throttle);
        (_limit, _catalog, _options, _cancellation) = (limit, catalog, options, cancellation);
    }

    /// <summary>Hosts that have not answered yet.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>
    /// Begins to ask a host as soon as a slot is free, waiting for one: so no more than the throttle are held, however
    /// many hosts come.
    /// </summary>
    public void Ask(string host)
    {
        _slots.Wait(_cancellation);
        Interlocked.Increment(ref _pending);
        _ = Task.Run(async () =>
        {
            var outcome = await Outcome(host).ConfigureAwait(false);
            _slots.Release();
            _outcomes.Add(outcome);
        });
    }

    /// <summary>Whether a slot is free, so that <see cref="Ask"/> would not wait.</summary>
    public bool HasFreeSlot => _slots.CurrentCount > 0;

    /// <summary>The next result; waits for it. Null if no host is pending.</summary>
    public SshOutcome? Next()
    {
        if (Pending == 0) return null;
        var outcome = _outcomes.Take(_cancellation);
        Interlocked.Decrement(ref _pending);
        return outcome;
    }

    /// <summary>A result that is there already; null if none is.</summary>
    public SshOutcome? Ready()
    {
        if (!_outcomes.TryTake(out var outcome)) return null;
        Interlocked.Decrement(ref _pending);
        return outcome;
    }

    /// <summary>
    /// After a cancellation: waits until every connection has ended, so that none outlives this process; at most half a
    /// second.
    /// </summary>
    public void WaitForEnd() =>
        SpinWait.SpinUntil(() => _slots.CurrentCount == _throttle, TimeSpan.FromMilliseconds(500));

    public void Dispose()
    {
        // Connections that still run end by the cancellation or their time limit and then use these objects once more.
        if (Pending > 0) return;
        _slots.Dispose();
        _outcomes.Dispose();
    }

    private async Task<SshOutcome> Outcome(string text)
    {
        var messages = new BufferedSink();
        try
        {
            var host = SshHost.Parse(text);
            var program = ChildProcess.Find("ssh")
                ?? throw Failure(text, "no ssh client is in PATH", FailureKind.ReadError);
            var seconds = Math.Max(1, (int)_limit.TotalSeconds);
            var clock = Stopwatch.StartNew();
            var result = await ChildProcess.RunAsync(
                program, _options.Concat(host.Arguments(seconds)), RemoteScript.Of(_withModels), _limit, MaxAnswerChars,
                _cancellation).ConfigureAwait(false);
            var left = _limit - clock.Elapsed;
            var machine = await Within(left, () => Machine(host.Asked, result, messages)).ConfigureAwait(false)
                ?? throw Failure(text, "reading its answer takes too long", FailureKind.Timeout);
            return new SshOutcome(text, machine, null, messages);
        }
        catch (ModelFitException error)
        {
            return new SshOutcome(text, null, About(text, error), messages);
        }
        catch (OperationCanceledException)
        {
            return new SshOutcome(text, null, Failure(text, "it was stopped", FailureKind.Timeout), messages);
        }
        catch (Exception error)
        {
            return new SshOutcome(text, null, Failure(text, error.Message, FailureKind.ReadError), messages);
        }
    }

    /// <summary>
    /// What a step gives within the time that is left; null if it does not end in it, or all is stopped.
    /// </summary>
    private async Task<MachineSpec?> Within(TimeSpan left, Func<MachineSpec> step)
    {
        var read = Task.Run(step, CancellationToken.None);
        var end = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, _cancellation);
        return await Task.WhenAny(read, end).ConfigureAwait(false) == read
            ? await read.ConfigureAwait(false)
            : null;
    }

    private MachineSpec Machine(string host, ChildResult result, IMessageSink messages)
    {
        if (result.Flooded) throw Failure(
            host, $"it sent more than {MaxAnswerChars} characters and was cut off", FailureKind.InvalidData);
        var answer = RemoteAnswer.Parse(result.Output);
        if (answer.IsEmpty) throw Failure(host, Reason(result), FailureKind.ReadError);
        if (!answer.IsComplete) throw Failure(
            host, $"its answer ends early ({Reason(result)})", FailureKind.InvalidData);
        var machine = CardJoin.Complete(answer.Machine(host, messages), _catalog, messages);
        if (!_withModels) return machine;
        var runtimes = RemoteModels.Runtimes(answer, machine.ComputerName);
        return machine with
        {
            Installed = RemoteModels.Models(answer),
            ServingRuntimes = runtimes,
            Runtimes = string.Join("; ", runtimes.Select(runtime => runtime.ToString())),
        };
    }

    private static string Reason(ChildResult result)
    {
        var lines = result.Error.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        return lines.Count > 0 ? string.Join(" ", lines.Skip(Math.Max(0, lines.Count - 2)))
            : $"ssh ended with {result.ExitCode} and no answer";
    }

    private static ModelFitException About(string host, ModelFitException error) =>
        error.ErrorId == ErrorIds.InvalidArgument || error.Target as string == host ? error
            : Failure(host, error.Message, error.Kind);

    private static ModelFitException Failure(string host, string reason, FailureKind kind) =>
        new(ErrorIds.ProbeFailed, kind, $"{host}: {reason}", host);
}
