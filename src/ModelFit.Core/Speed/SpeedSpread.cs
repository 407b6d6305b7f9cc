namespace ModelFit.Speed;

/// <summary>
/// How wide a prediction is: the spreads of the devices' classes, each by its part of the time, widened by what makes
/// any prediction less sure.
/// </summary>
internal static class SpeedSpread
{
    /// <summary>A cache that is filled further than this is deep.</summary>
    private const int DeepContext = 2048;

    /// <summary>The spread of decoding.</summary>
    public static Spread OfDecode(SpeedCase question, IReadOnlyList<DecodeTime> times, double seconds)
    {
        var terms = question.Devices[0].Terms;
        var spread = Mean(times.Count, i => times[i].Sum / seconds, i => question.Devices[i].Decode);
        if (question.Step.Sequences > 1) spread = spread.Widened(terms.Sequences);
        if (question.Drafting is not null) spread = spread.Widened(terms.Drafting);
        return Conditions(question, spread, terms.Cards, terms.Host);
    }

    /// <summary>The spread of reading a prompt.</summary>
    public static Spread OfPrefill(SpeedCase question, IReadOnlyList<double> times, double seconds)
    {
        var terms = question.Devices[0].Terms;
        var spread = Mean(times.Count, i => times[i] / seconds, i => question.Devices[i].Prefill);
        return Conditions(question, spread, terms.CardsPrefill, terms.HostPrefill);
    }

    /// <summary>The spreads of the devices, each by its part of the time.</summary>
    private static Spread Mean(int devices, Func<int, double> part, Func<int, Spread> spread)
    {
        double low = 0, high = 0;
        for (var i = 0; i < devices; i++)
        {
            low += part(i) * spread(i).Low;
            high += part(i) * spread(i).High;
        }

        return new Spread(low, high);
    }

    private static Spread Conditions(SpeedCase question, Spread spread, Spread cards, Spread host)
    {
        var terms = question.Devices[0].Terms;
        if (question.Load.UsedContext >= DeepContext) spread = spread.Widened(terms.Depth);
        if (question.Host > 1) spread = spread.Widened(cards);
        if (question.Host > 0 && question.Work[question.Host].AllBytes > 0) spread = spread.Widened(host);
        return spread;
    }
}
