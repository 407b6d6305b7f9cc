using System.IO;
using System.Management.Automation;
using ModelFit.Tool.Rows;

namespace ModelFit.Tool.Commands;

/// <summary>Writes what comes down the pipeline to a writer, for other programs.</summary>
[Cmdlet(VerbsCommunications.Write, "Row")]
internal sealed class WriteRowCommand : PSCmdlet
{
    private Action<PSObject> write = _ => { };

    [Parameter(Mandatory = true)]
    public TextWriter Writer { get; set; } = TextWriter.Null;

    [Parameter(Mandatory = true)]
    public OutputFormat Format { get; set; }

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    protected override void BeginProcessing() =>
        write = Format == OutputFormat.Csv ? new CsvText(Writer).Write : new JsonText(Writer).Write;

    protected override void ProcessRecord()
    {
        if (InputObject is not null) write(InputObject);
    }
}
