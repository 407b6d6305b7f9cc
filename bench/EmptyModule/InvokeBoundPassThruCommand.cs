using System.Management.Automation;

namespace EmptyModule;

/// <summary>
/// Writes what it gets, and lets the engine bind the same properties by name, in the same parameter sets and with as
/// much to convert, as Test-ModelFit does: the least that a cmdlet with such a question can do.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "BoundPassThru", DefaultParameterSetName = "Gpu")]
[OutputType(typeof(PSObject))]
public sealed class InvokeBoundPassThruCommand : PSCmdlet
{
    /// <summary>What is written.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[]? Model { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = "Gpu")]
    public string[]? Gpu { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = "Gpu")]
    public int[]? GpuCount { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = "Gpu")]
    [Alias("Vram", "GpuMemoryBytes")]
    public long? GpuMemory { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("SystemMemoryBytes")]
    public string[]? SystemMemory { get; set; }

    /// <summary>The other parameter set.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Machine")]
    public string[]? Machine { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[]? Quantization { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int[]? ContextLength { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? ParallelSequences { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? BatchSize { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? MicroBatchSize { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? KeyCacheType { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? ValueCacheType { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? FlashAttention { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? Runtime { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? CommandLine { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("ReserveBytes")]
    public long? Reserve { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(InputObject);
}
