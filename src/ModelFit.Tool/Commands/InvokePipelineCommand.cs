using System.Management.Automation;

namespace ModelFit.Tool.Commands;

/// <summary>Runs the pipeline of a script block with what comes down this one as its input.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Pipeline")]
internal sealed class InvokePipelineCommand : PSCmdlet
{
    private SteppablePipeline? pipeline;

    [Parameter(Mandatory = true)]
    public ScriptBlock ScriptBlock { get; set; } = ScriptBlock.Create(string.Empty);

    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    protected override void BeginProcessing()
    {
        pipeline = ScriptBlock.GetSteppablePipeline(MyInvocation.CommandOrigin);
        pipeline.Begin(this);
    }

    protected override void ProcessRecord() => pipeline!.Process(InputObject);

    protected override void EndProcessing() => pipeline!.End();
}
