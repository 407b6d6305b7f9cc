using ModelFit.Fit;

namespace ModelFit.Capacity;

/// <summary>How many users, on which hardware: the one entry to the Capacity room.</summary>
public static class CapacityEngine
{
    /// <summary>
    /// The fewest cards that serve a demand, or what the machines that there are serve. Throws
    /// <see cref="ErrorIds.InvalidArgument"/> for a demand that contradicts itself and for settings that the runtime
    /// refuses.
    /// </summary>
    public static CapacityPlan Plan(FitQuestion question, CapacityDemand demand, IMessageSink messages)
    {
        Check(question, demand);
        var asked = WithContext(question, demand);
        var objectives = Objectives.Of(question, demand);
        var sites = MachinePartition.Of(asked.Machine ?? new MachineSpec(), demand.MostCards)
            .Select(partition => Site.Of(partition, asked, demand, objectives, messages));
        return CapacityPlans.Of(Best(sites, demand), demand, objectives, messages);
    }

    /// <summary>
    /// That which keeps what is asked with the fewest cards and machines; where their number is given, the most users.
    /// </summary>
    private static Site Best(IEnumerable<Site> sites, CapacityDemand demand)
    {
        var isGiven = demand.MachineCount is not null || (demand.Users ?? demand.RequestsPerMinute) is null;
        return isGiven
            ? sites.OrderBy(site => site.Outcome)
                .ThenByDescending(site =>
                    site.Partition.PerMachine * (site.MostArrivals > 0 ? site.MostArrivals : site.MostUsers))
                .ThenBy(site => site.State?.FirstTokenSeconds).First()
            : sites.OrderBy(site => site.Outcome)
                .ThenByDescending(site => site.State is null ? site.Partition.Cards : 0).ThenBy(site => site.Cards)
                .ThenBy(site => site.Machines)
                .ThenBy(site => site.State?.FirstTokenSeconds).First();
    }

    /// <summary>A context that nobody said is what prompt and answer take, and what was used before.</summary>
    internal static FitQuestion WithContext(FitQuestion question, CapacityDemand demand)
    {
        var needed = question.Load.UsedContext + question.Load.PromptLength + demand.AnswerLength;
        if (!question.IsContextSupposed && question.Options.ContextLength >= needed) return question;
        if (!question.IsContextSupposed) throw Invalid(
            $"A prompt of {question.Load.PromptLength} and an answer of {demand.AnswerLength} tokens do not fit into "
                + $"{question.Options.ContextLength} tokens of context.", question);
        var rounded = (needed + FitLimits.ContextStep - 1) / FitLimits.ContextStep * FitLimits.ContextStep;
        var trained = question.Model.TrainedContextLength ?? rounded;
        return question with
        {
            IsContextSupposed = false,
            Options = question.Options with { ContextLength = Math.Max(needed, Math.Min(rounded, trained)) },
        };
    }

    private static void Check(FitQuestion question, CapacityDemand demand)
    {
        if (demand.Users is not null && demand.RequestsPerMinute is not null)
            throw Invalid("Specify -Users or -RequestsPerMinute, not both.", question);
        if (demand.Users < 1 || demand.RequestsPerMinute <= 0 || demand.AnswerLength < 1 || demand.MachineCount < 1)
            throw Invalid("Users, requests, answer length and machines must be greater than 0.", question);
        if (demand.MachineCount > Site.MostReplicas) throw Invalid(
            FormattableString.Invariant($"A plan has at most {Site.MostReplicas} machines."), question);
        if (demand.Percentile is not (> 0 and < 100) || demand.MaximumTimeToFirstToken <= 0)
            throw Invalid("The percentile must be between 0 and 100, the time to the first token above 0.", question);
    }

    private static ModelFitException Invalid(string message, FitQuestion question) =>
        new(ErrorIds.InvalidArgument, message, question.Model.Name);
}
