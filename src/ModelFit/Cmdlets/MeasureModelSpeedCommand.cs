using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Fit;

namespace ModelFit.Cmdlets;

/// <summary>Emits the predicted speed by device and term, with an interval.</summary>
[Cmdlet(
    VerbsDiagnostic.Measure, "ModelSpeed", DefaultParameterSetName = GpuSet,
    HelpUri = ProjectAddress.Pages + "Measure-ModelSpeed.md")]
[OutputType(typeof(SpeedEstimate))]
public sealed class MeasureModelSpeedCommand : QuestionCommand
{
    private protected override void Answer(FitQuestion question, object? record)
    {
        if (Attempt(() => FitEngine.MeasureSpeed(question, Messages), record, out var lines))
            WriteObject(lines, enumerateCollection: true);
    }
}
