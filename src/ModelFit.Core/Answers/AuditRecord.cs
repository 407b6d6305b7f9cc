using ModelFit.Answers;

namespace ModelFit;

/// <summary>
/// What an audit says of one machine and one question, in one flat row; also of a machine that could not be asked.
/// Its key is <see cref="ComputerName"/> with the question.
/// </summary>
public sealed class AuditRecord
{
    /// <summary>The form of the records that this version writes.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Form of the record; 1 today.</summary>
    public int SchemaVersion { get; internal init; } = CurrentSchemaVersion;

    /// <summary>Id of the run that made the record.</summary>
    public string? RunId { get; internal init; }

    /// <summary>When the machine was seen, UTC; where nobody says, when it was audited.</summary>
    public DateTime? CollectedAt { get; internal init; }

    /// <summary>Computer as it was asked for: the host, or the name in the inventory.</summary>
    public string? ComputerName { get; internal init; }

    /// <summary>Name that the computer itself reports; null if it did not answer.</summary>
    public string? ReportedName { get; internal init; }

    /// <summary>The GPUs as text that parses back; null if there are none or they are not known.</summary>
    public string? Gpu { get; internal init; }

    /// <summary>Number of GPUs; 0 is known to be none.</summary>
    public int? GpuCount { get; internal init; }

    /// <summary>Memory of all cards in bytes.</summary>
    public long? TotalGpuMemoryBytes { get; internal init; }

    /// <summary>Memory of all cards that was free, in bytes; null if any card's is not known.</summary>
    public long? GpuMemoryFreeBytes { get; internal init; }

    /// <summary>System memory in bytes.</summary>
    public long? SystemMemoryBytes { get; internal init; }

    /// <summary>Version of the cards' driver; several different ones are joined by <c>, </c>.</summary>
    public string? DriverVersion { get; internal init; }

    /// <summary>A hash of the hardware without its free memory, driver and names; null if it is not known.</summary>
    public string? HardwareId { get; internal init; }

    /// <summary>Model; null if the rule asks for none.</summary>
    public string? Model { get; internal init; }

    /// <summary>Repository of the published file that the question was answered for; null if for none.</summary>
    public string? Repository { get => field ?? Details?.Answer?.Repository; internal init; }

    /// <summary>Quantization.</summary>
    public string? Quantization { get; internal init; }

    /// <summary>Tokens each sequence can hold.</summary>
    public int? ContextLength { get; internal init; }

    /// <summary>Sequences served at once.</summary>
    public int? ParallelSequences { get; internal init; }

    /// <summary>The runtime.</summary>
    public string? Runtime { get; internal init; }

    /// <summary>Version of the module and a hash of the catalogs that answered.</summary>
    public string? CatalogVersion { get; internal init; }

    /// <summary>
    /// <c>Fits</c>, <c>Tight</c>, <c>Offload</c>, <c>NoFit</c> or <c>Unknown</c>; null if no model is asked about.
    /// </summary>
    public string? Verdict { get; internal init; }

    /// <summary>Bytes of GPU memory that all of it takes; of system memory without a card.</summary>
    public long? RequiredBytes { get; internal init; }

    /// <summary>Bytes available minus required; negative is the deficit.</summary>
    public long? HeadroomBytes { get; internal init; }

    /// <summary>Predicted tokens a second of each sequence; null if it does not run or is not known.</summary>
    public double? DecodeTokensPerSecond { get => field ?? Details?.Answer?.DecodeTokensPerSecond; internal init; }

    /// <summary>Low end of the 80 % interval of the speed.</summary>
    public double? DecodeTokensPerSecondLow
    {
        get => field ?? Details?.Answer?.DecodeTokensPerSecondLow;
        internal init;
    }

    /// <summary>How the memory figures are known: <c>Exact</c>, <c>Modelled</c> or <c>Approximate</c>.</summary>
    public string? Accuracy { get => field ?? Details?.Answer?.Accuracy; internal init; }

    /// <summary>What was supposed, parts joined by <c>; </c>; null if nothing was.</summary>
    public string? Assumptions { get => field ?? Details?.Answer?.Assumptions; internal init; }

    /// <summary>Name of the policy's rule; null without a policy, or if no rule is about the machine.</summary>
    public string? Rule { get; internal init; }

    /// <summary>Severity of the rule: <c>error</c>, <c>warning</c> or <c>info</c>.</summary>
    public string? Severity { get; internal init; }

    /// <summary><c>Compliant</c>, <c>Violated</c> or <c>Unknown</c>; null if nothing is demanded.</summary>
    public string? Compliance { get; internal init; }

    /// <summary>One sentence with the numbers: why the compliance is as it is.</summary>
    public string? Reason { get => field ?? Details?.Reason; internal init; }

    /// <summary>The closest remedy of a violation; null if there is none.</summary>
    public string? Remedy { get => field ?? Details?.Remedy; internal set; }

    /// <summary>What has changed since the baseline, parts joined by <c>; </c>; null if nothing has.</summary>
    public string? Changes { get; internal set; }

    /// <summary>Id of the failure; null if there was none.</summary>
    public string? ErrorId { get; internal init; }

    /// <summary>Message of the failure.</summary>
    public string? ErrorMessage { get; internal init; }

    /// <summary>Finds speed, accuracy and reason when they are read; null where the record says them itself.</summary>
    internal IAuditDetails? Details { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Reason ?? ErrorMessage ?? ComputerName ?? string.Empty;
}
