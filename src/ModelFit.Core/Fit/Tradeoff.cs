using System.Globalization;
using ModelFit.Questions;

namespace ModelFit.Fit;

/// <summary>
/// A case after what may be given up was given up, in order, until all of the model is in GPU memory; where that cannot
/// be, after what is fastest.
/// </summary>
/// <param name="Fit">The case as it is planned.</param>
/// <param name="Decision">The plan.</param>
/// <param name="Traded">What was traded, as words; null if nothing.</param>
internal sealed record Tradeoff(FitCase Fit, Decision Decision, string? Traded)
{
    /// <summary>The plan of a case under options.</summary>
    public static Tradeoff Decide(FitCase fit, PlanOptions options)
    {
        var start = new Tradeoff(fit, Decision.Plan(fit), null);
        var traded = start.Decision.Verdict is Verdict.Fits or Verdict.Unknown ? start : Best(start, options);
        return options.Objective switch
        {
            PlanObjective.Context => MoreContext(traded),
            PlanObjective.Quality => MoreQuality(traded),
            _ => traded,
        };
    }

    private static Tradeoff Best(Tradeoff start, PlanOptions options)
    {
        var best = start;
        foreach (var (fit, words) in Offers(start.Fit, options))
        {
            if (Decision.Reaches(fit, Verdict.Fits)) return new Tradeoff(fit, Decision.Plan(fit), words);
            if (!Decision.Reaches(fit, Verdict.Offload)) continue;
            var offer = new Tradeoff(fit, Decision.Plan(fit), words);
            if (IsBetter(offer, best)) best = offer;
        }

        return best;
    }

    private static bool IsBetter(Tradeoff offer, Tradeoff best)
    {
        if (best.Decision.Verdict == Verdict.NoFit) return true;
        if (best.Decision.Verdict == Verdict.Tight) return false;
        return Decision.SpeedOf(offer.Fit, offer.Decision.Placed) > Decision.SpeedOf(best.Fit, best.Decision.Placed)
            || Decision.IsFuller(offer.Decision.Placed, best.Decision.Placed);
    }

    /// <summary>What can be offered in place of the case, the least loss first.</summary>
    private static IEnumerable<(FitCase Fit, string Words)> Offers(FitCase fit, PlanOptions options)
    {
        foreach (var offer in Contexts(fit, options, string.Empty)) yield return offer;
        foreach (var offer in Caches(fit, options, string.Empty)) yield return offer;
        if (!options.Allow.HasFlag(PlanTrades.LowerQuantization)) yield break;
        foreach (var name in QuantizationLadder.Of(fit.Question))
        {
            var lower = fit.With(question => question with { Quantization = name });
            if (lower.Definition.WeightBytes >= fit.Definition.WeightBytes) continue;
            var words = $"{name} instead of {fit.Quantization}";
            yield return (lower, words);
            foreach (var offer in Contexts(lower, options, words + " and ")) yield return offer;
            foreach (var offer in Caches(lower, options, words + " and ")) yield return offer;
        }
    }

    private static IEnumerable<(FitCase Fit, string Words)> Caches(FitCase fit, PlanOptions options, string before)
    {
        if (!options.Allow.HasFlag(PlanTrades.KvCacheQuantization)) yield break;
        foreach (var type in fit.Runtime.SmallerCaches
            .Where(type => Bits(type) < Bits(fit.Question.Options.KeyCacheType)))
        {
            var smaller = fit.With(question => question with
            {
                Options = question.Options with { KeyCacheType = type, ValueCacheType = type },
            });
            if (smaller.TryStart() is not null) continue;
            var words = $"{before}a {type} KV cache instead of {fit.Question.Options.KeyCacheType}";
            yield return (smaller, words);
            foreach (var offer in Contexts(smaller, options, words + " and ")) yield return offer;
        }
    }

    /// <summary>The longest context with which all is in GPU memory, else the shortest that is allowed.</summary>
    private static IEnumerable<(FitCase Fit, string Words)> Contexts(FitCase fit, PlanOptions options, string before)
    {
        var asked = fit.Question.Options.ContextLength;
        var least = options.MinimumContextLength;
        if (!options.Allow.HasFlag(PlanTrades.ContextReduction) || asked <= least) yield break;
        var shortest = fit.WithContext(least);
        var tokens = Decision.Reaches(shortest, Verdict.Fits)
            ? FitLimits.LongestContext(fit, Verdict.Fits, asked) ?? least
            : least;
        yield return (fit.WithContext(tokens), string.Format(
            CultureInfo.InvariantCulture, "{0}{1} tokens of context instead of {2}", before, tokens, asked));
    }

    private static Tradeoff MoreContext(Tradeoff trade)
    {
        var verdict = trade.Decision.Verdict;
        if (verdict <= Verdict.NoFit) return trade;
        var asked = trade.Fit.Question.Options.ContextLength;
        var trained = trade.Fit.Question.TrainedContext ?? asked;
        var longest = FitLimits.LongestContext(trade.Fit, verdict, Math.Max(trained, asked));
        if (longest is not { } tokens || tokens <= asked) return trade;
        var fit = trade.Fit.WithContext(tokens);
        return new Tradeoff(fit, Decision.Plan(fit), Join(trade.Traded, string.Format(
            CultureInfo.InvariantCulture, "{0} tokens of context instead of {1}", tokens, asked)));
    }

    private static Tradeoff MoreQuality(Tradeoff trade)
    {
        if (trade.Decision.Verdict <= Verdict.NoFit) return trade;
        var better = QuantizationLadder.Of(trade.Fit.Question)
            .Select(name => trade.Fit.With(question => question with { Quantization = name }))
            .TakeWhile(other => other.Definition.WeightBytes > trade.Fit.Definition.WeightBytes)
            .FirstOrDefault(other => Decision.Reaches(other, trade.Decision.Verdict));
        return better is null
            ? trade
            : new Tradeoff(better, Decision.Plan(better), Join(
                trade.Traded, $"{better.Quantization} instead of {trade.Fit.Quantization}"));
    }

    private static string Join(string? before, string words) => before is null ? words : before + " and " + words;

    private static double Bits(KvCacheType type) => Models.TensorTypes.BitsPerWeight(type.Numbers());
}
