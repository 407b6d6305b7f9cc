using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using ModelFit.Catalog.Sites;

namespace ModelFit.Binding;

/// <summary>What every cmdlet that calls Core needs: messages, cancellation and errors. It has no parameters.</summary>
public abstract class ModelFitCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CommandMessages _messages = new();
    private readonly CommandProgress _progress = new();
    private int _records;
    private Action? _onRecord;
    private HashSet<string> _typed = new();

    /// <summary>Whether it could begin; without it no record can be answered.</summary>
    private bool _hasBegun;

    /// <summary>Whether the rest of the pipeline runs, or has ended this cmdlet.</summary>
    private bool _isWriting;

    /// <summary>Where Core says what it looked up and assumed.</summary>
    protected IMessageSink Messages => _messages;

    /// <summary>Cancelled when the pipeline is stopped.</summary>
    protected CancellationToken Cancellation => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what the cmdlet holds, also after a stop.</summary>
    protected virtual void Dispose(bool disposing)
    {
        _messages.Close();
        _stop.Dispose();
    }

    /// <summary>
    /// Writes an object. What the rest of the pipeline throws goes through, as it is not about a record.
    /// </summary>
    public new void WriteObject(object? value)
    {
        _isWriting = true;
        base.WriteObject(value);
        _isWriting = false;
    }

    /// <summary>Writes the elements of a collection one by one; see <see cref="WriteObject(object)"/>.</summary>
    public new void WriteObject(object? value, bool enumerateCollection)
    {
        _isWriting = true;
        base.WriteObject(value, enumerateCollection);
        _isWriting = false;
    }

    /// <summary>The record that is processed: what an error is about that says nothing better itself.</summary>
    private protected virtual object? Record => null;

    /// <summary>
    /// Takes note of the site's own catalogs as they are now, of one that is wrong with a warning, and begins; see
    /// <see cref="OnBegin"/>.
    /// </summary>
    protected sealed override void BeginProcessing() => _hasBegun = Guard(() =>
    {
        _typed = new HashSet<string>(MyInvocation.BoundParameters.Keys);
        foreach (var failure in SiteCatalogs.Refresh())
            WriteWarning($"A catalog is left out: {failure.Message}");
        OnBegin();
    });

    /// <summary>Whether a parameter was typed, and is no property of a record.</summary>
    private protected bool IsTyped(string parameter) => _typed.Contains(parameter);

    /// <summary>The full path that a path of a parameter literally is; see <see cref="ModelPaths.OfRecord"/>.</summary>
    private protected string Literal(string parameter, string path) =>
        IsTyped(parameter) ? ModelPaths.Literal(this, path) : ModelPaths.OfRecord(this, path);

    /// <summary>Processes a record; see <see cref="OnRecord"/>.</summary>
    protected sealed override void ProcessRecord()
    {
        if (_hasBegun) Guard(_onRecord ??= OnRecord);
        _records++;
        if (_progress.IsDue && MyInvocation.ExpectingInput) ShowProgress($"{_records} records");
    }

    /// <summary>Ends; see <see cref="OnEnd"/>.</summary>
    protected sealed override void EndProcessing()
    {
        if (_hasBegun) Guard(OnEnd);
        _progress.Complete(this);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>What is done before the first record.</summary>
    protected virtual void OnBegin()
    {
    }

    /// <summary>What is done with a record. What escapes is one error about it, and the pipeline goes on.</summary>
    protected virtual void OnRecord()
    {
    }

    /// <summary>What is done after the last record.</summary>
    protected virtual void OnEnd()
    {
    }

    /// <summary>
    /// Runs a call to Core: its messages are written, its failure becomes a non-terminating error and false.
    /// </summary>
    protected bool Attempt<T>(Func<T> call, object? target, [MaybeNullWhen(false)] out T value)
    {
        ModelFitException? failure = null;
        value = default;
        try
        {
            value = call();
        }
        catch (ModelFitException error)
        {
            failure = error;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception error) when (!IsOfEngine(error))
        {
            failure = ErrorRecords.Unexpected(error, target);
        }

        WriteMessages();
        if (failure is not null) WriteFailure(failure, target);
        return failure is null;
    }

    /// <summary>As <see cref="Attempt{T}"/>, for a call that gives nothing.</summary>
    private protected bool Attempt(Action call, object? target) => Attempt(
        () =>
        {
            call();
            return true;
        },
        target,
        out _);

    /// <summary>Runs a call to Core without which nothing can be answered: its failure ends the cmdlet.</summary>
    private protected T Require<T>(Func<T> call, object? target)
    {
        try
        {
            return call();
        }
        catch (ModelFitException failure)
        {
            ThrowTerminatingError(ErrorRecords.From(failure, target));
            throw;
        }
    }

    /// <summary>As <see cref="Attempt{T}"/>, for a call that may take seconds; see <see cref="Wait"/>.</summary>
    protected bool AttemptLong<T>(Func<T> call, object? target, [MaybeNullWhen(false)] out T value) =>
        Attempt(() => Wait(call), target, out value);

    /// <summary>
    /// Waits for a call that may take seconds: progress is shown while it runs, and a stop leaves the call, which sees
    /// its token, without waiting for it.
    /// </summary>
    protected T Wait<T>(Func<T> call)
    {
        var work = Task.Run(call, Cancellation);
        try
        {
            while (!work.Wait(CommandProgress.Interval, Cancellation)) ShowProgress(_progress.Elapsed);
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Capture(error.InnerException!).Throw();
        }

        return work.Result;
    }

    /// <summary>Shows how far it is, once it has run for a second; only on the thread of the pipeline.</summary>
    protected void ShowProgress(string status) => _progress.Show(this, status);

    // The door: whatever a record brings about, the pipeline goes on, unless it was the engine that ended it.
    private bool Guard(Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (ModelFitException failure) when (!_isWriting)
        {
            WriteFailure(failure, Record);
            return false;
        }
        catch (Exception error) when (!_isWriting && !IsOfEngine(error))
        {
            WriteFailure(ErrorRecords.Unexpected(error, Record), Record);
            return false;
        }
    }

    /// <summary>Stops, terminating errors and what leaves loops go through every cmdlet.</summary>
    private static bool IsOfEngine(Exception error) =>
        error is PipelineStoppedException or ActionPreferenceStopException
        || (error.GetType().Assembly == typeof(PSCmdlet).Assembly && error is not IContainsErrorRecord);

    /// <summary>Writes a failure as a non-terminating error.</summary>
    protected virtual void WriteFailure(ModelFitException failure, object? target = null) =>
        WriteError(ErrorRecords.From(failure, target));

    /// <summary>Writes what Core has said until now.</summary>
    protected void WriteMessages() => _messages.WriteTo(this);
}
