using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Fit;

namespace ModelFit.Cmdlets;

/// <summary>Emits what goes where, and the runtime's arguments for it.</summary>
[Cmdlet(
    VerbsCommon.Get, "OffloadPlan", DefaultParameterSetName = GpuSet,
    HelpUri = ProjectAddress.Pages + "Get-OffloadPlan.md")]
[OutputType(typeof(OffloadPlan))]
public sealed class GetOffloadPlanCommand : QuestionCommand
{
    /// <summary>What the planner may give up, in its own order; default is nothing.</summary>
    [Parameter]
    public PlanTrades Allow { get; set; }

    /// <summary>What the planner makes the most of; default is Speed.</summary>
    [Parameter]
    public PlanObjective Objective { get; set; }

    /// <summary>Emit every distinct plan that can run, fastest first.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Say in the reason what binds, and what a little more would change.</summary>
    [Parameter]
    public SwitchParameter Explain { get; set; }

    /// <summary>The shell that the launch line is quoted for; default is that of the machine.</summary>
    [Parameter]
    public CommandShell? Shell { get; set; }

    private protected override void Answer(FitQuestion question, object? record)
    {
        if (!Attempt(() => Plans(question), record, out var plans)) return;
        foreach (var plan in plans) Writer.Write(plan);
    }

    private IReadOnlyList<OffloadPlan> Plans(FitQuestion question)
    {
        var options = new PlanOptions { Allow = Allow, Objective = Objective, Explain = Explain, Shell = Shell };
        return All
            ? FitEngine.PlanAll(question, options, Messages)
            : new[] { FitEngine.Plan(question, options, Messages) };
    }
}
