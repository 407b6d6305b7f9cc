using System.Management.Automation;

namespace EmptyModule;

/// <summary>Writes what it gets: the least a cmdlet in a pipeline can do.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "PassThru")]
[OutputType(typeof(PSObject))]
public sealed class InvokePassThruCommand : PSCmdlet
{
    /// <summary>What is written.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(InputObject);
}
