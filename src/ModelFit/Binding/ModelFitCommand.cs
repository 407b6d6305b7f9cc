using System;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Threading;
using ModelFit.Catalog.Sites;

namespace ModelFit.Binding;

/// <summary>What every cmdlet that calls Core needs: messages, cancellation and errors. It has no parameters.</summary>
public abstract class ModelFitCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CommandMessages _messages = new();

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

    /// <summary>Takes note of the site's own catalogs as they are now; of one that is wrong, a warning says what.</summary>
    protected override void BeginProcessing()
    {
        foreach (var failure in SiteCatalogs.Refresh())
            WriteWarning($"A catalog is left out: {failure.Message}");
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

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

        WriteMessages();
        if (failure is not null) WriteFailure(failure, target);
        return failure is null;
    }

    /// <summary>Writes a failure as a non-terminating error.</summary>
    protected virtual void WriteFailure(ModelFitException failure, object? target = null) =>
        WriteError(ErrorRecords.From(failure, target));

    /// <summary>Writes what Core has said until now.</summary>
    protected void WriteMessages() => _messages.WriteTo(this);
}
