using System.Globalization;
using System.Linq;
using ModelFit.Placement;

namespace ModelFit.Fit;

/// <summary>The reason of a plan: the sentence of its decision, what was traded, and on wish what binds.</summary>
internal static class Explanations
{
    private const long GiB = 1L << 30;

    /// <summary>The reason of a plan.</summary>
    public static string Of(Trade trade, PlanOptions options, double? tokensPerSecond)
    {
        var (fit, decision, traded) = trade;
        var reason = Reasons.Of(fit, decision, Figures.Of(fit, decision), tokensPerSecond);
        if (traded is not null) reason += $" Traded: {traded}.";
        return options.Explain ? $"{reason} {Binds(fit, decision)}{OneMoreGib(fit, decision)}" : reason;
    }

    /// <summary>The device with the least room left, and its bytes.</summary>
    private static string Binds(FitCase fit, Decision decision)
    {
        var placed = decision.Placed;
        if (placed.Cards.Count == 0) return $"System memory binds: {Host(fit, placed)}.";
        var tightest = Enumerable.Range(0, placed.Cards.Count).OrderBy(card => Left(placed, card)).First();
        var budget = placed.Cards[tightest];
        return string.Format(
            CultureInfo.InvariantCulture,
            "What binds is card {0} ({1}): {2} of {3} are taken ({4} by compute buffers), {5} are reserved; {6}.",
            budget.Index,
            budget.Card.Name,
            SizeText.Gib(placed.Map.Devices[tightest].TotalBytes + budget.OverheadBytes),
            SizeText.Gib(budget.AvailableBytes),
            SizeText.Gib(placed.Map.Devices[tightest].ComputeBytes),
            SizeText.Gib(budget.ReserveBytes),
            Host(fit, placed));
    }

    private static string Host(FitCase fit, PlacedModel placed) => fit.Machine.HostBytes is { } there
        ? $"{SizeText.Gib(placed.Map.Host.TotalBytes)} of {SizeText.Gib(there)} of system memory are taken"
        : $"{SizeText.Gib(placed.Map.Host.TotalBytes)} of system memory would be taken";

    private static string OneMoreGib(FitCase fit, Decision decision)
    {
        var placed = decision.Placed;
        if (placed.Cards.Count == 0 || decision.Verdict == Verdict.Fits) return string.Empty;
        var more = fit.With(question => question with { ReserveBytes = question.ReserveBytes - GiB });
        var other = Decision.Plan(more);
        if (other.Verdict > decision.Verdict) return " One more GiB on each card would hold all of it.";
        return other.Placed.Layout == placed.Layout
            ? " One more GiB on each card would change nothing."
            : string.Format(
                CultureInfo.InvariantCulture,
                " One more GiB on each card would take {0} more of the weights.",
                SizeText.Gib(other.Placed.GpuWeightBytes - placed.GpuWeightBytes));
    }

    private static long Left(PlacedModel placed, int card) =>
        placed.Cards[card].Limit(keepReserve: true) - placed.Map.Devices[card].TotalBytes;
}
