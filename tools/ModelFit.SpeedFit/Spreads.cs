using ModelFit.Speed;

namespace ModelFit.SpeedFit;

/// <summary>Between which factors of a prediction four of five measurements lie.</summary>
internal static class Spreads
{
    /// <summary>
    /// What is cut off on each side. More than a tenth, because the engine's cards widen a class beyond its own rows;
    /// with it four of five rows of cards that were left out lie inside.
    /// </summary>
    private const double Tail = 0.12;

    /// <summary>How many cards the rows of the whole engine count beside those of a class.</summary>
    private const double EngineCards = 6;

    /// <summary>Least half width: no class is surer than builds, drivers and clocks let it be.</summary>
    private const double Least = 0.04;

    /// <summary>The same of a condition that rests on few rows.</summary>
    private const double LeastOfFew = 0.25;

    private const int FewRows = 20;

    /// <summary>
    /// Sets the spread of each class from rows that were left out, each card counted alike: once by cards and once by
    /// models, as a question may be about a card or a model that nobody measured; the wider one counts.
    /// </summary>
    public static void OfClasses(
        Constants constants, IReadOnlyList<Missed>[] decodes, IReadOnlyList<Missed>[] prefills)
    {
        var (decode, prefill) = (decodes[0], prefills[0]);
        foreach (var key in decode.Concat(prefill).Select(missed => missed.Row.Class).Distinct())
        {
            // Classes under vLLM have no factors of their own, but are as wide as they are measured.
            if (!constants.Classes.ContainsKey(key))
                constants.Classes[key] = new SpeedClass { Name = key.Class, Engine = key.Engine };
            var row = constants.Classes[key];
            var own = decode.Where(missed => missed.Row.Class == key).ToArray();
            constants.Classes[key] = row with
            {
                Decode = Widest(key, decodes),
                Prefill = Widest(key, prefills),
                Cards = own.Select(missed => missed.Row.Device).Distinct().Count(),
                Rows = own.Length + prefill.Count(missed => missed.Row.Class == key),
            };
        }
    }

    /// <summary>What conditions add to the spread of their rows' own classes, by rows that were left out.</summary>
    public static void OfConditions(
        Constants constants,
        IEnumerable<(Condition Condition, IReadOnlyList<Missed> In, IReadOnlyList<Missed> Out)> all)
    {
        foreach (var group in all.Where(one => one.Condition.Spread is not null).GroupBy(one => one.Condition.Spread!))
        {
            var table = constants.Table();
            var over = group.SelectMany(one => one.Out).Select(one =>
            {
                var prediction = one.Row.Predict(table, constants.OldLayerSeconds)!;
                var figure = one.Row.IsDecode ? prediction.Decode : prediction.Prefill;
                return (one.Miss, Half: Math.Log((one.Miss < 0 ? figure.Low : figure.High) / figure.Expected));
            }).ToArray();
            if (over.Length == 0) continue;
            var least = over.Length < FewRows ? LeastOfFew : Least;
            constants.Values[group.Key + "Low"] = Math.Min(Extra(over, -1), Math.Exp(-least));
            constants.Values[group.Key + "High"] = Math.Max(Extra(over, 1), Math.Exp(least));
        }
    }

    /// <summary>The factor that, joined with the classes' own, holds nine of ten on one side.</summary>
    private static double Extra((double Miss, double Half)[] over, int side)
    {
        var beyond = over.Select(one => Math.Sign(one.Miss) == side
            ? Math.Sqrt(Math.Max(0, (one.Miss * one.Miss) - (one.Half * one.Half)))
            : 0).Select(value => (value, 1.0));
        return Math.Exp(side * Math.Min(0.5, Quantiles.Of(beyond, 1 - Tail)));
    }

    private static Spread Widest((string Class, string Engine) key, IReadOnlyList<Missed>[] all)
    {
        var spreads = all.Where(missed => missed.Any(one => one.Row.Class.Engine == key.Engine))
            .Select(missed => Of(key, missed)).DefaultIfEmpty(Of(key, all[0])).ToArray();
        return new Spread(spreads.Min(spread => spread.Low), spreads.Max(spread => spread.High));
    }

    private static Spread Of((string Class, string Engine) key, IReadOnlyList<Missed> missed)
    {
        var own = Weighed(missed.Where(one => one.Row.Class == key), 1);
        var engine = missed.Where(one => one.Row.Class.Engine == key.Engine).ToArray();
        var cards = engine.Select(one => one.Row.Device).Distinct().Count();
        var all = own.Concat(Weighed(engine, cards > 0 ? EngineCards / cards : 0)).ToArray();
        return new Spread(
            Math.Exp(Math.Min(-Least, Quantiles.Of(all, Tail))),
                Math.Exp(Math.Max(Least, Quantiles.Of(all, 1 - Tail))));
    }

    private static IEnumerable<(double Value, double Weight)> Weighed(IEnumerable<Missed> missed, double cardWeight) =>
        missed.GroupBy(one => one.Row.Device).SelectMany(card =>
        {
            var count = card.Count();
            return card.Select(one => (one.Miss, cardWeight / count));
        });
}
