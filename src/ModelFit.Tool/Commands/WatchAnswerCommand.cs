using System.Management.Automation;

namespace ModelFit.Tool.Commands;

/// <summary>
/// Passes objects on and takes note of them. Where a view is asked for, they go on as objects that show in it: every
/// type of the module has a view for its name followed by <c>#Table</c> and by <c>#List</c>.
/// </summary>
[Cmdlet("Watch", "Answer")]
internal sealed class WatchAnswerCommand : PSCmdlet
{
    [Parameter(Mandatory = true)]
    public Answers Answers { get; set; } = new();

    [Parameter]
    public OutputFormat View { get; set; }

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is null) return;
        Answers.Add(InputObject);
        if (View is OutputFormat.Table or OutputFormat.List)
        {
            var name = InputObject.TypeNames.First(typeName => !typeName.Contains('#', StringComparison.Ordinal));
            InputObject.TypeNames.Insert(0, $"{name}#{View}");
        }

        WriteObject(InputObject);
    }
}
