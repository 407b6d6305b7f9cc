using System.Management.Automation;

namespace EmptyModule;

/// <summary>
/// Writes what it gets, and lets the engine bind as many properties by name as Test-ModelFit does: the least that a
/// cmdlet with such a question can do.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "BoundPassThru")]
[OutputType(typeof(PSObject))]
public sealed class InvokeBoundPassThruCommand : PSCmdlet
{
    /// <summary>What is written.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? Model { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? Gpu { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? GpuCount { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Vram", "GpuMemoryBytes")]
    public object? GpuMemory { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("SystemMemoryBytes")]
    public object? SystemMemory { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? Quantization { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? ContextLength { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? ParallelSequences { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? BatchSize { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? MicroBatchSize { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? KeyCacheType { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? ValueCacheType { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? FlashAttention { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? Runtime { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? CommandLine { get; set; }

    /// <summary>Bound by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("ReserveBytes")]
    public object? Reserve { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(InputObject);
}
