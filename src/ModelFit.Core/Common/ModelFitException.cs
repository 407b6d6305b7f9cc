namespace ModelFit;

/// <summary>The kind of a <see cref="ModelFitException"/>; the module maps it to an error category.</summary>
public enum FailureKind
{
    /// <summary>A name that nothing answers to.</summary>
    NotFound,

    /// <summary>A value that cannot be used as it was given.</summary>
    InvalidArgument,

    /// <summary>Data that was read and is damaged, truncated or not what it claims to be.</summary>
    InvalidData,

    /// <summary>Something outside the process failed: a probe, a disk, a server.</summary>
    ReadError,

    /// <summary>The operation took longer than it was allowed to.</summary>
    Timeout,
}

/// <summary>
/// The one exception that Core lets out: every failure a user can meet has a stable id, a kind and the object it is
/// about. Exceptions of the runtime or of libraries are turned into it where they arise.
/// </summary>
public sealed class ModelFitException : Exception
{
    /// <summary>Creates a failure with one of the ids of <see cref="ErrorIds"/>, of its usual kind.</summary>
    public ModelFitException(string errorId, string message, object? target = null, Exception? inner = null)
        : this(errorId, ErrorIds.KindOf(errorId), message, target, inner)
    {
    }

    /// <summary>Creates a failure with one of the ids of <see cref="ErrorIds"/>.</summary>
    public ModelFitException(
        string errorId, FailureKind kind, string message, object? target = null, Exception? inner = null)
        : base(Common.CleanText.Message(message), inner)
    {
        ErrorId = errorId;
        Kind = kind;
        Target = target;
    }

    /// <summary>The stable PascalCase id, one of <see cref="ErrorIds"/>.</summary>
    public string ErrorId { get; }

    /// <summary>The kind of failure.</summary>
    public FailureKind Kind { get; }

    /// <summary>The name, path or row that the failure is about; null if there is none.</summary>
    public object? Target { get; }

    /// <summary>The computer whose row or answer failed; null if it is not known or none.</summary>
    public string? ComputerName { get; internal init; }
}

/// <summary>The stable error ids that scripts may test for.</summary>
public static class ErrorIds
{
    /// <summary>No model of that name in the catalog, and no such file.</summary>
    public const string ModelNotFound = nameof(ModelNotFound);

    /// <summary>No GPU of that name in the catalog.</summary>
    public const string GpuNotFound = nameof(GpuNotFound);

    /// <summary>A GPU name that stands for cards whose difference changes the verdict.</summary>
    public const string GpuAmbiguous = nameof(GpuAmbiguous);

    /// <summary>The count of cards contradicts the cards that were named.</summary>
    public const string GpuCountMismatch = nameof(GpuCountMismatch);

    /// <summary>No quantization of that name.</summary>
    public const string QuantizationNotFound = nameof(QuantizationNotFound);

    /// <summary>A row of an inventory lacks a column that the question needs.</summary>
    public const string MissingColumn = nameof(MissingColumn);

    /// <summary>A parameter that was typed but is empty.</summary>
    public const string EmptyArgument = nameof(EmptyArgument);

    /// <summary>A value that cannot be converted or is outside its range.</summary>
    public const string InvalidArgument = nameof(InvalidArgument);

    /// <summary>A model file that is damaged, truncated, hostile or of an unknown kind.</summary>
    public const string InvalidModelFile = nameof(InvalidModelFile);

    /// <summary>A file that could not be opened or read.</summary>
    public const string FileUnreadable = nameof(FileUnreadable);

    /// <summary>A file that could not be written; what was there before stands.</summary>
    public const string FileUnwritable = nameof(FileUnwritable);

    /// <summary>Text, rows or objects that no inventory reader recognizes.</summary>
    public const string UnknownInventory = nameof(UnknownInventory);

    /// <summary>A probe of this or another machine failed.</summary>
    public const string ProbeFailed = nameof(ProbeFailed);

    /// <summary>A remote file could not be fetched.</summary>
    public const string RemoteFailed = nameof(RemoteFailed);

    /// <summary>How large a model is: nothing that is known of it says.</summary>
    public const string ModelSizeUnknown = nameof(ModelSizeUnknown);

    /// <summary>A policy that is no JSON, or says what is not understood; the message has line and column.</summary>
    public const string InvalidPolicy = nameof(InvalidPolicy);

    /// <summary>A catalog that is no JSON, or says what is not understood; the message has line and column.</summary>
    public const string InvalidCatalog = nameof(InvalidCatalog);

    /// <summary>Records of an audit that cannot be read back; the message has the line.</summary>
    public const string InvalidAudit = nameof(InvalidAudit);

    /// <summary>Whether a machine is compliant depends on what is not known of it.</summary>
    public const string ComplianceUnknown = nameof(ComplianceUnknown);

    /// <summary>A machine of the baseline that the audit has not seen.</summary>
    public const string MachineMissing = nameof(MachineMissing);

    /// <summary>What nobody foresaw happened to one record; please report it.</summary>
    public const string UnexpectedFailure = nameof(UnexpectedFailure);

    /// <summary>The kind of most failures with an id.</summary>
    internal static FailureKind KindOf(string errorId) => errorId switch
    {
        ModelNotFound or GpuNotFound or QuantizationNotFound or MachineMissing => FailureKind.NotFound,
        InvalidModelFile or UnknownInventory or InvalidPolicy or InvalidCatalog or InvalidAudit
            or UnexpectedFailure => FailureKind.InvalidData,
        FileUnreadable or FileUnwritable or ProbeFailed or RemoteFailed or ComplianceUnknown => FailureKind.ReadError,
        _ => FailureKind.InvalidArgument,
    };
}
