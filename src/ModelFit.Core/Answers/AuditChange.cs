namespace ModelFit;

/// <summary>One difference between two audits.</summary>
public sealed class AuditChange
{
    /// <summary>Computer that changed.</summary>
    public string? ComputerName { get; internal init; }

    /// <summary>
    /// What changed: <c>MachineNew</c>, <c>MachineGone</c>, <c>MachineFailed</c>, <c>MachineRecovered</c>,
    /// <c>GpuAdded</c>, <c>GpuLost</c>, <c>GpuReplaced</c>, <c>GpuMemory</c>, <c>SystemMemory</c>, <c>Driver</c>,
    /// <c>FreeMemory</c>, <c>Hardware</c>, <c>QuestionNew</c>, <c>QuestionGone</c>, <c>Verdict</c>, <c>Compliance</c>
    /// or <c>Requirement</c>.
    /// </summary>
    public string Change { get; internal init; } = string.Empty;

    /// <summary>Model of a question that changed; null where the machine did.</summary>
    public string? Model { get; internal init; }

    /// <summary>Quantization of the question.</summary>
    public string? Quantization { get; internal init; }

    /// <summary>Tokens each sequence of the question can hold.</summary>
    public int? ContextLength { get; internal init; }

    /// <summary>Sequences of the question.</summary>
    public int? ParallelSequences { get; internal init; }

    /// <summary>The runtime of the question.</summary>
    public string? Runtime { get; internal init; }

    /// <summary>Name of the policy's rule.</summary>
    public string? Rule { get; internal init; }

    /// <summary>What it was; null if it was not.</summary>
    public string? Before { get; internal init; }

    /// <summary>What it is; null if it is no more.</summary>
    public string? After { get; internal init; }

    /// <summary>
    /// Why a question's answer changed: <c>Hardware</c>, <c>FreeMemory</c>, <c>Driver</c>, <c>Failure</c>,
    /// <c>Catalog</c> (the machine is the same, the catalog is not), <c>Policy</c>; null where a machine changed.
    /// </summary>
    public string? Cause { get; internal init; }

    /// <summary>
    /// <c>error</c> for what makes things worse under a rule of severity error, <c>warning</c> for what makes them
    /// worse otherwise, else <c>info</c>.
    /// </summary>
    public string Severity { get; internal init; } = "info";

    /// <summary>One sentence with the values.</summary>
    public string Description { get; internal init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => Description;
}
