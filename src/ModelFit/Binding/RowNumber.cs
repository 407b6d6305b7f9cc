using System.Collections;
using System.Management.Automation;

namespace ModelFit.Binding;

/// <summary>
/// Counts the records of a pipeline, those too that never arrive because binding them failed: a script block that threw
/// is an error of the shell's, and ProcessRecord is not called.
/// </summary>
internal sealed class RowNumber
{
    private readonly PSCmdlet _cmdlet;
    private object? _lastError;

    public RowNumber(PSCmdlet cmdlet)
    {
        _cmdlet = cmdlet;
        _lastError = Errors is { Count: > 0 } errors ? errors[0] : null;
    }

    /// <summary>The number of the record, from 1.</summary>
    public long Current { get; private set; }

    private IList? Errors => _cmdlet.GetVariableValue("global:Error") as IList;

    /// <summary>Another record has arrived.</summary>
    public void Next()
    {
        Current++;
        if (Errors is not { Count: > 0 } errors || ReferenceEquals(errors[0], _lastError)) return;
        foreach (var error in errors)
        {
            if (ReferenceEquals(error, _lastError)) break;
            if (IsBindingOfThis(error as ErrorRecord)) Current++;
        }

        _lastError = errors[0];
    }

    private bool IsBindingOfThis(ErrorRecord? error) => error?.Exception is ParameterBindingException
        && error.InvocationInfo?.MyCommand?.Name == _cmdlet.MyInvocation.MyCommand.Name
        && error.InvocationInfo.HistoryId == _cmdlet.MyInvocation.HistoryId;
}
