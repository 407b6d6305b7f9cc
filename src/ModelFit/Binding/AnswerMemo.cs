using ModelFit.Fit;

namespace ModelFit.Binding;

/// <summary>
/// Remembers verdicts, so that ten thousand computers of fifty kinds ask fifty questions. The name of a computer is no
/// part of its question.
/// </summary>
internal sealed class AnswerMemo
{
    private const int MaxRemembered = 4096;

    private readonly Dictionary<FitQuestion, ModelFitResult> _known = new();

    /// <summary>The answer, an object of its own for each call.</summary>
    public ModelFitResult Get(FitQuestion question, IMessageSink messages)
    {
        var machine = question.Machine;
        var asked = machine?.ComputerName is null
            ? question
            : question with { Machine = machine with { ComputerName = null } };
        if (!_known.TryGetValue(asked, out var answer))
        {
            if (_known.Count >= MaxRemembered) _known.Clear();
            _known[asked] = answer = FitEngine.Test(asked, messages);
        }

        return answer.For(machine?.ComputerName);
    }
}
