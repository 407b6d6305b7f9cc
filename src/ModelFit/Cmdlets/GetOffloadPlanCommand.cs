using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Fit;

namespace ModelFit.Commands;

/// <summary>Emits what goes where, and the runtime's arguments for it.</summary>
[Cmdlet(VerbsCommon.Get, "OffloadPlan", DefaultParameterSetName = GpuSet)]
[OutputType(typeof(OffloadPlan))]
public sealed class GetOffloadPlanCommand : QuestionCommand
{
    /// <inheritdoc/>
    private protected override void Answer(FitQuestion question, object? record)
    {
        if (Attempt(() => FitEngine.Plan(question, Messages), record, out var plan)) WriteObject(plan);
    }
}
