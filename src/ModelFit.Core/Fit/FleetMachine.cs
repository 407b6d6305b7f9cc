using ModelFit.Placement;

namespace ModelFit.Fit;

/// <summary>A machine that many questions are put to; what it offers to alike questions is counted once.</summary>
internal sealed class FleetMachine(MachineSpec spec)
{
    private volatile Offer? _latest;

    public MachineSpec Spec { get; } = spec;

    /// <summary>What it offers to a question, before the runtime takes its share.</summary>
    public MachineBudget Budget(FitQuestion question)
    {
        var terms = BudgetTerms.Of(question);
        if (_latest is { } known && known.Terms == terms) return known.Budget;
        var budget = MachineBudget.For(question);
        _latest = new Offer(terms, budget);
        return budget;
    }

    private sealed record Offer(BudgetTerms Terms, MachineBudget Budget);
}
