using System.Management.Automation;
using ModelFit.Binding;

namespace ModelFit.Cmdlets;

/// <summary>Emits the verdict: does the model fit, why, and what would.</summary>
[Cmdlet(
    VerbsDiagnostic.Test, "ModelFit", DefaultParameterSetName = GpuSet,
    HelpUri = ProjectAddress.Pages + "Test-ModelFit.md")]
[OutputType(typeof(ModelFitResult), typeof(bool))]
public sealed class TestModelFitCommand : QuestionCommand
{
    private readonly AnswerMemo _answers = new();

    /// <summary>Emit yes or no, one an answer.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>The least verdict that is a yes; default is Fits.</summary>
    [Parameter]
    public FitAcceptance Accept { get; set; }

    private protected override void Answer(FitQuestion question, object? record)
    {
        if (!Attempt(() => _answers.Get(question, Messages), record, out var result)) return;
        if (!Quiet)
        {
            Writer.Write(result);
            return;
        }

        if (result.Fits is null) WriteFailure(
            new ModelFitException(ErrorIds.MissingColumn, FailureKind.InvalidData, result.Reason!), record);
        WriteObject(Accept.Accepts(result));
    }
}
