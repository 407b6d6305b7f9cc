using System.Collections;
using System.Management.Automation;

namespace ModelFit.Binding;

/// <summary>
/// Counts the records of a pipeline, those too that never arrive because binding them failed: a script block that threw
/// is an error of the shell's, and ProcessRecord is not called. Such errors get the row's number and its computer.
/// </summary>
internal sealed class RowNumber
{
    private readonly PSCmdlet _cmdlet;

    // The shell's $Error is a constant: one list for as long as the session lives.
    private readonly IList? _errors;
    private object? _lastError;

    public RowNumber(PSCmdlet cmdlet)
    {
        _cmdlet = cmdlet;
        _errors = cmdlet.GetVariableValue("global:Error") as IList;
        _lastError = _errors is { Count: > 0 } errors ? errors[0] : null;
    }

    /// <summary>The number of the record, from 1.</summary>
    public long Current { get; private set; }

    /// <summary>A row as errors call it: its number, and its computer where it names one.</summary>
    public static string Name(string row, object? record) => record is not null
        && RowReader.ReadNames(record).ComputerName is { } computer ? $"{row} ({computer})" : row;

    /// <summary>Another record has arrived.</summary>
    public void Next()
    {
        CountMissed();
        Current++;
    }

    /// <summary>Counts the records that did not arrive since the last one, and names them in their errors.</summary>
    public void CountMissed()
    {
        if (_errors is not { Count: > 0 } errors || ReferenceEquals(errors[0], _lastError)) return;
        var missed = errors.Cast<object?>().TakeWhile(error => !ReferenceEquals(error, _lastError))
            .OfType<ErrorRecord>().Where(IsBindingOfThis).Reverse().ToArray();
        foreach (var error in missed)
        {
            var name = Name($"Row {++Current}", error.TargetObject);
            error.ErrorDetails ??= new ErrorDetails($"{name}: {error.Exception.Message}");
        }

        _lastError = errors[0];
    }

    private bool IsBindingOfThis(ErrorRecord error) => error.Exception is ParameterBindingException
        && error.InvocationInfo?.MyCommand?.Name == _cmdlet.MyInvocation.MyCommand.Name
        && error.InvocationInfo.HistoryId == _cmdlet.MyInvocation.HistoryId;
}
