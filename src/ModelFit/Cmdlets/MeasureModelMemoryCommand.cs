using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Fit;

namespace ModelFit.Cmdlets;

/// <summary>Emits what a model takes on one device, whatever the hardware.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "ModelMemory", HelpUri = ProjectAddress.Pages + "Measure-ModelMemory.md")]
[OutputType(typeof(MemoryFootprint))]
public sealed class MeasureModelMemoryCommand : ModelQuestionCommand
{
    private protected override void Answer(QuestionInput input, bool isRow, object? record)
    {
        var quantizations = FindQuantizations(input);
        if (quantizations.Count == 0) return;
        foreach (var model in FindModels(input, isRow, record))
        {
            foreach (var question in Questions(input, model, quantizations))
            {
                if (Attempt(() => FitEngine.Measure(question, Messages), record, out var footprint))
                    WriteObject(footprint);
            }
        }
    }
}
