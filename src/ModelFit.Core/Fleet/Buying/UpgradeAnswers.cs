using System.Globalization;
using ModelFit.Capacity;
using ModelFit.Fit;

namespace ModelFit.Fleet.Buying;

/// <summary>Makes the lines of an upgrade plan.</summary>
internal static class UpgradeAnswers
{
    /// <summary>The question after a change.</summary>
    public static FitQuestion After(UpgradeDemand demand, UpgradeChange change) => demand.Question with
    {
        Machine = change.Machine, Quantization = change.Quantization ?? demand.Question.Quantization,
    };

    /// <summary>The line of a machine.</summary>
    public static UpgradePlan Of(
        MachineSpec machine, UpgradeDemand demand, UpgradeChange? change, bool isTaken, UpgradeTotal total)
    {
        var question = demand.Question with { Machine = machine };
        var before = FitEngine.Test(question, NullSink.Instance);
        var after = change is null ? null
            : change.Words.Count == 0 ? before
            : FitEngine.Test(After(demand, change), NullSink.Instance);
        var action = change is null ? "None" : change.Words.Count == 0 ? "Passes" : isTaken ? "Change" : "Spare";
        var words = change is { Words.Count: > 0 } ? string.Join("; ", change.Words) : null;
        return new UpgradePlan(question)
        {
            Backend = before.Backend,
            Known = new(() => Knowledge(after ?? before, change)),
            Action = action,
            Change = words,
            Price = change?.Price,
            TotalPrice = total.Price,
            Currency = total.Prices.Currency,
            NewGpu = change?.Machine.Gpu,
            NewSystemMemoryBytes = change?.Machine.SystemMemoryBytes,
            NewQuantization = after?.Quantization,
            Share = demand.Share,
            ReachedShare = total.ReachedShare,
            DecodeTokensPerSecond = after?.DecodeTokensPerSecond,
            JoulesPerToken = after?.JoulesPerToken,
            CostPerMillionTokens =
                after?.JoulesPerToken * 1e6 / CapacityPlans.JoulesPerKilowattHour * total.Prices.PowerPerKwh,
            Reason = action switch
            {
                "Passes" => before.Reason,
                "None" => $"No change with a price makes it pass: {before.Reason}",
                "Spare" => $"The share is reached without it; it would pass for {Money(change!.Price, total)}: " +
                    $"{words}.",
                _ => $"{Sentence(words!)} for {Money(change!.Price, total)}: {after!.Reason}",
            },
        };
    }

    /// <summary>A bought card needs a slot and a power supply, which nobody has looked at.</summary>
    private static (Accuracy Accuracy, string? Assumptions) Knowledge(ModelFitResult answer, UpgradeChange? change)
    {
        var accuracy = Enum.TryParse<Accuracy>(answer.Accuracy, out var known) ? known : Accuracy.Approximate;
        if (change is null || !change.Words.Any(word => word.StartsWith("add ", StringComparison.Ordinal)
            || word.StartsWith("replace ", StringComparison.Ordinal))) return (accuracy, answer.Assumptions);
        const string guess = "guess: the machine has the slot and the power that the card needs";
        return (Accuracy.Approximate, answer.Assumptions is null ? guess : $"{answer.Assumptions}; {guess}");
    }

    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words.Substring(1);

    private static string Money(double price, UpgradeTotal total) =>
        $"{price.ToString("0.##", CultureInfo.InvariantCulture)} {total.Prices.Currency}".TrimEnd();
}
