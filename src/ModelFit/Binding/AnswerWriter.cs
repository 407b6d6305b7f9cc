using System.Management.Automation;

namespace ModelFit.Binding;

/// <summary>
/// Writes answers so that one shows as a list and several as a table. The first is held until a second is certain, at
/// the latest until the next record arrives; but where records are piped in and answers on, each is written at once, so
/// that -PipelineVariable pairs it with its own record.
/// </summary>
internal sealed class AnswerWriter
{
    private readonly ModelFitCommand _cmdlet;
    private object? _held;
    private bool _several;

    public AnswerWriter(ModelFitCommand cmdlet)
    {
        _cmdlet = cmdlet;
        var call = cmdlet.MyInvocation;
        _several = call.ExpectingInput && call.PipelinePosition < call.PipelineLength;
    }

    /// <summary>
    /// Writes an answer as one of several, in the view of its type that has this name: <c>Table</c>, <c>Ranking</c>.
    /// </summary>
    public static void WriteRow(ModelFitCommand cmdlet, object answer, string view = "Table")
    {
        var row = new PSObject(answer);
        row.TypeNames.Insert(0, $"{answer.GetType().FullName}#{view}");
        cmdlet.WriteObject(row);
    }

    /// <summary>Another record or answer has arrived, so that the held answer is not the only one.</summary>
    public void NextRecord()
    {
        if (_held is not { } first) return;
        (_held, _several) = (null, true);
        WriteRow(_cmdlet, first);
    }

    /// <summary>Writes or holds an answer.</summary>
    public void Write(object answer)
    {
        if (!_several && _held is null)
        {
            _held = answer;
            return;
        }

        NextRecord();
        WriteRow(_cmdlet, answer);
    }

    /// <summary>Writes the held answer: it was the only one.</summary>
    public void Finish()
    {
        if (_held is not { } only) return;
        _held = null;
        _cmdlet.WriteObject(only);
    }
}
