using System.Management.Automation;

namespace ModelFit.Binding;

/// <summary>Makes every error record: the failure's id, its category and what it is about.</summary>
internal static class ErrorRecords
{
    /// <summary>The record of a failure; the fallback is its target where the failure names none.</summary>
    public static ErrorRecord From(ModelFitException failure, object? fallback) =>
        new(failure, failure.ErrorId, CategoryOf(failure.Kind), failure.Target ?? fallback);

    /// <summary>What nobody foresaw, as a failure of the record that brought it about.</summary>
    public static ModelFitException Unexpected(Exception error, object? record) => new(
        ErrorIds.UnexpectedFailure, $"This cannot be answered: {error.GetType().Name}: {error.Message}", record, error);

    private static ErrorCategory CategoryOf(FailureKind kind) => kind switch
    {
        FailureKind.NotFound => ErrorCategory.ObjectNotFound,
        FailureKind.InvalidData => ErrorCategory.InvalidData,
        FailureKind.ReadError => ErrorCategory.ReadError,
        FailureKind.Timeout => ErrorCategory.OperationTimeout,
        _ => ErrorCategory.InvalidArgument,
    };
}
