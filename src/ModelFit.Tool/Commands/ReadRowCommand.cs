using System.IO;
using System.Management.Automation;
using ModelFit.Tool.Rows;

namespace ModelFit.Tool.Commands;

/// <summary>The rows of a reader, one object each, as they come.</summary>
[Cmdlet(VerbsCommunications.Read, "Row")]
internal sealed class ReadRowCommand : PSCmdlet
{
    [Parameter(Mandatory = true)]
    public TextReader Reader { get; set; } = TextReader.Null;

    [Parameter(Mandatory = true)]
    public InputFormat Format { get; set; }

    /// <summary>Whether an input without a line is an error: nothing was asked then.</summary>
    [Parameter]
    public SwitchParameter IsNeeded { get; set; }

    protected override void EndProcessing()
    {
        using var rows = Rows().GetEnumerator();
        var any = false;
        while (!Stopping && MoveNext(rows))
        {
            any = true;
            WriteObject(rows.Current, enumerateCollection: false);
        }

        if (any || !IsNeeded || Stopping) return;
        var error = new ArgumentException("Standard input is empty.");
        WriteError(new ErrorRecord(error, "EmptyArgument", ErrorCategory.InvalidArgument, Reader));
    }

    private IEnumerable<object?> Rows() => Format switch
    {
        InputFormat.Csv => new CsvRows(Reader).Read(),
        InputFormat.Json => new JsonRows(Reader).Read(),
        _ => Lines(),
    };

    private IEnumerable<object?> Lines()
    {
        while (Reader.ReadLine() is { } line) yield return line;
    }

    // Rows already read are answered; an error that ended the pipeline would take their ranking with it.
    private bool MoveNext(IEnumerator<object?> rows)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (FormatException e)
        {
            WriteError(new ErrorRecord(e, "InvalidInput", ErrorCategory.InvalidData, Reader));
            return false;
        }
    }
}
